"""What a channel sends next within its allowance: one delivery, or many in one digest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.delivery import health
from service.delivery.claim import Claim, claim, hold_back
from service.delivery.model import Message
from service.delivery.pacing import Pace, allow
from service.ids import stable_id

MOST = 30
"""Deliveries in one digest: more lines than that nobody reads."""


async def claim_within(
    connection: AsyncConnection,
    channel_id: str,
    pace: Pace | None,
    *,
    owner: str,
    now: datetime,
    until: datetime,
) -> tuple[Claim, ...]:
    """Lease what is to go out in the next message; nothing while the allowance is spent.

    While there is room every delivery goes by itself; the last message that may go now stands for
    everything else that is due. Without digests the rest waits, which costs it no attempt.
    """
    if pace is None:
        one = await claim(connection, channel_id, owner=owner, now=now, until=until)
        return () if one is None else (one,)
    spent = await health.spent_until(connection, channel_id)
    allowance = allow(pace, spent_until=spent, now=now)
    if not allowance.granted:
        await hold_back(connection, channel_id, until=allowance.free_at)
        return ()
    most = MOST if allowance.last and pace.digests else 1
    claims: list[Claim] = []
    while len(claims) < most:
        one = await claim(connection, channel_id, owner=owner, now=now, until=until)
        if one is None:
            break
        claims.append(one)
    if claims:
        await health.spend(connection, channel_id, until=allowance.spent_until)
    return tuple(claims)


def digest_of(claims: Sequence[Claim]) -> Message:
    """One message for several deliveries, the gravest first; the same ones give the same id."""
    ordered = sorted(
        claims, key=lambda each: (-(each.event.tier_rank or 0), each.event.message.occurred_at)
    )
    first = ordered[0].event.message
    return Message(
        id=stable_id("dig", *sorted(each.delivery_id for each in claims)),
        type=first.type,
        occurred_at=first.occurred_at,
        data={},
        parts=tuple(each.event.message for each in ordered),
    )
