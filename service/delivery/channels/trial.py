"""Trying a channel out: a message that is none, sent as every other is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from service.clock import Clock
from service.db import Database
from service.delivery import allowances
from service.delivery.attempt import attempt
from service.delivery.model import ChannelTarget, Message, Sender, SendOutcome, SendResult
from service.delivery.pacing import Limit
from service.events import EventType
from service.ids import stable_id

_NOTE = {"zh": "烽燧测试消息，无需处理。", "en": "A test message of Fengsui; nothing to do."}


def trial_message(channel_id: str, *, by: str, nonce: str, at: datetime) -> Message:
    """A heartbeat marked as a test, so that no receiver takes it for an incident.

    `nonce` makes two tests of the same instant differ.
    """
    return Message(
        id=stable_id("msg", "channel.test", channel_id, at, nonce),
        type=EventType.SERVICE_HEARTBEAT,
        occurred_at=at,
        data={"test": True, "channel": channel_id, "by": by, "note": _NOTE},
    )


class Trials:
    """Sends test messages, within the channel's allowance and behind the deliverer's own guard."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        senders: Mapping[str, Sender],
        limits_of: Callable[[ChannelTarget], Sequence[Limit]],
    ) -> None:
        """`senders` by channel kind."""
        self._database = database
        self._clock = clock
        self._senders = senders
        self._limits_of = limits_of

    async def run(
        self, channel: ChannelTarget, *, by: str, nonce: str
    ) -> tuple[Message, SendResult]:
        """Send one now and answer what came back; nothing while the allowance is spent: a robot
        that is told too much is muted for all.
        """
        now = self._clock.now()
        message = trial_message(channel.id, by=by, nonce=nonce, at=now)
        async with self._database.write() as connection:
            spending = await allowances.look(connection, self._limits_of(channel), now=now)
            if spending.granted:
                await allowances.spend(connection, spending.spent_until)
        if not spending.granted:
            wait = max(1, round((spending.free_at - now).total_seconds()))
            reason = f"nothing was sent: the channel's allowance is spent; try again in {wait} s"
            return message, SendResult(outcome=SendOutcome.RETRY, reason=reason)
        sender = self._senders[channel.kind]
        return message, await attempt(sender, channel, message, clock=self._clock)
