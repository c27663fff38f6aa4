"""What the list pages read: incidents with their next steps, names and monitors, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.auth import Principal
from service.bootstrap import Container
from service.console.health import HealthWatch
from service.console.i18n import Words
from service.console.places import Place
from service.console.queue_reading import QueueReading
from service.console.queue_rows import QueueRow, incident_title, queue_row
from service.console.readings import Names, Pulse, overdue_steps
from service.incidents import Incident, Kind
from service.incidents.filters import IncidentFilter, Sought
from service.incidents.lifecycle import State
from service.ingest.gate import paused

PAGE = 50
ENDED = (State.CLOSED, State.FALSE_POSITIVE, State.MERGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the filters offer: pairs of id and name."""

    tiers: dict[str, str]
    states: dict[str, str]
    monitors: dict[str, str]
    scenarios: dict[str, str]
    kinds: dict[str, str]


class Board:
    """Shared by every open page; holds nothing of a visitor."""

    def __init__(self, container: Container, places: tuple[Place, ...] = ()) -> None:
        self.container = container
        self.places = places
        self.health = HealthWatch(container.coverage, container.clock)
        self.pulse = Pulse(container.database, container.clock)
        self.names = Names(container)
        self.queue = QueueReading(
            desk=container.desk, pulse=self.pulse, draw=self.rows, paused=self.paused_since
        )

    async def ended_rows(
        self,
        principal: Principal,
        words: Words,
        *,
        before: tuple[datetime, str] | None,
        wanted: IncidentFilter,
    ) -> tuple[tuple[QueueRow, ...], tuple[datetime, str] | None]:
        """A page of ended incidents, newest first, and where the following one begins."""
        found = await self.container.desk.newest(principal, wanted, limit=PAGE + 1, before=before)
        shown = found[:PAGE]
        following = (shown[-1].opened_at, shown[-1].id) if len(found) > PAGE else None
        return await self.rows(shown, words), following

    async def sought(self, text: str, words: Words) -> Sought | None:
        """What a text typed into a search of incidents means: names of this language included."""
        wanted = " ".join(text.split()).casefold()
        if not wanted:
            return None
        monitors, scenarios = await self.monitor_names(), self.scenario_names(words)
        return Sought(
            text=wanted,
            monitors=tuple(key for key, name in monitors.items() if wanted in name.casefold()),
            scenarios=tuple(key for key, name in scenarios.items() if wanted in name.casefold()),
            kinds=tuple(
                kind for kind in Kind if wanted in words.choice("kind", kind.value).casefold()
            ),
        )

    async def paused_since(self) -> datetime | None:
        """Since when posts cannot be stored; None while they can."""
        pause = await paused(self.container.database, now=self.container.clock.now())
        return None if pause is None else pause.since

    async def choices(self, words: Words) -> Choices:
        """Every value that the filters know, graver tiers first."""
        library = self.container.library
        return Choices(
            tiers={tier.id: words.of(tier.name) for tier in reversed(library.tiers.tiers)},
            states={
                state.value: words.choice("state", state.value)
                for state in State
                if state not in ENDED
            },
            monitors=await self.monitor_names(),
            scenarios=self.scenario_names(words),
            kinds={kind.value: words.choice("kind", kind.value) for kind in Kind},
        )

    async def monitor_names(self) -> dict[str, str]:
        """Names of monitors by id."""
        return {item.id: item.name for item in await self.container.monitors.every()}

    def scenario_names(self, words: Words) -> dict[str, str]:
        """Names of scenarios by id."""
        scenarios = self.container.library.scenarios
        return {name: words.of(scenario.name) for name, scenario in scenarios.items()}

    async def rows(self, incidents: tuple[Incident, ...], words: Words) -> tuple[QueueRow, ...]:
        """Incidents as rows, in their order."""
        ids = [incident.id for incident in incidents]
        steps = await self.container.response_desk.next_steps(ids)
        overdue = await overdue_steps(self.container.database, ids)
        await self.names.learn(*(incident.assignee for incident in incidents))
        monitors = await self.monitor_names()
        scenarios = self.scenario_names(words)
        return tuple(
            queue_row(
                incident,
                words=words,
                scenario=incident_title(incident, words=words, scenarios=scenarios),
                monitor=monitors.get(incident.monitor_id, incident.monitor_id),
                step=steps.get(incident.id),
                overdue=overdue.get(incident.id, 0),
                holder=None if incident.assignee is None else self.names.of(incident.assignee),
            )
            for incident in incidents
        )
