"""Who hears of a complaint, through the outbox, in the transaction that makes it so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.complaints.lifecycle import Clock
from service.complaints.model import Complaint
from service.complaints.rule import ComplaintRuleDraft
from service.delivery import outbox
from service.events import EventType
from service.incidents import format_instant
from service.oncall.books import load_roster
from service.oncall.model import Target, TargetKind
from service.oncall.roster import Call, calls_for

_ONE_CHANNEL = 1
_LOWEST = 1
"""The rank of the lowest tier: channels for graver things are left in peace."""


async def tell(
    connection: AsyncConnection,
    complaint: Complaint,
    event: EventType,
    *,
    rule: ComplaintRuleDraft,
    parts: Sequence[str],
    now: datetime,
    clock: Clock | None = None,
    deputies: bool = False,
    owners: bool = True,
) -> None:
    """Tell whoever has it, and those whom its rule names; everybody where that is nobody.

    `owners` False asks the owner of the rule only where nobody has the complaint. The same `parts`
    are told once.
    """
    roster = await load_roster(connection, drill=complaint.drill)
    targets = _targets(complaint, rule, deputies=deputies, owners=owners)
    found = calls_for(roster, targets, at=now, reach=_ONE_CHANNEL, ignores_quiet=True)
    if found.nobody and not owners:
        # Whoever has it cannot be reached: then it is for those whose rule it is.
        found = calls_for(roster, [rule.owner], at=now, reach=_ONE_CHANNEL, ignores_quiet=True)
    calls: list[Call | None] = list(found.calls)
    for call in calls or [None]:
        await _send(connection, complaint, event, call, clock, parts, now=now)


async def tell_assignee(
    connection: AsyncConnection, complaint: Complaint, *, now: datetime
) -> None:
    """Tell whoever has been given it; nobody else, also where they have no channel."""
    roster = await load_roster(connection, drill=complaint.drill)
    target = Target(kind=TargetKind.ACCOUNT, id=complaint.assignee or "")
    found = calls_for(roster, [target], at=now, reach=_ONE_CHANNEL, ignores_quiet=False)
    for call in found.calls:
        event = EventType.COMPLAINT_ASSIGNED
        parts = [str(complaint.version)]
        await _send(connection, complaint, event, call, complaint.clock, parts, now=now)


async def announce(
    connection: AsyncConnection, complaint: Complaint, event: EventType, *, now: datetime
) -> None:
    """Tell the channels that have asked for such news by name."""
    await outbox.enqueue(
        connection,
        type=event,
        occurred_at=now,
        incident_id=None,
        tier_rank=_LOWEST,
        drill=complaint.drill,
        data={"complaint": told(complaint, None)},
        parts=[complaint.id, str(complaint.version)],
    )


def told(complaint: Complaint, clock: Clock | None) -> dict[str, Any]:
    """What leaves the house: nothing that was posted, and nobody's name."""
    return {
        "id": complaint.id,
        "name": f"{complaint.cause} {complaint.id}",
        "state": complaint.state.value,
        "clock": None if clock is None else clock.value,
        "due_at": None if complaint.resting else format_instant(complaint.due_at),
        "monitor": complaint.monitor_id,
        "scenario": complaint.scenario,
        "cause": complaint.cause,
        "source": complaint.source,
        "assignee": complaint.assignee,
        "incident": complaint.incident_id,
        "opened_at": format_instant(complaint.opened_at),
        "posts": complaint.posts,
        "reopened": complaint.reopened,
        "breaches": complaint.breaches,
    }


async def _send(
    connection: AsyncConnection,
    complaint: Complaint,
    event: EventType,
    call: Call | None,
    clock: Clock | None,
    parts: Sequence[str],
    *,
    now: datetime,
) -> None:
    whom = "everybody" if call is None else call.person or call.channels[0]
    await outbox.enqueue(
        connection,
        type=event,
        occurred_at=now,
        incident_id=None,
        tier_rank=_LOWEST,
        drill=complaint.drill,
        data={"complaint": told(complaint, clock)},
        parts=[complaint.id, *parts, whom],
        only_channels=None if call is None else call.channels,
        person=None if call is None else call.user,
    )


def _targets(
    complaint: Complaint, rule: ComplaintRuleDraft, *, deputies: bool, owners: bool
) -> list[Target]:
    targets = []
    if complaint.assignee is not None:
        targets.append(Target(kind=TargetKind.ACCOUNT, id=complaint.assignee))
    if owners or not targets:
        targets.append(rule.owner)
    if deputies and rule.deputy is not None:
        targets.append(rule.deputy)
    return targets
