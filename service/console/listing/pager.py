"""The line under a list that says what is shown of it, and turns its pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from nicegui import ui

from service.console.i18n import Words
from service.console.listing.query import ListQuery
from service.console.theme import button, plain


class Pager:
    """Turns by `ask`, and remembers the way back where the list itself has none.

    A list of a known length is turned by offset; any other by the cursor that each page hands on,
    whose earlier pages are those that one came by.
    """

    def __init__(
        self, words: Words, *, name: str, ask: Callable[[ListQuery], Awaitable[None]]
    ) -> None:
        self._words = words
        self._name = name
        self._ask = ask
        self._trail: list[ListQuery] = []

    def begin_anew(self) -> None:
        """Forget the way: the list is another one now."""
        self._trail.clear()

    def draw(
        self, query: ListQuery, *, count: int, total: int | None, following: str | None
    ) -> None:
        """Nothing where all of it is shown; `count` rows are."""
        words = self._words
        paged = total is not None and total > query.limit
        if not (paged or following or query.cursor or query.offset):
            return
        back = self._trail[-1] if self._trail else None
        if total is None:
            onward = None if following is None else replace(query, cursor=following)
            said = words("listing.shown", count=count)
        else:
            first, last = query.offset + 1, query.offset + count
            said = words("listing.count", first=min(first, last), last=last, total=total)
            after = replace(query, offset=query.offset + query.limit)
            onward = after if after.offset < total else None
            if query.offset:
                back = replace(query, offset=max(0, query.offset - query.limit))
        with ui.element("div").classes("line pager"):
            plain(said, classes="soft")
            if back is None and (query.cursor or query.offset):
                front = partial(self._back, query.first_page())
                button(words("listing.first"), front, "act-small")
            earlier = partial(self._back, back or query)
            self._turner("earlier", words("listing.earlier"), earlier, there=back is not None)
            later = partial(self._onward, query, onward or query)
            self._turner("later", words("listing.later"), later, there=onward is not None)

    def _turner(
        self, name: str, label: str, turn: Callable[[], Awaitable[None]], *, there: bool
    ) -> None:
        pressed = button(label, turn, "act-small", key=f"{self._name}-{name}")
        if not there:
            pressed.props("disabled")

    async def _back(self, to: ListQuery) -> None:
        if self._trail:
            self._trail.pop()
        await self._ask(to)

    async def _onward(self, shown: ListQuery, to: ListQuery) -> None:
        self._trail.append(shown)
        await self._ask(to)
