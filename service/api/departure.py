"""Work that is given up when the client has gone."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.types import Receive

ResultT = TypeVar("ResultT")

SETTLED_S = 0.05
"""Shorter work is let be: watching every request would cost more than it saves."""


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


async def unless_gone(work: Coroutine[Any, Any, ResultT], receive: Receive) -> ResultT:
    """The result of `work`, which is cancelled when the client closes the connection first.

    Raises ClientGone, and whatever `work` raises. Reads what is left of the request's body.
    """
    task = asyncio.ensure_future(work)
    watch: asyncio.Task[None] | None = None
    try:
        await asyncio.wait((task,), timeout=SETTLED_S)
        if not task.done():
            watch = asyncio.create_task(_gone(receive))
            await asyncio.wait((task, watch), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientGone
        return task.result()
    finally:
        for other in (task, watch):
            if other is not None and not other.done():
                other.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
