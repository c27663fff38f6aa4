"""Whether a bad post is about us or about somebody else.

To be asked at ingest (service/ingest/pipeline.py, where a StoredPost is built, after the analysis
and the match against the monitors), for a monitor of a brand, with the names and aliases of every
brand from the state store: `ours` those of the monitor's own brand, `others` the rest. A post whose
verdict is OTHERS should not count against us.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from nlp.targeted.entity import Entity
from nlp.targeted.targets import targets
from nlp.targeted.weights import Weights


class Verdict(StrEnum):
    """Whom the bad news of a post, if there is any, is about."""

    OURS = "ours"
    OTHERS = "others"
    BOTH = "both"
    # Brands are named, and none of them is blamed.
    NEITHER = "neither"
    # No brand is named: the post says nothing of whom it means.
    UNNAMED = "unnamed"


@dataclass(frozen=True, slots=True)
class Aboutness:
    """`ours` and `others` are the highest probability of a named brand on each side.

    Both given that the post is bad news; None where nobody of that side is named.
    """

    verdict: Verdict
    ours: float | None
    others: float | None


def about(
    text: str,
    *,
    ours: Sequence[Entity | str],
    others: Sequence[Entity | str],
    weights: Weights | None = None,
) -> Aboutness:
    """Whom a post's bad news is about; an entity's aliases are one brand, a string is a name.

    Where a brand of ours shares a name with another, the name is ours. Raises BadTargetedWeights.
    """
    found = targets(text, (*ours, *others), weights=weights)
    mine = [one for one in found[: len(ours)] if one.spans]
    theirs = [one for one in found[len(ours) :] if one.spans]
    blamed = any(one.blamed for one in mine), any(one.blamed for one in theirs)
    verdict = {
        (True, True): Verdict.BOTH,
        (True, False): Verdict.OURS,
        (False, True): Verdict.OTHERS,
        (False, False): Verdict.NEITHER if mine or theirs else Verdict.UNNAMED,
    }[blamed]
    return Aboutness(
        verdict,
        ours=max((one.probability for one in mine), default=None),
        others=max((one.probability for one in theirs), default=None),
    )
