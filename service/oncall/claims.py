"""Who may answer for a seat in the emergency team: pure, over what is configured."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from service.oncall.model import Target, TargetKind
from service.oncall.roster import Roster, person_of


class Claim(StrEnum):
    """By what right somebody answers for a seat; the timeline has it."""

    NAMED = "named"
    """They stand for the role, or are called for it."""
    LEAD = "lead"
    """For whoever does."""
    OPEN = "open"
    """Nobody's account is known: the first who comes, for one role alone."""


def claim(
    roster: Roster,
    role: str,
    user: str,
    *,
    called: Iterable[Target],
    instants: Sequence[datetime],
    leads: bool,
    seats: Collection[str],
) -> Claim | None:
    """The right of an account (its id) to answer for a role's seat; None when it has none.

    `called` are further targets of the role's chain, `instants` when it was asked and now, as
    somebody else may be on duty by then, `seats` the roles that the account has seats of.
    """
    duty = roster.duties.get(role)
    own = [] if duty is None else [each for each in (duty.holder, duty.deputy) if each is not None]
    accounts: set[str] = set()
    unknown = not own
    for target in own:
        found = _accounts(roster, target, instants)
        unknown = unknown or not found
        accounts |= found
    for target in called:
        accounts |= _accounts(roster, target, instants)
    if user in accounts:
        return Claim.NAMED
    if leads:
        return Claim.LEAD
    return Claim.OPEN if unknown and not seats else None


def _accounts(roster: Roster, target: Target, instants: Sequence[datetime]) -> set[str]:
    if target.kind in (TargetKind.CHANNEL, TargetKind.EVERYBODY):
        return set()
    people = {person_of(roster, target, at) for at in instants}
    names = {roster.contacts[each].user for each in people if each in roster.contacts}
    return {roster.accounts[name] for name in names if name is not None and name in roster.accounts}
