"""On each engine: two workers at one drill make each move once; clearing leaves nothing."""

from __future__ import annotations

import asyncio

from service.db import Database, tables
from service.drill import DrillOffice, DrillPlayer, DrillState, Endings
from service.errors import Conflict
from tests.support.clock import SteppingClock
from tests.support.drill_scene import LEAD, joins, opens, rises, tape
from tests.support.incident_scene import IncidentScene


def parts(scene: IncidentScene) -> tuple[DrillOffice, DrillPlayer]:
    endings = Endings(incidents=scene.incidents, responses=scene.responses, timers=scene.timers)
    player = DrillPlayer(
        scene.database,
        clock=scene.clock,
        incidents=scene.incidents,
        endings=endings,
        recheck=None,
    )
    return DrillOffice(scene.database, scene.clock, endings=endings), player


async def test_each_move_is_made_once(database: Database, clock: SteppingClock) -> None:
    scene = IncidentScene(database, clock)
    (office, first), (_, second) = parts(scene), parts(scene)
    moves = tape(opens(), *(joins(minutes=number, posts=5 + number) for number in range(8)))
    drill = await office.begin(LEAD, stream="x", speed=1, tape=moves)
    now = clock.step(minutes=30)
    made = 0
    while (await office.get(LEAD, drill.id)).played < len(moves.moves):
        made += sum(await asyncio.gather(first.run(now), second.run(now)))
    assert made == len(moves.moves)
    assert await scene.count(tables.incident) == 1
    assert (await scene.kinds()).count("opened") == 1


async def test_it_ends_once_and_only_when_its_time_is_up(
    database: Database, clock: SteppingClock
) -> None:
    scene = IncidentScene(database, clock)
    (office, first), (_, second) = parts(scene), parts(scene)
    drill = await office.begin(LEAD, stream="x", speed=1, tape=tape(opens(), rises(minutes=1)))
    assert drill.ends_at is not None
    assert await first.next_at() == clock.now()
    await first.run(clock.step(minutes=2))
    clock.advance_to(drill.ends_at)
    await asyncio.gather(first.run(clock.now()), second.run(clock.now()))
    await first.run(clock.now())
    ended = await office.get(LEAD, drill.id)
    assert ended.state is DrillState.DONE
    assert ended.sheet is not None
    assert (await scene.kinds()).count("mark_false_positive") == 1
    assert await first.next_at() is None


async def test_one_that_no_service_played_has_failed(
    database: Database, clock: SteppingClock
) -> None:
    office, player = parts(IncidentScene(database, clock))
    drill = await office.begin(LEAD, stream="x", speed=1, tape=tape())
    assert drill.ends_at is not None
    clock.advance_to(drill.ends_at)
    assert await player.run(clock.now()) == 1
    ended = await office.get(LEAD, drill.id)
    assert (ended.state, ended.sheet) == (DrillState.FAILED, None)
    assert "no service ran" in (ended.reason or "")


async def test_of_two_that_begin_at_once_one_is_begun(
    database: Database, clock: SteppingClock
) -> None:
    scene = IncidentScene(database, clock)
    (one, _), (other, _) = parts(scene), parts(scene)
    results = await asyncio.gather(
        *(office.begin(LEAD, stream="x", speed=1, tape=tape()) for office in (one, other)),
        return_exceptions=True,
    )
    assert [type(item) for item in results].count(Conflict) == 1
    assert await scene.count(tables.drill) == 1


async def test_clearing_leaves_nothing_of_it(database: Database, clock: SteppingClock) -> None:
    scene = IncidentScene(database, clock)
    office, player = parts(scene)
    drill = await office.begin(LEAD, stream="x", speed=1, tape=tape(opens(), joins(minutes=1)))
    await player.run(clock.step(minutes=5))
    await scene.pass_time(hours=1)
    await office.stop(LEAD, drill.id)
    assert await office.clear(LEAD, drill.id) == 1
    left = await scene.footprint()
    assert {name for name, count in left.items() if count} == {"audit_entry"}
    assert await scene.count(tables.incident) == 0
    assert await scene.count(tables.drill_move) == 0
