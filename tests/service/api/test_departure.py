"""Work is given up with its client, and only then."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message

from service.api.departure import ClientGone, unless_gone


class Client:
    """Sends the rest of its body, then stays until `leave`."""

    def __init__(self) -> None:
        self._left = asyncio.Event()
        self._messages: list[Message] = [{"type": "http.request", "body": b""}]

    def leave(self) -> None:
        self._left.set()

    async def receive(self) -> Message:
        if self._messages:
            return self._messages.pop()
        await self._left.wait()
        return {"type": "http.disconnect"}


class Work:
    """Runs until it is let, and knows whether it was cancelled."""

    def __init__(self) -> None:
        self.may_end = asyncio.Event()
        self.cancelled = False

    async def run(self) -> str:
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        return "done"


async def test_short_work_never_looks_at_the_client() -> None:
    async def receive() -> Message:
        raise AssertionError("nobody asked")

    async def work() -> int:
        return 7

    assert await unless_gone(work(), receive) == 7


async def test_long_work_is_given_up_with_its_client() -> None:
    client, work = Client(), Work()
    waiting = asyncio.create_task(unless_gone(work.run(), client.receive))
    client.leave()
    with pytest.raises(ClientGone):
        await waiting
    await asyncio.sleep(0)
    assert work.cancelled


async def test_long_work_is_answered_to_a_client_that_stays() -> None:
    client, work = Client(), Work()
    waiting = asyncio.create_task(unless_gone(work.run(), client.receive))
    await asyncio.sleep(0.1)
    work.may_end.set()
    assert await waiting == "done"
    assert not work.cancelled


async def test_work_is_given_up_when_its_own_caller_is_cancelled() -> None:
    client, work = Client(), Work()
    waiting = asyncio.create_task(unless_gone(work.run(), client.receive))
    await asyncio.sleep(0.1)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.sleep(0)
    assert work.cancelled


async def test_what_work_raises_comes_out() -> None:
    async def work() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await unless_gone(work(), Client().receive)
