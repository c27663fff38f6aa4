"""A job that plays a script of acts through the doors that people use, in virtual time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.auth import SYSTEM, Principal
from service.db import Database
from service.drill.office import DrillOffice
from service.drill.script import Act, ActKind, Script
from service.errors import ServiceError
from service.incidents import Action, format_instant
from service.incidents import repository as incident_rows
from service.incidents.desk import IncidentDesk
from service.oncall import Team
from service.response import ResponseDesk

_MOVES = {
    ActKind.ACKNOWLEDGE: Action.ACKNOWLEDGE,
    ActKind.RESPOND: Action.RESPOND,
    ActKind.MONITOR: Action.MONITOR,
    ActKind.RESOLVE: Action.RESOLVE,
    ActKind.CLOSE: Action.CLOSE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """What people work an incident with."""

    desk: IncidentDesk
    response: ResponseDesk
    team: Team


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An act that the service did not let happen, and why."""

    at: datetime
    incident: str
    act: Act
    reason: str

    def to_json(self) -> dict[str, Any]:
        return {
            "at": format_instant(self.at),
            "incident": self.incident,
            "by": self.act.by,
            "act": self.act.act.value,
            "step": self.act.step,
            "reason": self.reason,
        }


class Acting:
    """Does each act once, when it is due; what is refused is remembered, and the others go on."""

    name = "drill-acts"

    def __init__(
        self,
        database: Database,
        *,
        office: DrillOffice,
        drill_id: str,
        script: Script,
        doors: Doors,
    ) -> None:
        self._database = database
        self._office = office
        self._drill_id = drill_id
        self._acts = sorted(script.acts, key=lambda act: act.at)
        self._people: Mapping[str, Principal] = {
            player.id: player.principal for player in script.people
        }
        self._doors = doors
        self._done: set[tuple[str, int]] = set()
        self._known: tuple[int, list[tuple[datetime, str, int]]] | None = None
        self.refused: list[Refused] = []

    async def next_at(self) -> datetime | None:
        return min((at for at, _, _ in await self._waiting()), default=None)

    async def run(self, now: datetime) -> int:
        """Do what is due, in the order of time; answers how many acts were let happen."""
        done = 0
        for at, incident_id, number in await self._waiting():
            if at > now:
                break
            self._done.add((incident_id, number))
            act = self._acts[number]
            try:
                await self._do(self._people[act.by], incident_id, act)
                done += 1
            except ServiceError as error:
                refused = Refused(at=now, incident=incident_id, act=act, reason=error.detail)
                self.refused.append(refused)
        self._known = None
        return done

    async def _waiting(self) -> list[tuple[datetime, str, int]]:
        """(when, incident, number of the act) of what is left, the earliest first."""
        generation = self._database.generation
        if self._known is None or self._known[0] != generation:
            self._known = (generation, await self._read())
        return self._known[1]

    async def _read(self) -> list[tuple[datetime, str, int]]:
        drill = await self._office.get(SYSTEM, self._drill_id)
        async with self._database.read() as connection:
            opened = [
                (await incident_rows.get(connection, incident_id)).opened_at
                for incident_id in drill.incidents.values()
            ]
        places = sorted(zip(opened, drill.incidents.values(), strict=True))
        return sorted(
            (opened_at + act.at, incident_id, number)
            for place, (opened_at, incident_id) in enumerate(places, start=1)
            for number, act in enumerate(self._acts)
            if act.incident in (None, place) and (incident_id, number) not in self._done
        )

    async def _do(self, who: Principal, incident_id: str, act: Act) -> None:
        doors = self._doors
        if act.act in _MOVES:
            await doors.desk.act(who, incident_id, _MOVES[act.act], reason=act.note)
        elif act.act is ActKind.COMMENT:
            await doors.desk.comment(who, incident_id, act.note or "")
        elif act.act is ActKind.TAKE_SEAT:
            await doors.team.accept(who, incident_id, act.role or "", note=act.note)
        elif act.act is ActKind.DONE:
            await doors.response.do(who, incident_id, act.step or "", note=act.note)
        else:
            await doors.response.skip(who, incident_id, act.step or "", reason=act.note)
