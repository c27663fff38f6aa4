"""Which monitors a post's bad news is not about: a complaint about a rival is not held against us.

Pure. A post is judged where it is bad news, its monitor belongs to a brand, and another brand is
named; the words decide first, then what the post shares.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from nlp.targeted import Verdict, about
from service.monitors import Sides

_READ = 20_000
"""Characters in which blame is looked for: bounds what a hostile text costs."""


class Blame(StrEnum):
    """Whom one wording blames, as seen from one brand."""

    # This brand, nobody in particular, or both: it counts.
    OURS = "ours"
    OTHERS = "others"
    # No bad news, or nothing about this brand: what the post shares decides.
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a post says: title and text, their normal form, and what analysis made of them."""

    text: str
    normal: str
    sentiment: str | None
    severity: int

    @property
    def is_bad_news(self) -> bool:
        return self.sentiment == "negative" or self.severity > 0


def blame_of(wording: Wording, sides: Sides) -> Blame:
    """Whom the wording blames. Raises BadTargetedWeights."""
    if not wording.is_bad_news:
        return Blame.UNSAID
    # Nearly every post names no rival; looking for the names is a hundredth of judging.
    if _names_any(wording, sides.other_names):
        aboutness = about(wording.text[:_READ], ours=sides.ours, others=sides.others)
        if aboutness.verdict is Verdict.OTHERS:
            return Blame.OTHERS
    return Blame.OURS if _names_any(wording, sides.our_names) else Blame.UNSAID


def spared(
    wording: Wording, *, sides: Mapping[str, Sides | None], inherited: Collection[str] = ()
) -> tuple[str, ...]:
    """The monitors that the post spares, in the order of `sides`.

    `sides` holds every monitor of the post, None where there is nobody else to blame; `inherited`
    the monitors that the shared post spares.
    """
    blames: dict[str, Blame] = {}
    found = []
    for monitor, its_sides in sides.items():
        blame = Blame.UNSAID
        if its_sides is not None:
            if its_sides.brand_id not in blames:
                blames[its_sides.brand_id] = blame_of(wording, its_sides)
            blame = blames[its_sides.brand_id]
        if blame is Blame.OTHERS or (blame is Blame.UNSAID and monitor in inherited):
            found.append(monitor)
    return tuple(found)


def is_spared(lineage: Iterable[Wording], sides: Sides) -> bool:
    """The same for one monitor and a post with what it shares, nearest first."""
    said = (blame_of(wording, sides) for wording in lineage)
    return next((blame for blame in said if blame is not Blame.UNSAID), None) is Blame.OTHERS


def _names_any(wording: Wording, names: Collection[str]) -> bool:
    return any(name in wording.normal for name in names)
