"""The message that tries a channel out."""

from __future__ import annotations

from datetime import datetime

from service.delivery.model import Message
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
