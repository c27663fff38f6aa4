"""A drill begun: which crisis, how fast, for whom; first it is said what will happen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from nicegui import ui

from service.api.routes.drills import DrillBody, Posts
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import attempt, go
from service.console.dialogs import Question, ask
from service.console.format import short_time
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.drills import place
from service.console.session import Visit
from service.console.theme import link, plain
from service.drill import TAIL
from service.errors import InvalidInput
from service.incidents import Incident, Kind, State
from service.incidents.repository import IncidentFilter
from service.monitors import ChannelConfig

FORM = "drill-new"
_PAST = "past:"
_MOST_PAST = 30
_USUAL = {"stream": Posts.BUNDLED.value, "speed": "1", "hours": f"{TAIL.total_seconds() / 3600:g}"}


def register(board: Board) -> None:
    """The page `/new-drill`."""

    @console_page(board, place.PLACE, "/new-drill")
    async def begin(visit: Visit) -> None:
        principal = await visit.principal()
        principal.require(Action.RUN, Resource.DRILL)
        wanted = IncidentFilter(states=(State.CLOSED,), kinds=(Kind.CRISIS,), drill=False)
        past = await board.container.desk.newest(principal, wanted, limit=_MOST_PAST, before=None)
        channels = [
            item for item in await board.container.channels.every() if item.drill and item.enabled
        ]
        Beginning(board, visit, past, channels, await board.monitor_names()).draw()


class Beginning:
    """The form, and the question before it begins."""

    def __init__(
        self,
        board: Board,
        visit: Visit,
        past: tuple[Incident, ...],
        channels: list[ChannelConfig],
        monitors: Mapping[str, str],
    ) -> None:
        self._office = board.container.drills
        self._visit = visit
        self._past = {f"{_PAST}{item.id}": item for item in past}
        self._channels = channels
        self._monitors = monitors
        self._scenarios = board.scenario_names(visit.words)
        self._body = DrillBody()

    def draw(self) -> None:
        """What will happen beside what is chosen."""
        words = self._visit.words
        with heading(self._visit, words("drills.begin.title"), hint=words("drills.begin.hint")):
            link(place.LIST, words("drills.back"), "act")
        with ui.element("div").classes("columns"):
            with ui.element("section").classes("panel"):
                self._draw_form()
            with ui.element("section").classes("panel stack"):
                self._draw_consequences()

    def _draw_form(self) -> None:
        words = self._visit.words
        streams = {item.value: words.choice("drills.streams", item.value) for item in Posts}
        streams |= {key: self._told(item) for key, item in self._past.items()}
        form = Form(self._visit, FORM, stored=Stored(values=_USUAL), save=self._keep)
        form.after = self._begin
        with form:
            form.choice(
                "stream", words("drills.stream"), streams, hint=words("drills.begin.stream_hint")
            )
            form.choice("of", words("drills.begin.of"), self._monitors, required=False)
            form.instant("from", words("drills.begin.from"))
            form.instant("to", words("drills.begin.to"))
            form.choice(
                "monitor",
                words("drills.begin.monitor"),
                self._monitors,
                hint=words("drills.begin.monitor_hint"),
                required=False,
            )
            hint = words("drills.begin.speed_hint")
            form.number("speed", words("drills.begin.speed"), hint=hint, required=True)
            hint = words("drills.begin.hours_hint")
            form.number("hours", words("drills.begin.hours"), hint=hint, required=True)
            form.submit(words("drills.begin.go"))

    def _told(self, incident: Incident) -> str:
        scenario = self._scenarios.get(incident.scenario or "", incident.title)
        monitor = self._monitors.get(incident.monitor_id, incident.monitor_id)
        at = short_time(incident.opened_at, self._visit.zone)
        return self._visit.words("drills.begin.past", scenario=scenario, monitor=monitor, at=at)

    def _draw_consequences(self) -> None:
        words = self._visit.words
        plain(words("drills.begin.what_happens"), "h2")
        with ui.element("ul").classes("bullets"):
            for name in ("marked", "deadlines", "end", "clean"):
                plain(words(f"drills.begin.happens.{name}"), "li")
        plain(words("drills.begin.whom"), "h3", "strong")
        if not self._channels:
            plain(f"▲ {words('drills.begin.nobody')}", "p", "soon")
        with ui.element("ul").classes("bullets"):
            for channel in self._channels:
                plain(channel.name, "li", "foreign")

    async def _keep(self, principal: Principal, values: Values) -> None:
        """Checked here, so that mistakes stand at their fields; begun once it was asked for."""
        principal.require(Action.RUN, Resource.DRILL)
        stream = values.text("stream")
        chosen: dict[str, Any] = {"stream": stream}
        if incident := self._past.get(stream):
            until = incident.taking_ended_at or incident.closed_at or self._visit.now()
            chosen = {
                "stream": Posts.STORED.value,
                "from": incident.first_post_at,
                "to": until,
                "of": incident.monitor_id,
            }
        elif stream == Posts.STORED.value:
            chosen |= {
                "from": values.instant("from"),
                "to": values.instant("to"),
                "of": values.optional("of"),
            }
            _check_span(self._visit, chosen["from"], chosen["to"])
        self._body = DrillBody.model_validate(
            chosen
            | {
                "monitor": values.optional("monitor"),
                "speed": values.number("speed"),
                "hours": values.number("hours"),
            }
        )

    async def _begin(self) -> None:
        visit, words, body = self._visit, self._visit.words, self._body
        named = words("list.comma").join(item.name for item in self._channels)
        question = Question(
            title=words("drills.begin.ask"),
            hint=words("drills.begin.ask_hint", channels=named or words("drills.begin.no_channel")),
            confirm=words("drills.begin.go"),
        )
        if await ask(visit.client, words, question) is None:
            return
        begun: list[str] = []

        async def begin(principal: Principal) -> None:
            drill = await self._office.begin(
                principal,
                stream=body.stream.value,
                asked=body.asked(),
                speed=body.speed,
                monitor=body.monitor,
                tail=timedelta(hours=body.hours),
            )
            begun.append(drill.id)

        if await attempt(visit, begin):
            go(visit, place.address(begun[0]), said=words("drills.begin.done"))


def _check_span(visit: Visit, since: datetime | None, until: datetime | None) -> None:
    if since is not None and until is not None and since >= until:
        said = visit.words("drills.begin.no_span")
        raise InvalidInput(said, errors=[("to", said)])
