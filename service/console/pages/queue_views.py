"""The bar of views over the queue: those that everybody has, and those that somebody has saved."""

from __future__ import annotations

from functools import partial
from urllib.parse import parse_qsl

from nicegui import ui

from service.auth import Principal
from service.console.deeds import attempt, praise
from service.console.dialogs import Question, ask, undo
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain, put
from service.console.views import LONGEST, View, Views

SHIPPED = {"all": "", "new": "state=new", "mine": "holder=me", "free": "holder=nobody"}
"""Views that everybody has, with their questions."""


class ViewBar:
    """The bar of one open queue; `query` is what it shows at the moment."""

    def __init__(self, visit: Visit, views: Views, saved: tuple[View, ...], query: str) -> None:
        self._visit = visit
        self._views = views
        self._saved = saved
        self._query = query

    def show(self, query: str) -> None:
        """The queue shows something else now."""
        if _meant(query) != _meant(self._query):
            self._query = query
            self.draw.refresh()

    @ui.refreshable_method
    def draw(self) -> None:
        """Draw the bar, the view that is shown marked."""
        words = self._visit.words
        with put(ui.element("nav"), aria_label=words("views.title")).classes("views"):
            for name, query in SHIPPED.items():
                self._link(words.choice("queue.view", name), query)
            for view in self._saved:
                with ui.element("span").classes("view-kept"):
                    self._link(view.name, view.query)
                    label = words("views.forget", name=view.name)
                    drop = button("×", partial(self._forget, view), "act-quiet act-small")
                    put(drop, aria_label=label, title=label, data_key=f"forget-{view.id}")
            known = {_meant(query) for query in SHIPPED.values()}
            known |= {_meant(view.query) for view in self._saved}
            if _meant(self._query) not in known:
                button(words("views.save"), self._save, "act-small", key="save-view")

    def _link(self, name: str, query: str) -> None:
        address = f"{BASE}/?{query}" if query else f"{BASE}/"
        shown = link(address, name, "view foreign")
        if _meant(query) == _meant(self._query):
            put(shown, aria_current="page")
            with shown:
                plain(" ✓").props('aria-hidden="true"')

    async def _save(self) -> None:
        visit, words, query = self._visit, self._visit.words, self._query
        question = Question(
            title=words("views.save"),
            hint=words("views.hint", most=LONGEST),
            confirm=words("views.keep"),
            reason=words("views.name"),
            reason_required=True,
        )
        reply = await ask(visit.client, words, question)
        if reply is None:
            return

        async def deed(principal: Principal) -> None:
            await self._views.save(principal, reply.reason, query, words)
            self._saved = await self._views.every(principal.id)

        if await attempt(visit, deed):
            self.draw.refresh()
            praise(visit, words("views.saved"))

    async def _forget(self, view: View) -> None:
        visit, words = self._visit, self._visit.words

        async def deed(principal: Principal) -> None:
            await self._views.forget(principal, view.id)
            self._saved = await self._views.every(principal.id)

        async def take_back(principal: Principal) -> None:
            await self._views.save(principal, view.name, view.query, words)
            self._saved = await self._views.every(principal.id)
            self.draw.refresh()

        if await attempt(visit, deed):
            self.draw.refresh()
            undo(visit, words("views.forgotten", name=view.name), take_back)


def _meant(query: str) -> frozenset[tuple[str, str]]:
    """What a question asks for, in whatever order it says so; its page and place do not count."""
    pairs = parse_qsl(query.removeprefix("?"))
    return frozenset((name, value) for name, value in pairs if name not in ("from", "after"))
