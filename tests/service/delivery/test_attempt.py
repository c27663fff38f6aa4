"""An attempt ends, and with a result."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from service.clock import SystemClock
from service.delivery import ChannelTarget, Message, SendOutcome, SendResult
from service.delivery.attempt import attempt
from tests.service.delivery.channels.pages import message
from tests.service.delivery.scene import SENT, ScriptedSender, channel


class Hanging:
    async def send(self, channel: ChannelTarget, message: Message, *, at: datetime) -> SendResult:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")


async def test_what_the_sender_says_is_the_result() -> None:
    assert await attempt(ScriptedSender(), channel(), message(), clock=SystemClock()) == SENT


@pytest.mark.parametrize(
    "error", [TypeError("unhashable"), UnicodeError("https://geheim.example"), KeyError("x")]
)
async def test_a_sender_that_breaks_has_failed_and_tells_no_address(error: Exception) -> None:
    sender = ScriptedSender()
    sender.script["a"] = [error]
    result = await attempt(sender, channel(), message(), clock=SystemClock())
    assert result.outcome is SendOutcome.RETRY
    assert type(error).__name__ in result.reason
    assert "geheim" not in result.reason


async def test_a_sender_that_hangs_is_given_up() -> None:
    limit = timedelta(seconds=0.05)
    result = await attempt(Hanging(), channel(), message(), clock=SystemClock(), limit=limit)
    assert (result.outcome, result.reason) == (SendOutcome.RETRY, "no end after 0 s")
