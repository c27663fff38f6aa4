"""Messages that went to people, what each provider answered, and sending the dead ones again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from nicegui import ui

from service.auth import Action as Permission
from service.auth import Principal, Resource
from service.console.deeds import attempt
from service.console.dialogs import Question
from service.console.format import clock_time, short_time
from service.console.pages.incident.sheet import IncidentSheet
from service.console.panels import scroller
from service.console.theme import button, plain, put
from service.delivery import Delivery, DeliveryState
from service.incidents.deliveries import DeliveryFile

_RECENT = 8
_FINE = frozenset({DeliveryState.SENT, DeliveryState.WITHDRAWN})


def draw_notices(page: IncidentSheet) -> None:
    """The latest messages, and what became of each."""
    words, deliveries = page.words, page.dossier.deliveries
    with ui.element("section").classes("panel stack"):
        plain(words("pages.title"), "h2")
        if not deliveries:
            plain(words("pages.none"), classes="soft")
            return
        dead = [item for item in deliveries if item.state is DeliveryState.DEAD]
        if dead:
            plain(words("pages.dead", count=len(dead)), "p", "problem").props('role="alert"')
        _draw_table(page, deliveries[:_RECENT])
        older = deliveries[_RECENT:]
        if older:
            with put(ui.element("details"), data_key="older-pages").classes("more"):
                plain(words("pages.more", count=len(older)), "summary", "small")
                _draw_table(page, older)


def _draw_table(page: IncidentSheet, deliveries: Sequence[Delivery]) -> None:
    words = page.words
    with scroller(words("pages.title")), ui.element("table").classes("figures wide"):
        with ui.element("thead"), ui.element("tr"):
            for label in ("pages.what", "pages.channel", "pages.state", "pages.do"):
                plain(words(label), "th").props('scope="col"')
        with ui.element("tbody"):
            for item in deliveries:
                _draw_row(page, item)


def _draw_row(page: IncidentSheet, item: Delivery) -> None:
    words = page.words
    with ui.element("tr"):
        with ui.element("td"):
            plain(words.choice("event", item.type.value))
            plain(short_time(item.occurred_at, page.zone), "div", "soft small nowrap")
        plain(page.dossier.channels.get(item.channel_id, item.channel_id), "td", "foreign")
        with ui.element("td"):
            state = words.choice("delivery", item.state.value)
            plain(state, classes="" if item.state in _FINE else "late strong")
            if item.state is not DeliveryState.SENT:
                tried = words("pages.attempts", count=item.attempts)
                said = f"{tried} · {item.reason}" if item.reason else tried
                plain(said, "div", "soft small foreign")
        with ui.element("td"), ui.element("div").classes("line"):
            look = "act-small act-quiet"
            button(words("pages.log"), partial(_log, page, item), look, key=f"log-{item.id}")
            if page.may(Permission.RUN, Resource.DELIVERY) and item.state is DeliveryState.DEAD:
                again = partial(_send_again, page, item)
                button(words("pages.again"), again, "act-small", key=f"again-{item.id}")


async def _send_again(page: IncidentSheet, item: Delivery) -> None:
    words = page.words
    channel = page.dossier.channels.get(item.channel_id, item.channel_id)
    question = Question(
        title=words("pages.again"),
        hint=words("pages.again_hint", channel=channel),
        confirm=words("pages.again"),
    )
    if await page.ask(question) is None:
        return

    async def deed(principal: Principal) -> None:
        await page.board.container.deliveries.replay(principal, item.id)

    await page.act(deed, done=words("pages.sent_again"))


async def _log(page: IncidentSheet, item: Delivery) -> None:
    """Every attempt with the receiver's answer, in a dialog."""
    words, visit = page.words, page.visit
    found: list[DeliveryFile] = []

    async def deed(principal: Principal) -> None:
        found.append(await page.board.container.deliveries.file(principal, item.id))

    if not await attempt(visit, deed):
        return
    with visit.client.content, ui.dialog() as dialog, ui.element("section").classes("panel ask"):
        plain(words("pages.log"), "h2")
        if not found[0].attempts:
            plain(words("pages.no_attempts"), classes="soft")
        for tried in found[0].attempts:
            with ui.element("div").classes("past"):
                with ui.element("div").classes("line small"):
                    plain(str(tried.number), classes="strong")
                    plain(clock_time(tried.at, page.zone), classes="soft")
                    plain(words.choice("send_outcome", tried.outcome.value))
                    if tried.status is not None:
                        plain(str(tried.status), classes="code")
                    plain(
                        words("pages.took", milliseconds=round(tried.duration_ms)), classes="soft"
                    )
                if tried.answer:
                    plain(tried.answer, "div", "small foreign")
        with ui.element("div").classes("line answers"):
            button(words("dialog.close"), dialog.close, "act-main")
    await dialog
    dialog.delete()
