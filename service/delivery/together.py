"""What a channel sends next within its allowance: one delivery, or many in one digest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.delivery import allowances
from service.delivery.claim import Claim, First, claim, hold_back
from service.delivery.model import Message
from service.delivery.pacing import Limit
from service.ids import stable_id


async def claim_within(
    connection: AsyncConnection,
    channel_id: str,
    limits: Sequence[Limit],
    *,
    owner: str,
    now: datetime,
    until: datetime,
) -> tuple[Claim, ...]:
    """Lease what is to go out in the next message; nothing while an allowance is spent.

    While there is room every delivery goes by itself; the last message that may go now stands for
    what else is due, as much as the receiver shows. The gravest go first. What asks for a person is
    never one of many: it mentions them, and has their link. Without digests the rest waits, which
    costs it no attempt.
    """
    if not limits:
        one = await claim(connection, channel_id, owner=owner, now=now, until=until)
        return () if one is None else (one,)
    spending = await allowances.look(connection, limits, now=now)
    if not spending.granted:
        await hold_back(connection, channel_id, until=spending.free_at)
        return ()
    digests = all(limit.pace.digests for limit in limits)
    first = First.GRAVEST if digests else First.STORY
    most = min(limit.pace.most for limit in limits) if spending.last and digests else 1
    claims: list[Claim] = []
    while len(claims) < most:
        one = await claim(connection, channel_id, owner=owner, now=now, until=until, first=first)
        if one is None:
            break
        claims.append(one)
        if one.personal:
            break  # these come first, so it is alone
    if claims:
        await allowances.spend(connection, spending.spent_until)
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
