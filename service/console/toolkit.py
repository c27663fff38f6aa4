"""What the toolkit is made to do otherwise (docs/decisions/0011-console.md)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any
from weakref import WeakKeyDictionary

from nicegui import helpers, ui

_ask = helpers.expects_arguments
_known: WeakKeyDictionary[FunctionType, bool] = WeakKeyDictionary()


def remember_signatures() -> None:
    """Let the toolkit ask once a method, not once an element, whether it takes arguments.

    Nearly half of the time in which a page was built went into `inspect.signature` of the same
    three methods.
    """
    helpers.expects_arguments = expects_arguments


def expects_arguments(func: Callable[..., object]) -> bool:
    """Whether it must be given arguments: the toolkit's answer, remembered for methods."""
    plain = func.__func__ if isinstance(func, MethodType) else None
    if not isinstance(plain, FunctionType):
        return _ask(func)
    known = _known.get(plain)
    if known is None:
        known = _known[plain] = _ask(func)
    return known


class Timer(ui.timer):
    """A timer that begins when the page is drawn and its browser is there.

    The toolkit's own waits for the browser at once, and with the first that does the page is
    answered as far as it is drawn.
    """

    def __init__(
        self,
        drawn: asyncio.Event,
        interval: float,
        callback: Callable[..., Any],
        *,
        once: bool = False,
        immediate: bool = True,
    ) -> None:
        self._drawn = drawn
        super().__init__(interval, callback, once=once, immediate=immediate)

    async def _can_start(self) -> bool:
        await self._drawn.wait()
        return await super()._can_start()
