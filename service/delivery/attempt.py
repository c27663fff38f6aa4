"""One attempt to send that always ends, and ends with a result whatever the sender does."""

from __future__ import annotations

import asyncio
import traceback
from datetime import timedelta

import structlog

from service.clock import Clock
from service.delivery.model import ChannelTarget, Message, Sender, SendOutcome, SendResult

SEND_LIMIT = timedelta(seconds=25)
"""Ends a send whose sender has no limit of its own; well within the lease."""

log = structlog.get_logger(__name__)


async def attempt(
    sender: Sender,
    channel: ChannelTarget,
    message: Message,
    *,
    clock: Clock,
    limit: timedelta = SEND_LIMIT,
) -> SendResult:
    """Send within `limit`; a sender that breaks or hangs has failed for now."""
    started = clock.monotonic()
    try:
        async with asyncio.timeout(limit.total_seconds()):
            return await sender.send(channel, message, at=clock.now())
    except TimeoutError:
        reason = f"no end after {limit.total_seconds():.0f} s"
    except Exception as error:
        # The message of an unknown error may hold the address, which is a secret.
        place = traceback.extract_tb(error.__traceback__)[-1]
        reason = f"the sender broke: {type(error).__name__} at {place.name}:{place.lineno}"
        log.error("delivery.sender_broke", channel=channel.id, kind=channel.kind, reason=reason)
    return SendResult(
        outcome=SendOutcome.RETRY,
        reason=reason,
        duration_ms=(clock.monotonic() - started) * 1000,
    )
