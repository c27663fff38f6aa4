"""A reopened crisis takes posts again, unless another one takes them by now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.incidents import Action, Incident, Kind
from service.monitoring.grouping import TAKING_MAX, TakingEnd, assess_calm
from tests.support.incident_scene import IncidentScene

CLOSING = (Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE)


async def closed(scene: IncidentScene, **changes: object) -> Incident:
    opened = await scene.open(**changes)
    done = await scene.act(opened.id, *CLOSING)
    scene.clock.step(days=3)
    return done


async def test_it_takes_posts_again(scene: IncidentScene) -> None:
    over = await closed(scene)
    assert not over.is_taking

    again = await scene.act(over.id, Action.REOPEN)

    assert again.is_taking
    assert (again.contained_at, again.inside_since) == (None, None)
    assert again.reopened_at == again.began_at == scene.clock.now()


async def test_its_day_counts_from_then(local: IncidentScene) -> None:
    again = await local.act((await closed(local)).id, Action.REOPEN)
    now = local.clock.now()
    soon = assess_calm(again, is_inside=False, now=now + TAKING_MAX - timedelta(minutes=1))
    late = assess_calm(again, is_inside=False, now=now + TAKING_MAX)
    assert (soon.end, late.end) == (None, TakingEnd.TOO_LONG)


@pytest.mark.parametrize("segment", ["product_quality", "unclassified"])
async def test_posts_that_another_one_takes_stay_there(local: IncidentScene, segment: str) -> None:
    over = await closed(local, scenario=segment)
    if segment == "unclassified":
        async with local.writing(over.id) as (connection, incident):
            await local.incidents.name_scenario(
                connection, incident, scenario="outage", actor="x", now=local.clock.now()
            )
    newer = await local.open(scenario=segment)

    again = await local.act(over.id, Action.REOPEN)

    assert not again.is_taking
    assert (await local.get(newer.id)).is_taking


async def test_what_never_took_posts_takes_none(local: IncidentScene) -> None:
    over = await closed(local, kind=Kind.BACKLOG, scenario=None, subject="review")
    assert not (await local.act(over.id, Action.REOPEN)).is_taking


async def test_responding_to_what_was_resolved_takes_them_too(local: IncidentScene) -> None:
    opened = await local.open()
    await local.act(opened.id, Action.ACKNOWLEDGE, Action.RESOLVE)
    await calmed(local, opened.id)

    again = await local.act(opened.id, Action.RESPOND)

    assert again.is_taking


async def test_calmed_down_once_more_it_says_so_once_more(local: IncidentScene) -> None:
    opened = await local.open()
    await calmed(local, opened.id)
    await local.act(opened.id, *CLOSING, Action.REOPEN)
    local.clock.step(hours=5)

    await calmed(local, opened.id)

    assert (await local.told()).count("incident.cleared") == 2


async def calmed(scene: IncidentScene, incident_id: str) -> None:
    async with scene.writing(incident_id) as (connection, incident):
        await scene.incidents.end_taking(
            connection, incident, reason="calm", contained=True, now=scene.clock.now()
        )
