"""An item made ready before anybody looks at it: what is marked in it, what stands around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.pii import masked
from service.auth import Principal
from service.bootstrap import Container
from service.moderation.review import Line, ReviewItem, Surroundings
from service.moderation.review.model import HumanVerdict

_COMPONENTS = ("lexicon", "patterns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What was found at a place: half open, in code points of the text as it was sent."""

    start: int
    end: int
    label: str
    term: str
    evasion: str = ""
    spared: str = ""
    """Why it does not count, where it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """`text` is masked; places in it are those of the text as it was sent. `escalated` is why the
    line below left it to this one, `appealed` the verdict that its author objects to."""

    item: ReviewItem
    text: str
    marks: tuple[Mark, ...]
    around: Surroundings
    escalated: str = ""
    appealed: HumanVerdict | None = None

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Places to mark: only of what counts."""
        return tuple((mark.start, mark.end) for mark in self.marks if not mark.spared)

    def renewed(self, item: ReviewItem) -> Prepared:
        """The same of an item whose claim was renewed."""
        return replace(self, item=item)


async def prepare(
    container: Container, principal: Principal, items: Sequence[ReviewItem]
) -> list[Prepared]:
    """The items with all that a reviewer sees of them, in their order. Raises Forbidden.

    They are marked by the lexicon of now, which may know more than the one that judged.
    """
    texts = [item.text for item in items]
    found = await container.reader.analyze_words(texts, components=_COMPONENTS) if texts else []
    prepared = []
    for item, analysis in zip(items, found, strict=True):
        marks = [
            Mark(
                start=hit.start,
                end=hit.end,
                label=hit.category,
                term=hit.term,
                evasion=hit.evasion or "",
                spared=hit.suppressed_by or "",
            )
            for hit in analysis.hits
        ] + [
            Mark(
                start=hit.start,
                end=hit.end,
                label=hit.pattern,
                term=hit.surface,
                spared=hit.suppressed_by or "",
            )
            for hit in analysis.patterns
        ]
        escalated, appealed = await _before(container, principal, item)
        prepared.append(
            Prepared(
                item=item,
                text=masked(item.text),
                marks=tuple(sorted(marks, key=lambda mark: (mark.start, mark.end))),
                around=await container.review.around.of(principal, item),
                escalated=escalated,
                appealed=appealed,
            )
        )
    return prepared


async def _before(
    container: Container, principal: Principal, item: ReviewItem
) -> tuple[str, HumanVerdict | None]:
    """Why it came up to this line. On the second line nothing was before."""
    if item.line is Line.SECOND:
        return "", None
    file = await container.review.desk.file(principal, item.id)
    reasons = [
        str(event.data.get("reason", "")) for event in file.history if event.kind == "escalated"
    ]
    verdict = file.verdicts[-1] if item.appealed_at is not None and file.verdicts else None
    return (reasons[-1] if reasons else ""), verdict
