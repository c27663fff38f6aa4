"""What has happened of a risk, and what is done about it: incidents and improvements."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import Principal
from service.console.deeds import attempt, go
from service.console.dialogs import Question, ask
from service.console.forms import Form, Values
from service.console.pages.risks import place
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.errors import InvalidInput, NotFound
from service.risks import Entry, Link, LinkKind, RiskDesk

_KINDS = {"inc_": LinkKind.INCIDENT, "imp_": LinkKind.IMPROVEMENT}
_PAGES = {LinkKind.INCIDENT: "incidents", LinkKind.IMPROVEMENT: "improvements"}
_STATES = {LinkKind.INCIDENT: "state", LinkKind.IMPROVEMENT: "improvements.states"}
_LONGEST_ID = 40


class LinksPart:
    """Draws the panel of links; `works` is whether the visitor may change them."""

    def __init__(self, visit: Visit, desk: RiskDesk, entry: Entry, *, works: bool) -> None:
        self._visit = visit
        self._desk = desk
        self._entry = entry
        self._works = works

    def draw(self) -> None:
        """Each link with how it stands, and a field for another one."""
        words = self._visit.words
        with ui.element("section").classes("panel stack"):
            plain(words("risks.links"), "h2")
            if not self._entry.links:
                plain(words("risks.no_links"), "p", "soft")
            for item in self._entry.links:
                self._draw_one(item)
            if self._works:
                self._draw_form()

    def _draw_one(self, item: Link) -> None:
        words = self._visit.words
        with ui.element("div").classes("line"):
            plain(words.choice("risks.link_kinds", item.kind.value), classes="soft")
            if item.title is None:
                plain(item.target_id, classes="code")
                plain(words("risks.unseen"), classes="soft")
            else:
                address = f"{BASE}/{_PAGES[item.kind]}/{item.target_id}"
                link(address, item.title, "foreign strong")
                plain(words.choice(_STATES[item.kind], item.state or ""), classes="state")
            if self._works:
                key = f"unlink-{item.target_id}"
                button(words("risks.unlink"), partial(self._unlink, item), "act-small", key=key)

    def _draw_form(self) -> None:
        words, risk = self._visit.words, self._entry.risk

        async def save(principal: Principal, values: Values) -> None:
            target = values.text("target").split("?")[0].rstrip("/").rsplit("/", 1)[-1]
            kind = _KINDS.get(target[:4])
            if kind is None or len(target) > _LONGEST_ID:
                raise self._refused("risks.no_target")
            try:
                await self._desk.link(principal, risk.id, kind, target)
            except NotFound as error:
                raise self._refused("risks.no_target") from error
            except InvalidInput as error:
                raise self._refused("risks.not_real") from error

        form = Form(self._visit, f"link-{risk.id}", save=save)
        form.said, form.after = words("risks.linked"), place.address(risk.id)
        with form:
            hint = words("risks.target_hint")
            form.text("target", words("risks.target"), hint=hint, required=True, longest=500)
            form.submit(words("risks.link"), main=False)

    def _refused(self, key: str) -> InvalidInput:
        said = self._visit.words(key)
        return InvalidInput(said, errors=[("target", said)])

    async def _unlink(self, item: Link) -> None:
        visit, words, risk = self._visit, self._visit.words, self._entry.risk
        question = Question(
            title=words("risks.unlink_ask", name=item.title or item.target_id),
            hint=words("risks.unlink_hint"),
            confirm=words("risks.unlink"),
        )
        if await ask(visit.client, words, question) is None:
            return

        async def unlink(principal: Principal) -> None:
            await self._desk.unlink(principal, risk.id, item.kind, item.target_id)

        if await attempt(visit, unlink):
            go(visit, place.address(risk.id), said=words("risks.unlinked"))
