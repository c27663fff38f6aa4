"""The queue: what breaks next, then every open incident by tier and time to breach, live."""

from __future__ import annotations

import json
from dataclasses import replace

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board, Choices
from service.console.deeds import attempt, keep_fresh, praise
from service.console.format import full_time
from service.console.keys import Keys
from service.console.listing import AnyOf, Containing, Listing, ListQuery, OneOf, Rows
from service.console.listing.filters import Filter
from service.console.page import console_page, heading
from service.console.pages.queue_deeds import QueueDeeds
from service.console.pages.queue_views import ViewBar
from service.console.pages.rows import COLUMNS, incident_columns
from service.console.places import Place, Section
from service.console.queue_reading import QueuePage
from service.console.queue_rows import QueueRow
from service.console.session import BASE, Visit
from service.console.theme import link, plain, put, ticking
from service.console.views import Views
from service.incidents import Kind
from service.incidents.filters import NOBODY, IncidentFilter
from service.incidents.lifecycle import State
from service.incidents.outstanding import Outstanding

ROWS = 25
"""On a page: twice what a desk shows. A row has forty elements, and a page of fifty took twice as
long to answer and to paint."""
_LIVE_S = 0.4
_PAUSE_CHECK = 25
"""Of so many looks one asks whether posts can be stored: every ten seconds."""

PLACE = Place(
    name="queue",
    path="/",
    section=Section.DUTY,
    may=(Action.READ, Resource.INCIDENT),
)


def register(board: Board) -> None:
    """The page `/`."""
    views = Views(board.container.database, board.container.clock, place=PLACE.name)

    @console_page(board, PLACE)
    async def queue_page(visit: Visit) -> None:
        await Queue(board, visit, views).draw()


