"""How bad it is: the tier that the matches ask for, against the tier that there was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from playbooks.errors import UnknownContent
from playbooks.evaluator import Match
from playbooks.expression import Reason
from playbooks.schema import TierTable


class TierChange(StrEnum):
    NOTHING = "nothing"
    OPENED = "opened"
    RAISED = "raised"
    KEPT = "kept"
    LOWERED_SUGGESTED = "lowered_suggested"


@dataclass(frozen=True, slots=True, kw_only=True)
class TierDecision:
    """What becomes of the tier. `rules` and `reasons` are those that ask for it.

    `tier` is None only with NOTHING: no incident and no match. `suggested` is the lower tier of
    LOWERED_SUGGESTED; the tier itself stays until a person takes the suggestion.
    """

    tier: str | None
    change: TierChange
    rules: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    suggested: str | None = None


def rank(table: TierTable, tier: str) -> int:
    """Position of a tier in its table, from 1; raises UnknownContent."""
    if tier not in table.ids:
        raise UnknownContent("tier", tier, known=table.ids)
    return table.ids.index(tier) + 1


def at_least(table: TierTable, tier: str, floor: str) -> bool:
    """Whether a tier is that bad or worse; raises UnknownContent."""
    return rank(table, tier) >= rank(table, floor)


def assess(
    table: TierTable, matches: Sequence[Match], previous: str | None, *, quiet: bool = False
) -> TierDecision:
    """The highest tier that a match asks for, never below the previous one.

    `quiet` says that the segment has been back inside its baseline long enough: only then is a
    lower tier suggested, and only below `downgrade_by_person_from`.
    """
    asked = max((match.tier for match in matches), key=lambda tier: rank(table, tier), default=None)
    rules = tuple(match.rule_id for match in matches if match.tier == asked)
    why = tuple(
        dict.fromkeys(
            reason for match in matches if match.tier == asked for reason in match.reasons
        )
    )
    if previous is None:
        change = TierChange.NOTHING if asked is None else TierChange.OPENED
        return TierDecision(tier=asked, change=change, rules=rules, reasons=why)
    if asked is not None and rank(table, asked) > rank(table, previous):
        return TierDecision(tier=asked, change=TierChange.RAISED, rules=rules, reasons=why)
    lower = asked or table.ids[0]
    by_person = at_least(table, previous, table.downgrade_by_person_from)
    if quiet and not by_person and rank(table, lower) < rank(table, previous):
        change = TierChange.LOWERED_SUGGESTED
        return TierDecision(tier=previous, change=change, rules=rules, reasons=why, suggested=lower)
    return TierDecision(tier=previous, change=TierChange.KEPT, rules=rules, reasons=why)
