"""Work beside the event loop."""

from __future__ import annotations

import threading

import pytest

from service.bootstrap.threads import in_thread


async def test_it_answers_from_another_thread() -> None:
    async def work() -> int:
        return threading.get_ident()

    assert await in_thread(work, name="test") != threading.get_ident()


async def test_it_raises_as_the_work_does() -> None:
    async def work() -> int:
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        await in_thread(work, name="test")
