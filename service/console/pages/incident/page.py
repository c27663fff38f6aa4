"""One incident: what it is, why it is as bad as we say, what to do by when, and what was done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from nicegui import ui

from service.console.board import Board
from service.console.deeds import keep_fresh
from service.console.dossier import Dossier, fingerprint, read_dossier
from service.console.keys import Keys
from service.console.page import console_page
from service.console.pages.incident.acting import do
from service.console.pages.incident.clocks import draw_clocks, draw_sight, read_sight
from service.console.pages.incident.crowd import draw_growth
from service.console.pages.incident.evidence import EvidenceTab
from service.console.pages.incident.head import draw_head
from service.console.pages.incident.news import News
from service.console.pages.incident.notices import draw_notices
from service.console.pages.incident.parts import Part, Shows
from service.console.pages.incident.passing_on import draw_offers, take
from service.console.pages.incident.place import PLACE
from service.console.pages.incident.related import draw_links, draw_related
from service.console.pages.incident.sheet import IncidentSheet
from service.console.pages.incident.spread import draw_spread
from service.console.pages.incident.statements import draw_statements
from service.console.pages.incident.steps import draw_steps
from service.console.pages.incident.tabs import Tabs
from service.console.pages.incident.team import draw_team
from service.console.pages.incident.timeline import COMMENT_BOX, draw_comment_box, draw_timeline
from service.console.pages.incident.why import draw_why
from service.console.session import Visit
from service.console.states import later
from service.incidents import Action

_LIVE_S = 0.4


def register(board: Board) -> None:
    """The page `/incidents/{incident_id}`."""

    @console_page(board, PLACE, "/incidents/{incident_id}")
    async def one(visit: Visit, incident_id: str) -> None:
        dossier = await read_dossier(board, await visit.principal(), incident_id)
        page = IncidentPage(board, visit, dossier)
        visit.client.title = f"{page.title} · {visit.words('brand')}"
        page.build()


class IncidentPage(IncidentSheet):
    """The sheet as it is drawn."""

    def __init__(self, board: Board, visit: Visit, dossier: Dossier) -> None:
        super().__init__(board, visit, dossier)
        self._seen: object = None
        self._parts: list[Part] = []
        self._news = News(self)
        self._evidence = EvidenceTab(self)
        words = self.words
        self._tabs = Tabs(
            visit,
            words("incident.tabs"),
            (
                ("evidence", words("evidence.title"), self._draw_evidence),
                ("timeline", words("timeline.title"), self._draw_timeline),
                ("statements", words("statements.title"), self._draw_statements),
                ("spread", words("spread.title"), partial(draw_spread, self)),
                ("notices", words("pages.title"), self._draw_notices),
                ("related", words("related.title"), self._draw_related),
            ),
        )

    def build(self) -> None:
        """Draw everything once; afterwards only the parts whose data have changed."""
        self._news.place()
        self._part(
            partial(draw_offers, self),
            lambda it: (it.casework.hand_overs, it.incident.state),
        )
        self._part(
            partial(draw_head, self),
            lambda it: (it.incident, it.casework.watchers, len(it.file.evidence)),
        )
        with ui.element("div").classes("columns"):
            with ui.element("div").classes("column stack"):
                self._part(self._draw_lead, self._leads)
                self._tabs.draw()
            with ui.element("div").classes("column stack"):
                self._part(partial(draw_clocks, self), lambda it: (it.incident, it.run))
                self._draw_sight()
                self._part(partial(draw_team, self), lambda it: (it.seats, it.incident.state))
                self._part(self._draw_side, self._leads)
        self._draw_keys()
        keep_fresh(self.visit, _LIVE_S, self._look)

    def _leads(self, dossier: Dossier) -> bool:
        """In the gravest tier the checklist leads the page; below it why and how fast."""
        return dossier.incident.tier_rank >= len(self.tiers)

    def _draw_lead(self) -> None:
        if self.is_gravest:
            self._draw_steps()
        else:
            self._draw_why()

    def _draw_side(self) -> None:
        if self.is_gravest:
            self._draw_why()
        else:
            self._draw_steps()

    def _draw_steps(self) -> None:
        self._part(
            partial(draw_steps, self),
            lambda it: (it.run, it.incident.state, it.incident.assignee),
        )

    def _draw_why(self) -> None:
        self._part(partial(draw_why, self), lambda it: (it.incident.reasons, it.file.tiers))
        draw_growth(self)

    def _draw_sight(self) -> None:
        later(
            self.visit,
            partial(read_sight, self),
            partial(draw_sight, self),
        )

    def _draw_evidence(self) -> None:
        self._part(self._evidence.draw, lambda it: (it.file.evidence, it.screenshots))

    def _draw_timeline(self) -> None:
        with ui.element("section").classes("panel stack"):
            draw_comment_box(self)
            self._part(partial(draw_timeline, self), lambda it: it.file.timeline)

    def _draw_statements(self) -> None:
        self._part(partial(draw_statements, self), _statement_news)

    def _draw_notices(self) -> None:
        self._part(partial(draw_notices, self), lambda it: it.deliveries)

    def _draw_related(self) -> None:
        self._part(partial(draw_links, self), lambda it: it.casework.links)
        draw_related(self)

    def _part(self, draw: Callable[[], object], shows: Shows) -> None:
        part = Part(draw, shows)
        self._parts.append(part)
        part.place()

    def _draw_keys(self) -> None:
        words = self.words
        Keys(
            self.visit,
            {
                "a": (words("incident.key.a"), partial(do, self, Action.ACKNOWLEDGE)),
                "m": (words("incident.key.m"), partial(take, self)),
                "c": (words("incident.key.c"), self._to_comment),
                **{
                    str(number): (words("incident.key.tab", tab=label), partial(self._open, name))
                    for number, (name, label) in enumerate(self._tabs.names.items(), start=1)
                },
            },
        )

    async def _open(self, name: str) -> None:
        self._tabs.show(name)

    async def _to_comment(self) -> None:
        self._tabs.show("timeline")
        self.visit.client.run_javascript(f"document.getElementById('{COMMENT_BOX}')?.focus()")

    async def _look(self) -> None:
        stamp = await self.board.pulse.stamp()
        if stamp == self._seen:
            return
        # Something has changed somewhere: the whole file is read only where it is this incident.
        now = await fingerprint(self.board, self.incident_id)
        if now != self.dossier.fingerprint:
            await self.reread(await self.visit.principal())
        self._seen = stamp

    def redraw(self, before: Dossier, *, everything: bool) -> None:
        for part in list(self._parts):
            part.redraw(before, self.dossier, everything=everything)
        self._parts = [part for part in self._parts if not part.is_gone]
        self._news.look()


def _statement_news(dossier: Dossier) -> object:
    """The newest entry that a statement left: another one means another list."""
    kinds = ("statement_", "promise_")
    return max((it.id for it in dossier.file.timeline if it.kind.startswith(kinds)), default=0)
