"""A sender that keeps what it is given: for replay, drills and tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.delivery.model import ChannelTarget, Message, SendOutcome, SendResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One message as one channel would have had it."""

    channel_id: str
    channel_kind: str
    message: Message
    at: datetime


class RecordingSender:
    """Every attempt succeeds; `sent` holds them in the order in which they were made."""

    def __init__(self) -> None:
        self.sent: list[Recorded] = []

    async def send(self, channel: ChannelTarget, message: Message, *, at: datetime) -> SendResult:
        self.sent.append(
            Recorded(channel_id=channel.id, channel_kind=channel.kind, message=message, at=at)
        )
        return SendResult(outcome=SendOutcome.SENT, answer="recorded")
