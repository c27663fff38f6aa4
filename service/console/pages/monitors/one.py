"""One monitor: its query with the mistakes marked, what it takes, what it would alert; its life."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import go, keep_fresh
from service.console.dialogs import Question
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.catalogue_acts import settle
from service.console.pages.monitors.alerts import DRAFT, Alerts
from service.console.pages.monitors.every import filled, state_of
from service.console.pages.monitors.grammar import draw_help
from service.console.pages.monitors.place import NEW, PLACE, address_of
from service.console.pages.monitors.preview import Hits, Verdict
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain, put
from service.incidents.repository import IncidentFilter
from service.monitors import Brand, Monitor, MonitorDraft

QUERY_ROWS = 5


def register_one(board: Board) -> None:
    """The pages of a new monitor and of each that is there."""
    container = board.container

    @console_page(board, PLACE, NEW)
    async def new(visit: Visit) -> None:
        words = visit.words
        visit.session.principal.require(Action.EDIT, Resource.MONITOR)
        brands = await container.brands.every()
        made: list[str] = []

        async def save(principal: Principal, values: Values) -> None:
            monitor_id = values.text("id")
            await container.monitors.put(principal, _draft(monitor_id, values), version=0)
            made.append(monitor_id)

        async def after() -> None:
            go(visit, address_of(made[-1]), said=words("monitors.saved_new"))

        def make() -> Form:
            form = Form(visit, "monitor-new", save=save)
            form.after = after
            return form

        heading(visit, words("monitors.new"), hint=words("monitors.new_hint"))
        await _draw_workshop(visit, board, make, brands, item=None)

    @console_page(board, PLACE, "/monitors/{monitor_id}")
    async def one(visit: Visit, monitor_id: str) -> None:
        words = visit.words

        async def read(_principal: Principal) -> Stored:
            return _stored(await container.monitors.get(monitor_id))

        async def save(principal: Principal, values: Values) -> None:
            enabled = (await container.monitors.get(monitor_id)).enabled
            draft = _draft(monitor_id, values, enabled=enabled)
            await container.monitors.put(principal, draft, version=values.version)

        item = await container.monitors.get(monitor_id)
        brands = await container.brands.every()
        dark = await container.outlook.dark_feeds(item.id, visit.now())
        actions = heading(visit, item.name, hint=item.id)
        with actions:
            plain(state_of(item, words), classes="state" if item.enabled else "state soon")
            if visit.may(Action.EDIT, Resource.MONITOR):
                key = "monitors.pause" if item.enabled else "monitors.resume"
                switch = partial(_switch, visit, board, item)
                button(words(key), switch, key="switch")
            if visit.may(Action.DELETE, Resource.MONITOR):
                button(words("monitors.delete"), partial(_delete, visit, board, item), "act-grave")
        if dark:
            with ui.element("section").classes("panel late-panel tight").props('role="note"'):
                plain(f"▲ {words('monitors.blind')}", "p", "strong late")
                for feed in dark:
                    plain(f"{feed.name}: {feed.condition.detail}", "p", "small foreign")
                link(f"{BASE}/sources", words("monitors.to_sources"))
        _draw_filling(visit, board, item)

        def make() -> Form:
            name = f"monitor-{monitor_id}"
            form = Form(visit, name, stored=_stored(item), save=save, reread=read)
            # Drawn anew: a changed query is being back-filled.
            form.said, form.after = words("monitors.saved"), address_of(monitor_id)
            return form

        await _draw_workshop(visit, board, make, brands, item=item)


async def _draw_workshop(
    visit: Visit,
    board: Board,
    make: Callable[[], Form],
    brands: tuple[Brand, ...],
    *,
    item: Monitor | None,
) -> None:
    """The form, and beside it what its query comes to."""
    words = visit.words
    query = "" if item is None else item.query
    brand_id = None if item is None else item.brand_id
    columns = ui.element("div").classes("columns")
    with columns:
        first, second = (ui.element("div").classes("stack column") for _ in range(2))
    with second:
        with ui.element("section").classes("panel stack"):
            plain(words("monitors.preview.title"), "h2")
            hits = Hits(visit, board, query=query, brand_id=brand_id)
        with ui.element("section").classes("panel stack"):
            plain(words("monitors.alerts.title"), "h2")
            plain(words("monitors.alerts.hint"), "p", "soft small")
            name = DRAFT if item is None else item.id
            await Alerts(visit, board, monitor_id=name, hits=hits).draw()
    with first, ui.element("section").classes("panel"):
        form = make()
    with form:
        if item is None:
            hint = words("monitors.id_hint")
            form.text("id", words("monitors.id"), hint=hint, required=True, longest=64)
        form.text("name", words("monitors.name"), required=True, longest=200)
        names = {brand.id: brand.name for brand in brands}
        hint = words("monitors.brand_hint")
        form.choice("brand", words("monitors.brand"), names, hint=hint, required=False)
        form.long_text(
            "query", words("monitors.query"), required=True, longest=10_000, rows=QUERY_ROWS
        )
        verdict = Verdict(visit, query)
        draw_help(words)
        if visit.may(Action.EDIT, Resource.MONITOR):
            plain(words("monitors.save_hint"), "p", "soft small")
            form.submit(words("monitors.save"))

    def typed(text: object) -> None:
        verdict.show(str(text))
        hits.typed(str(text))

    told = "(event) => emit(event.target.value)"
    form.control("query").on(
        "input",
        lambda event: typed(event.args),
        throttle=0.25,
        leading_events=False,
        js_handler=told,
    )
    form.control("brand").on("change", lambda event: hits.chosen(str(event.args)), js_handler=told)


def _draw_filling(visit: Visit, board: Board, item: Monitor) -> None:
    """How far a new query has gone over what is stored; nothing once it is done."""
    if (item.backfill or {}).get("state") != "running":
        return
    words = visit.words
    with ui.element("section").classes("panel tight"):
        plain(words("monitors.backfill"), "h2")
        said = plain(filled(item, words), "p")
        put(said, role="status")
        bar = put(ui.element("progress"), aria_label=words("monitors.backfill"))
        bar.classes("progress")

    async def look() -> None:
        now = await board.container.monitors.get(item.id)
        text = filled(now, words)
        if said.text == text:
            return
        said.text = text
        progress: Mapping[str, object] = now.backfill or {}
        if progress.get("state") != "running":
            put(bar, value="1", max="1")
            bar.update()
            timer.deactivate()
        elif progress.get("of"):
            put(bar, value=str(progress.get("done")), max=str(progress.get("of")))
            bar.update()

    timer = keep_fresh(visit, 1.0, look)


async def _switch(visit: Visit, board: Board, item: Monitor) -> None:
    """Pause it, once it is clear what that means, or let it go on."""
    words, question = visit.words, None
    if item.enabled:
        _, still_open = await board.container.desk.queue(
            visit.session.principal, IncidentFilter(monitors=(item.id,)), limit=1
        )
        question = Question(
            title=words("monitors.pause_title", name=item.name),
            hint=words("monitors.pause_hint", incidents=still_open),
            confirm=words("monitors.pause"),
            grave=True,
        )

    async def deed(principal: Principal) -> None:
        draft = MonitorDraft(
            id=item.id,
            name=item.name,
            query=item.query,
            brand_id=item.brand_id,
            enabled=not item.enabled,
        )
        await board.container.monitors.put(principal, draft, version=item.version)

    said = words("monitors.paused" if item.enabled else "monitors.resumed")
    await settle(visit, deed, question=question, leads_to=address_of(item.id), said=said)


async def _delete(visit: Visit, board: Board, item: Monitor) -> None:
    words = visit.words

    async def deed(principal: Principal) -> None:
        await board.container.monitors.delete(principal, item.id, version=item.version)

    question = Question(
        title=words("monitors.delete_title", name=item.name),
        hint=words("monitors.delete_hint"),
        confirm=words("monitors.delete"),
        grave=True,
    )
    said = words("monitors.deleted", name=item.name)
    await settle(visit, deed, question=question, leads_to=f"{BASE}/monitors", said=said)


def _stored(item: Monitor) -> Stored:
    values = {"name": item.name, "brand": item.brand_id, "query": item.query}
    return Stored(values=values, version=item.version)


def _draft(monitor_id: str, values: Values, *, enabled: bool = True) -> MonitorDraft:
    return MonitorDraft(
        id=monitor_id,
        name=values.text("name"),
        query=values.text("query"),
        brand_id=values.optional("brand"),
        enabled=enabled,
    )
