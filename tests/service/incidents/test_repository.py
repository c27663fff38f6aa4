"""Queries on incidents: filters, pages, the latest of each scenario."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from service.errors import NotFound
from service.incidents import Kind, State, repository
from service.incidents.lifecycle import Action
from service.incidents.repository import IncidentFilter, only_open
from tests.support.clock import START
from tests.support.incident_scene import IncidentScene, evidence

HOUR = timedelta(hours=1)


async def test_what_is_written_is_read_back(scene: IncidentScene) -> None:
    opened = await scene.open()
    assert await scene.get(opened.id) == opened
    assert opened.reasons == ({"clause": "negative_1h ≥ 10", "value": 12, "threshold": 10},)


async def test_an_unknown_one_is_none_or_not_found(scene: IncidentScene) -> None:
    async with scene.database.read() as connection:
        assert await repository.find(connection, "inc_none") is None
        with pytest.raises(NotFound, match="'inc_none'"):
            await repository.get(connection, "inc_none")


async def test_only_a_crisis_that_takes_posts_makes_its_monitor_tick(scene: IncidentScene) -> None:
    await scene.open()
    await scene.open(scenario="outage")
    await scene.open(monitor_id="b", kind=Kind.COVERAGE, scenario=None)
    ended = await scene.open(monitor_id="c")
    await scene.act(ended.id, Action.MARK_FALSE_POSITIVE)
    async with scene.database.read() as connection:
        assert await repository.monitors_burning(connection) == {"tea": True}


async def test_where_each_scenario_stands(scene: IncidentScene) -> None:
    first = await scene.open()
    await scene.act(first.id, Action.MARK_FALSE_POSITIVE)
    scene.clock.step(hours=2)
    second = await scene.open()
    outage = await scene.open(scenario="outage")
    await scene.open(monitor_id="b")
    async with scene.database.read() as connection:
        found = await repository.standings(connection, "tea", since=START)
        later = await repository.standings(connection, "tea", since=START + 3 * HOUR)
    assert {name: item.latest.id for name, item in found.items()} == {
        "product_quality": second.id,
        "outage": outage.id,
    }
    assert found["product_quality"].taken_until == START
    assert found["outage"].taken_until is None
    # long-lived ones stay in sight as long as they take posts
    assert later.keys() == found.keys()


async def test_an_old_ended_one_is_out_of_sight(local: IncidentScene) -> None:
    first = await local.open()
    await local.act(first.id, Action.MARK_FALSE_POSITIVE)
    async with local.database.read() as connection:
        assert await repository.standings(connection, "tea", since=START + HOUR) == {}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (IncidentFilter(), {"a", "b", "c"}),
        (IncidentFilter(states=(State.FALSE_POSITIVE,)), {"c"}),
        (IncidentFilter(kinds=(Kind.COVERAGE,)), {"b"}),
        (IncidentFilter(monitors=("a", "b")), {"a", "b"}),
        (IncidentFilter(scenarios=("outage",)), {"c"}),
        (IncidentFilter(tiers=("red",)), {"a"}),
        (IncidentFilter(drill=True), {"c"}),
        (IncidentFilter(drill=False), {"a", "b"}),
        (IncidentFilter(opened_since=START + HOUR), {"b", "c"}),
        (IncidentFilter(opened_until=START + HOUR), {"a"}),
        (IncidentFilter(monitors=("a",), tiers=("yellow",)), set()),
    ],
)
async def test_filters(scene: IncidentScene, wanted: IncidentFilter, found: set[str]) -> None:
    await scene.open(monitor_id="a", tier="red", tier_rank=3)
    scene.clock.step(hours=1)
    await scene.open(monitor_id="b", kind=Kind.COVERAGE, scenario=None)
    last = await scene.open(monitor_id="c", scenario="outage", drill=True)
    await scene.act(last.id, Action.MARK_FALSE_POSITIVE)
    async with scene.database.read() as connection:
        items = await repository.newest(connection, wanted, before=None, limit=10)
        assert await repository.count(connection, wanted) == len(found)
    assert {item.monitor_id for item in items} == found


def test_only_open_leaves_named_states_alone() -> None:
    assert set(only_open(IncidentFilter()).states) == {
        State.NEW,
        State.ACKNOWLEDGED,
        State.RESPONDING,
        State.MONITORING,
        State.RESOLVED,
    }
    closed = IncidentFilter(states=(State.CLOSED,))
    assert only_open(closed) == closed


async def test_what_is_private_is_out_of_sight_however_it_is_asked_for(
    scene: IncidentScene,
) -> None:
    await scene.open()
    wanted = IncidentFilter(kinds=(Kind.CRISIS,))
    private = IncidentFilter(kinds=(Kind.PERSON_AT_RISK,), private=False)
    async with scene.database.read() as connection:
        assert await repository.count(connection, replace(wanted, private=False)) == 1
        assert await repository.count(connection, private) == 0


@pytest.mark.parametrize(
    ("within", "found"), [(None, 2), ({"a"}, 1), ({"a", "b", "c"}, 2), (set(), 0)]
)
async def test_monitors_in_sight_limit_whatever_is_asked(
    scene: IncidentScene, within: set[str] | None, found: int
) -> None:
    await scene.open(monitor_id="a")
    await scene.open(monitor_id="b")
    wanted = IncidentFilter(
        monitors=("a", "b"), within=None if within is None else frozenset(within)
    )
    async with scene.database.read() as connection:
        assert await repository.count(connection, wanted) == found


async def test_pages_of_equal_instants_neither_repeat_nor_skip(scene: IncidentScene) -> None:
    for name in "abcde":
        await scene.open(monitor_id=name)
    seen: list[str] = []
    before = None
    async with scene.database.read() as connection:
        while page := await repository.newest(connection, IncidentFilter(), before=before, limit=2):
            seen += [item.id for item in page]
            before = (page[-1].opened_at, page[-1].id)
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


async def test_the_timeline_goes_on_after_an_entry(scene: IncidentScene) -> None:
    opened = await scene.open()
    async with scene.database.read() as connection:
        whole = await repository.timeline(connection, opened.id)
        rest = await repository.timeline(connection, opened.id, after_id=whole[0].id)
        one = await repository.timeline(connection, opened.id, limit=1)
    assert rest == whole[1:]
    assert one == whole[:1]


async def test_evidence_is_counted(local: IncidentScene) -> None:
    opened = await local.open()
    bare = await local.open(scenario="outage", evidence=())
    async with local.database.read() as connection:
        assert await repository.count_evidence(connection, opened.id) == 2
        assert await repository.count_evidence(connection, bare.id) == 0


async def test_a_deletion_is_noted_once_on_the_evidence_of_every_incident(
    scene: IncidentScene,
) -> None:
    first, second = await scene.open(), await scene.open(scenario="outage")
    at = scene.clock.step(minutes=5)
    for later in (at, scene.clock.step(minutes=5)):
        async with scene.database.write() as connection:
            await repository.note_deletion(connection, ["post1", "none"], gone=True, at=later)
    for incident in (first, second):
        async with scene.database.read() as connection:
            evidence = await repository.evidence_of(connection, incident.id)
            timeline = await repository.timeline(connection, incident.id)
        assert {item.post_id: item.deleted_at for item in evidence} == {"post1": at, "post2": None}
        (entry,) = [item for item in timeline if item.kind == "evidence_deleted"]
        assert (entry.at, entry.data) == (at, {"posts": ["post1"]})


async def test_a_post_that_is_back_is_noted_too(local: IncidentScene) -> None:
    opened = await local.open()
    async with local.database.write() as connection:
        await repository.note_deletion(connection, ["post1"], gone=True, at=local.clock.now())
        await repository.note_deletion(
            connection, ["post1", "post2"], gone=False, at=local.clock.now()
        )
        evidence = await repository.evidence_of(connection, opened.id)
    assert {item.deleted_at for item in evidence} == {None}
    assert (await local.kinds())[-2:] == ["evidence_deleted", "evidence_restored"]


async def test_evidence_of_open_crises_is_named_the_latest_first(scene: IncidentScene) -> None:
    opened = await scene.open()
    await scene.open(scenario="outage", drill=True, evidence=(evidence(3, at=scene.clock.now()),))
    scene.clock.step(minutes=5)
    await scene.open(scenario="misconduct", evidence=(evidence(4, at=scene.clock.now()),))
    async with scene.database.read() as connection:
        assert await repository.open_evidence(connection) == ("post4", "post1", "post2")
        assert await repository.open_evidence(connection, limit=1) == ("post4",)
        assert await repository.open_evidence(connection, among=["post2", "none"]) == ("post2",)
    await scene.act(opened.id, Action.ACKNOWLEDGE, Action.MARK_FALSE_POSITIVE)
    async with scene.database.read() as connection:
        assert await repository.open_evidence(connection) == ("post4",)
