"""From posts to contained crises."""

from __future__ import annotations

import pytest

from service.auth import SYSTEM
from service.errors import Forbidden
from service.incidents import Kind
from service.incidents.lifecycle import State
from service.indicators import Funnel, Funnels, Window
from tests.support.clock import START
from tests.support.incident_scene import LEAD, person
from tests.support.indicator_scene import DAY, HOUR, IndicatorScene

WINDOW = Window(since=START - 7 * DAY, until=START)


def funnels(scene: IndicatorScene) -> Funnels:
    return Funnels(database=scene.database, store=scene.store, surroundings=scene.surroundings)


async def test_each_stage_is_a_part_of_the_one_before(scene: IndicatorScene) -> None:
    await scene.posts(5)
    await scene.crisis(state=State.FALSE_POSITIVE)
    await scene.crisis(state=State.MERGED)
    waiting = await scene.crisis()
    await scene.step(waiting, "first_response", due_at=START, state="pending")
    answered = await scene.crisis()
    contained = await scene.crisis(contained_at=START, state=State.RESOLVED)
    for incident in (answered, contained):
        await scene.step(incident, "first_response", due_at=START, state="done", done_at=START)
    await scene.crisis(contained_at=START, state=State.CLOSED)
    found = await funnels(scene).of(LEAD, "tea", WINDOW)
    assert found == Funnel(posts=5, alerts=6, incidents=4, answered=2, contained=1, unanswered=1)


async def test_drills_other_kinds_monitors_and_times_are_left_out(scene: IndicatorScene) -> None:
    await scene.crisis(drill=True)
    await scene.crisis(kind=Kind.COVERAGE)
    await scene.crisis(monitor_id="rival")
    await scene.crisis(opened_at=START - 8 * DAY)
    await scene.crisis(opened_at=START)
    found = await funnels(scene).of(SYSTEM, "tea", WINDOW)
    assert found == Funnel(posts=0, alerts=0, incidents=0, answered=0, contained=0, unanswered=0)
    assert (await funnels(scene).of(SYSTEM, "rival", WINDOW)).alerts == 1


async def test_a_stranger_is_refused(scene: IndicatorScene) -> None:
    with pytest.raises(Forbidden):
        await funnels(scene).of(person("nobody"), "tea", Window(since=START - HOUR, until=START))
