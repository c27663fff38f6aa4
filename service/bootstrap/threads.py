"""Work of a whole core beside the event loop, on a loop of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import TypeVar

ResultT = TypeVar("ResultT")


async def in_thread(work: Callable[[], Awaitable[ResultT]], *, name: str) -> ResultT:
    """Await `work` in a new thread, which dies with the process; answers and raises as it does.

    It must use nothing that belongs to the loop of the caller, such as a database.
    """
    done: Future[ResultT] = Future()

    async def finish() -> None:
        try:
            done.set_result(await work())
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=lambda: asyncio.run(finish()), name=name, daemon=True).start()
    return await asyncio.wrap_future(done)
