"""What happens in a run: the crowd and its rules ask for incidents, people work them, or do not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from playbooks import PlaybookError
from service.cases.topics import Topic
from service.errors import ServiceError
from service.incidents import Incident, Kind, Opening, repository
from service.incidents.lifecycle import OPEN_STATES, Action, allowed_actions
from service.incidents.model import SYSTEM_ACTOR
from service.oncall import Matcher
from service.response import repository as run_rows
from tests.simulation.world import RANKS, Process, World
from tests.support.incident_scene import LEAD, LEGAL, RESPONDER, evidence

MONITORS = ("tea", "noodles", "shop")
SCENARIOS = ("safety_incident", "product_quality", "pricing_refunds", "data_privacy")
MOST_OPEN = 2

Deed = Callable[["Deeds", Process], Awaitable[str]]


class Deeds:
    """One deed at a time, each through the door that the service has for it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = world.chance

    async def any(self, process: Process) -> str:
        """Do something; answers what, and how it ended. A refusal is an answer like any other."""
        deed = self._chance.choices(list(_DEEDS), list(_DEEDS.values()))[0]
        try:
            return f"{deed.__name__}: {await deed(self, process)}"
        except (ServiceError, PlaybookError) as error:
            return f"{deed.__name__}: refused, {type(error).__name__}"

    async def posts_come(self, process: Process) -> str:
        """The rules ask for an incident, or posts join the one that takes them; maybe twice."""
        monitor, scenario = self._chance.choice(MONITORS), self._chance.choice(SCENARIOS)
        tier = self._chance.choice(tuple(RANKS))
        said = [
            await self._report(process, monitor, scenario, tier)
            for _ in range(self._chance.choice((1, 1, 2)))
        ]
        return f"{monitor} {scenario} {tier} {said}"

    async def _report(self, process: Process, monitor: str, scenario: str, tier: str) -> str:
        now = self._world.clock.now()
        known = await self._incidents()
        taking = [
            item
            for item in known
            if item.monitor_id == monitor
            and item.is_taking
            # As the service looks: it may bear another name than that of the posts it takes.
            and scenario in (item.segment, item.scenario)
        ]
        incidents = process.responding.incidents
        late = now - timedelta(minutes=self._chance.choice((0, 5, 300)))
        number = self._chance.randrange(6)
        async with self._world.database.write() as connection:
            if not taking:
                if sum(item.state in OPEN_STATES for item in known) >= MOST_OPEN:
                    return "quiet"
                opened = await incidents.open(
                    connection, opening(monitor, scenario, tier, late, now=now), now=now
                )
                return opened.id
            incident = await repository.get(connection, taking[0].id)
            incident = await incidents.take(
                connection,
                incident,
                posts=incident.posts + 1,
                evidence=(evidence(number, at=late),),
                last_post_at=now,
                first_post=(late, f"post{number}"),
                now=now,
            )
            if RANKS[tier] > max(incident.tier_rank, incident.held_rank or 0):
                await incidents.set_tier(
                    connection,
                    incident,
                    tier=tier,
                    rank=RANKS[tier],
                    reasons=(),
                    actor=SYSTEM_ACTOR,
                    now=now,
                )
                return f"raised to {tier}"
            return "joined"

    async def crowd_calms(self, process: Process) -> str:
        """No post joins any more."""
        taking = [item for item in await self._incidents() if item.is_taking]
        if not taking:
            return "nothing"
        chosen = self._chance.choice(taking)
        contained = self._chance.random() < 0.5
        async with self._world.database.write() as connection:
            incident = await repository.get(connection, chosen.id)
            await process.responding.incidents.end_taking(
                connection,
                incident,
                reason="quiet",
                contained=contained and incident.state in OPEN_STATES,
                now=self._world.clock.now(),
            )
        return chosen.id

    async def move(self, process: Process) -> str:
        """Somebody moves an incident, mostly as its state allows."""
        incident = await self._one()
        likely = allowed_actions(incident.state)
        actions = likely if likely and self._chance.random() < 0.9 else tuple(Action)
        action = self._chance.choice(actions)
        others = [item.id for item in await self._incidents() if item.id != incident.id]
        await process.responding.desk.act(
            self._chance.choice((LEAD, LEAD, RESPONDER)),
            incident.id,
            action,
            reason="said so",
            merge_into=self._chance.choice(others) if others else None,
        )
        return f"{action.value} {incident.id}"

    async def acknowledge(self, process: Process) -> str:
        """The likeliest of all moves."""
        incident = await self._one()
        await process.responding.desk.act(RESPONDER, incident.id, Action.ACKNOWLEDGE)
        return incident.id

    async def change_tier(self, process: Process) -> str:
        incident, tier = await self._one(), self._chance.choice(tuple(RANKS))
        await process.responding.desk.set_tier(LEAD, incident.id, tier, reason="I say so")
        return f"{incident.id} to {tier}"

    async def name_scenario(self, process: Process) -> str:
        incident, scenario = await self._one(), self._chance.choice(SCENARIOS)
        await process.responding.desk.name_scenario(LEAD, incident.id, scenario)
        return f"{incident.id} {scenario}"

    async def comment(self, process: Process) -> str:
        incident = await self._one()
        await process.responding.desk.comment(RESPONDER, incident.id, "on it")
        return incident.id

    async def work_step(self, process: Process) -> str:
        """A step is done, skipped or opened again."""
        incident = await self._one()
        async with self._world.database.read() as connection:
            steps = await run_rows.steps_of(connection, incident.id)
        step = self._chance.choice(steps).step_id
        desk = process.responding.response_desk
        how = self._chance.choice(("do", "do", "do", "skip", "reopen"))
        if how == "do":
            await desk.do(LEAD, incident.id, step)
        elif how == "skip":
            await desk.skip(LEAD, incident.id, step, reason="not for this one")
        else:
            await desk.reopen(LEAD, incident.id, step, note="not done after all")
        return f"{how} {step} of {incident.id}"

    async def answer_seat(self, process: Process) -> str:
        incident = await self._one()
        seats = await process.responding.team.seats(LEAD, incident.id)
        if not seats:
            return "nobody asked"
        role = self._chance.choice(seats).role
        if self._chance.random() < 0.7:
            await process.responding.team.accept(LEGAL, incident.id, role)
        else:
            await process.responding.team.decline(LEGAL, incident.id, role)
        return f"{role} of {incident.id}"

    async def silence(self, process: Process) -> str:
        """Somebody silences a monitor, or ends the newest silence before its time."""
        silences, now = process.responding.silences, self._world.clock.now()
        standing = (await silences.page(LEAD, over=False)).items
        if standing and self._chance.random() < 0.5:
            await silences.end(LEAD, standing[0].id)
            return f"ended {standing[0].id}"
        made = await silences.make(
            LEAD,
            Matcher(monitors=(self._chance.choice(MONITORS),)),
            reason="a launch",
            until=now + timedelta(minutes=self._chance.choice((20, 90))),
            gravest=self._chance.random() < 0.3,
        )
        return made.id

    async def watch(self, process: Process) -> str:
        incident = await self._one()
        person = self._chance.choice((LEAD, LEGAL))
        if self._chance.random() < 0.7:
            await process.responding.cases.watch(person, incident.id, tuple(Topic))
        else:
            await process.responding.cases.unwatch(person, incident.id)
        return incident.id

    async def split(self, process: Process) -> str:
        incident = await self._one()
        async with self._world.database.read() as connection:
            posts = [item.post_id for item in await repository.evidence_of(connection, incident.id)]
        split = await process.responding.cases.split(
            LEAD, incident.id, posts[:1], reason="another matter"
        )
        return f"{split.id} from {incident.id}"

    async def _incidents(self) -> tuple[Incident, ...]:
        async with self._world.database.read() as connection:
            wanted = repository.IncidentFilter(private=True)
            return await repository.newest(connection, wanted, before=None, limit=100)

    async def _one(self) -> Incident:
        """Mostly one that is open."""
        known = await self._incidents()
        if not known:
            raise ServiceError("there is no incident yet")
        lively = [item for item in known if item.state in OPEN_STATES]
        return self._chance.choice(lively if lively and self._chance.random() < 0.9 else known)


_DEEDS: Mapping[Deed, int] = {
    Deeds.posts_come: 8,
    Deeds.crowd_calms: 2,
    Deeds.acknowledge: 4,
    Deeds.move: 8,
    Deeds.change_tier: 3,
    Deeds.name_scenario: 1,
    Deeds.comment: 2,
    Deeds.work_step: 8,
    Deeds.answer_seat: 3,
    Deeds.silence: 2,
    Deeds.watch: 2,
    Deeds.split: 1,
}


def opening(monitor: str, scenario: str, tier: str, first: datetime, *, now: datetime) -> Opening:
    """What the rules ask for."""
    return Opening(
        kind=Kind.CRISIS,
        monitor_id=monitor,
        scenario=scenario,
        title="澄屿青柚茶",
        tier=tier,
        tier_rank=RANKS[tier],
        reasons=({"clause": "negative_1h ≥ 10", "value": 12, "threshold": 10},),
        posts=3,
        first_post_id="post0",
        first_post_at=first,
        last_post_at=now,
        evidence=(evidence(0, at=now), evidence(1, at=now)),
    )