class Queue:
    """One open queue page."""

    def __init__(self, board: Board, visit: Visit, views: Views) -> None:
        self._board = board
        self._visit = visit
        self._views = views
        self._looks = 0
        self._stamp: object = None
        self._page: QueuePage | None = None
        self._shown: object = None
        self._alarm: ui.element | None = None

    async def draw(self) -> None:
        """Read everything, then draw it; afterwards only what has changed is drawn anew."""
        board, visit, words = self._board, self._visit, self._visit.words
        choices = await board.choices(words)
        deeds = QueueDeeds(board, visit, lambda: self._listing.items)
        saved = await self._views.every(visit.session.principal.id)
        self._deeds = deeds
        may_work = visit.may(Action.WORK, Resource.INCIDENT)
        self._listing = Listing(
            visit,
            columns=incident_columns(
                visit,
                COLUMNS if may_work else COLUMNS[:-1],
                tiers=board.container.library.tiers.tiers,
                acknowledge=self._acknowledge if may_work else None,
            ),
            load=self._load,
            key=lambda row: row.id,
            filters=self._filters(choices),
            bulk=await deeds.bulk(),
            page_size=ROWS,
            empty=(words("queue.empty.calm"), words("queue.empty.calm_hint")),
        )
        self._bar = ViewBar(visit, self._views, saved, self._listing.address)
        # Read before anything is drawn, so that the first line stands above the list.
        await self._load(await visit.principal(), self._listing.query)
        with heading(visit, words("queue.title")):
            self._sound()
            link(f"{BASE}/silences", words("silences.title"), "quiet-link")
        self._head()
        self._bar.draw()
        await self._listing.draw()
        self._keys()
        self._tell_alarm()
        keep_fresh(visit, _LIVE_S, self._look)

    async def _load(self, principal: Principal, query: ListQuery) -> Rows[QueueRow]:
        board, visit = self._board, self._visit
        self._stamp = await board.pulse.stamp()
        wanted = replace(
            _wanted(query, me=principal.id),
            sought=await board.sought(query.text("q"), visit.words),
        )
        page = await board.queue.page(
            principal, wanted, visit.words, limit=query.limit, offset=query.offset
        )
        self._page = page
        return Rows(page.rows, total=page.total)

    async def _look(self) -> None:
        self._looks += 1
        due = self._looks % _PAUSE_CHECK == 0
        self._bar.show(self._listing.address)
        if due or await self._board.pulse.stamp() != self._stamp:
            await self._listing.renew()
        self._renew_head()

    def _renew_head(self) -> None:
        if _head_of(self._page) != self._shown:
            self._head.refresh()
            self._tell_alarm()

    def _tell_alarm(self) -> None:
        """Tell the browser of unacknowledged incidents of the gravest tier: title and sound."""
        alarms = () if self._page is None else self._page.standing.alarms
        if self._alarm is None:
            self._alarm = put(ui.element("div"), hidden="")
        put(self._alarm, data_alarm=json.dumps(alarms)).update()

    def _sound(self) -> None:
        """A switch that the browser works by itself: it may make no sound before a gesture."""
        words = self._visit.words
        switch = put(ui.element("button"), type="button", data_sound="", aria_pressed="false")
        said = {state: words.choice("queue.sound", state) for state in ("on", "off", "waiting")}
        put(switch, data_said=json.dumps(said, ensure_ascii=True), title=words("queue.sound_hint"))
        with switch.classes("act act-quiet"):
            plain(said["off"])

    @ui.refreshable_method
    def _head(self) -> None:
        words, page = self._visit.words, self._page
        self._shown = _head_of(page)
        if page is None:
            return
        if page.paused_since is not None:
            since = full_time(page.paused_since, self._visit.zone)
            plain(words("queue.paused", since=since), classes="panel late").props('role="alert"')
        with ui.element("section").classes("panel next").props('aria-live="polite"'):
            self._first_line(page.first)
            self._tallies(page.standing)

    def _first_line(self, first: QueueRow | None) -> None:
        words = self._visit.words
        if first is None or first.next_step is None:
            plain(words("queue.nothing_due"), classes="what")
            return
        step = first.next_step
        with ui.element("div").classes("tight"):
            plain(words("queue.missed" if step.late else "queue.breaks_next"), classes="soft small")
            with put(ui.element("a"), href=f"{BASE}/incidents/{first.id}"):
                plain(step.title, classes="what")
            with ui.element("div").classes("line chips"):
                said = f"{step.role} · {first.title} · {first.monitor}"
                plain(said, classes="soft foreign")
                if first.drill:
                    plain(f"◇ {words('incident.drill')}", classes="state")
                if first.holder is None:
                    plain(words("queue.nobody"), classes="late strong")
                else:
                    plain(words("incident.held_by", name=first.holder), classes="strong foreign")
        ticking("until", step.due_at).classes("count")

    def _tallies(self, standing: Outstanding) -> None:
        words = self._visit.words
        with ui.element("div").classes("tallies"):
            for name, figure, alarming, query in (
                ("open", standing.open, False, ""),
                ("new", standing.unacknowledged, True, "?state=new"),
                ("overdue", standing.overdue, True, None),
            ):
                tag = "div" if query is None else "a"
                tally = ui.element(tag).classes("tally")
                if query is not None:
                    put(tally, href=f"{BASE}/{query}")
                with tally:
                    plain(f"{figure:,}", "b", "late" if alarming and figure else "")
                    plain(words.choice("queue.tally", name), classes="soft small")

    def _filters(self, choices: Choices) -> tuple[Filter, ...]:
        words = self._visit.words
        holders = {name: words.choice("queue.holder", name) for name in ("me", "nobody")}
        drills = {name: words.choice("queue.drill", name) for name in ("real", "drill")}
        kinds = choices.kinds
        if not self._visit.may(Action.READ, Resource.PERSON_AT_RISK):
            kinds = {key: name for key, name in kinds.items() if key != Kind.PERSON_AT_RISK.value}
        return (
            Containing("q", words("queue.search")),
            AnyOf("tier", words.choice("filter", "tier"), choices.tiers),
            AnyOf("state", words.choice("filter", "state"), choices.states),
            AnyOf("kind", words.choice("filter", "kind"), kinds),
            AnyOf("monitor", words.choice("filter", "monitor"), choices.monitors),
            AnyOf("scenario", words.choice("filter", "scenario"), choices.scenarios),
            OneOf("holder", words.choice("filter", "holder"), holders),
            OneOf("drill", words.choice("filter", "drill"), drills),
        )

    def _keys(self) -> None:
        words, visit = self._visit.words, self._visit
        shortcuts: dict[str, tuple[str, str]] = {}
        if visit.may(Action.WORK, Resource.INCIDENT):
            shortcuts["a"] = (words("queue.key.a"), "list-acknowledge")
            shortcuts["A"] = (words("queue.key.take"), "list-take")
        if visit.may(Action.EDIT, Resource.SILENCE):
            shortcuts["s"] = (words("queue.key.s"), "list-silence")
        Keys(visit, shortcuts)

    async def _acknowledge(self, incident_id: str) -> None:
        async def deed(principal: Principal) -> None:
            await self._deeds.acknowledge(principal, (incident_id,))

        done = await attempt(self._visit, deed)
        await self._listing.reload()
        self._renew_head()
        if done:
            praise(self._visit, self._visit.words("queue.acknowledged"))


def _head_of(page: QueuePage | None) -> object:
    return None if page is None else (page.standing, page.first, page.paused_since)


def _wanted(query: ListQuery, *, me: str) -> IncidentFilter:
    holder = {"me": (me,), "nobody": (NOBODY,)}.get(query.one("holder") or "", ())
    return IncidentFilter(
        tiers=query.many("tier"),
        states=tuple(State(name) for name in query.many("state")),
        kinds=tuple(Kind(name) for name in query.many("kind")),
        monitors=query.many("monitor"),
        scenarios=query.many("scenario"),
        assignees=holder,
        drill={"real": False, "drill": True}.get(query.one("drill") or ""),
    )
