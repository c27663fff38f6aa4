"""The rows that are ticked, and the bar that says how many they are and does things to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments

from service.auth import Principal
from service.console.deeds import attempt, praise
from service.console.dialogs import Question, Reply, ask
from service.console.session import Visit
from service.console.theme import button, plain, put

_MOST = 500


@dataclass(frozen=True, slots=True)
class Bulk:
    """Something done to every selected row: `act(principal, ids)`, after `ask` where it asks.

    With `ask` the deed may be told what was answered: set `answered` in place of `act`.
    """

    name: str
    label: str
    act: Callable[[Principal, tuple[str, ...]], Awaitable[object]] | None = None
    ask: Question | None = None
    answered: Callable[[Principal, tuple[str, ...], Reply], Awaitable[object]] | None = None
    grave: bool = False


class Selection:
    """What is ticked of one list, by key; without `bulk` nothing can be. `then` is after a deed."""

    def __init__(
        self, visit: Visit, bulk: Sequence[Bulk], *, name: str, then: Callable[[], Awaitable[None]]
    ) -> None:
        self._visit = visit
        self._bulk = tuple(bulk)
        self._name = name
        self._then = then
        self._keys: tuple[str, ...] = ()
        self._bar: ui.element | None = None
        self._count: TextElement | None = None

    @property
    def offered(self) -> bool:
        """Whether rows can be ticked at all."""
        return bool(self._bulk)

    def keep(self, shown: Collection[str]) -> None:
        """Forget what is not shown any more."""
        self._keys = tuple(key for key in self._keys if key in shown)
        self._tell()

    def undraw(self) -> None:
        """The list was taken off the page, and the bar with it."""
        self._bar = self._count = None

    def draw_bar(self) -> None:
        """The count and the deeds; unseen while nothing is ticked."""
        if not self._bulk:
            return
        self._bar = put(ui.element("div"), role="status").classes("chosen")
        with self._bar:
            self._count = plain("", classes="strong")
            for deed in self._bulk:
                look = "act-small act-grave" if deed.grave else "act-small"
                button(deed.label, partial(self._do, deed), look, key=f"{self._name}-{deed.name}")
        self._tell()

    def draw_all(self, shown: Sequence[str], redraw: Callable[[], object]) -> None:
        """The cell of the head that ticks every row or none."""

        def turn() -> None:
            self._keys = () if len(self._keys) == len(shown) else tuple(shown)
            redraw()

        with put(ui.element("th"), scope="col").classes("pick"):
            label = self._visit.words("listing.select_all")
            box = put(ui.element("input"), type="checkbox", aria_label=label)
            put(box, data_key=f"{self._name}-all").on("click", turn)
            if len(self._keys) == len(shown):
                box.props["checked"] = True

    def draw_tick(self, key: str) -> None:
        """The cell of a row."""
        with ui.element("td").classes("pick"):
            label = self._visit.words("listing.select", name=key)
            box = put(ui.element("input"), type="checkbox", aria_label=label, data_select="")
            if key in self._keys:
                box.props["checked"] = True
            box.on("change", partial(self._tick, key), js_handler="(e) => emit(e.target.checked)")

    def _tick(self, key: str, event: GenericEventArguments) -> None:
        others = tuple(other for other in self._keys if other != key)
        self._keys = (*others, key)[-_MOST:] if event.args is True else others
        self._tell()

    def _tell(self) -> None:
        if self._bar is None or self._count is None:
            return
        self._count.text = self._visit.words("listing.selected", count=len(self._keys))
        self._bar.set_visibility(bool(self._keys))

    async def _do(self, deed: Bulk) -> None:
        ids, visit = self._keys, self._visit
        if not ids:
            return
        reply = Reply(choice=None, reason="")
        if deed.ask is not None:
            answered = await ask(visit.client, visit.words, deed.ask)
            if answered is None:
                return
            reply = answered

        async def done(principal: Principal) -> None:
            if deed.answered is not None:
                await deed.answered(principal, ids, reply)
            elif deed.act is not None:
                await deed.act(principal, ids)

        if await attempt(visit, done):
            self._keys = ()
            praise(visit, visit.words("listing.done", count=len(ids)))
        await self._then()
