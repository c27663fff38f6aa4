"""A test message to a channel, by somebody who may; what came back, and the trail of it."""

from __future__ import annotations

import secrets

from service.audit import record
from service.auth import Action, Principal, Resource
from service.db import Database
from service.delivery.channels import Trials
from service.delivery.model import Message, SendResult
from service.monitors.channels import Channels


async def try_channel(
    principal: Principal, channel_id: str, *, channels: Channels, trials: Trials, database: Database
) -> tuple[Message, SendResult]:
    """Send a test message now and answer what came back; audited.

    Raises Forbidden, NotFound.
    """
    principal.require(Action.RUN, Resource.CHANNEL)
    await channels.get(channel_id)
    target = next(item for item in await channels.targets() if item.id == channel_id)
    message, result = await trials.run(target, by=principal.name, nonce=secrets.token_hex(8))
    async with database.write() as connection:
        await record(
            connection,
            at=message.occurred_at,
            actor=principal.id,
            action="channel.tested",
            subject_type="channel",
            subject_id=channel_id,
            data={"outcome": result.outcome.value, "status": result.status},
        )
    return message, result
