"""What happens to incidents, and every trace that it leaves."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from service.db import tables
from service.errors import Conflict
from service.incidents import UNCLASSIFIED, Incident, Kind, State, repository
from service.incidents.lifecycle import Action
from tests.support.clock import START
from tests.support.incident_scene import IncidentScene, evidence

MINUTE = timedelta(minutes=1)


async def test_opening_starts_a_run_and_leaves_every_trace(scene: IncidentScene) -> None:
    incident = await scene.open()
    assert (incident.state, incident.tier, incident.posts) == (State.NEW, "yellow", 3)
    assert incident.opened_at == START
    assert incident.first_post_at == START - 2 * MINUTE
    assert "opened" in await scene.kinds()
    assert "incident.opened" in await scene.told()
    footprint = await scene.footprint()
    assert footprint["incident_tier"] == 1
    assert footprint["incident_post"] == 2
    assert footprint["audit_entry"] == footprint["incident_event"]
    assert footprint["run"] == 1
    assert footprint["step"] == len(await scene.steps(incident.id)) > 5
    assert footprint["timer"] > 0


async def test_the_queue_knows_the_next_deadline_from_the_start(local: IncidentScene) -> None:
    incident = await local.open()
    assert incident.next_due_at == START + 15 * MINUTE
    (told,) = [row for row in await local.rows(tables.outbox) if row["type"] == "incident.opened"]
    assert told["data"]["incident"]["next_due_at"] == "2024-03-01T02:15:00.000Z"


async def test_opening_twice_at_one_instant_opens_once(scene: IncidentScene) -> None:
    first = await scene.open()
    footprint = await scene.footprint()
    assert await scene.open() == first
    assert await scene.footprint() == footprint


async def test_a_crisis_that_nobody_has_named_is_unclassified(local: IncidentScene) -> None:
    assert (await local.open(scenario=None)).scenario == UNCLASSIFIED


async def test_other_kinds_have_no_scenario_and_a_playbook_of_their_own(
    local: IncidentScene,
) -> None:
    incident = await local.open(kind=Kind.COVERAGE, scenario=None)
    assert incident.scenario is None
    assert await local.steps(incident.id)


async def test_one_incident_takes_whoever_opens_it(scene: IncidentScene) -> None:
    first = await scene.open()
    footprint = await scene.footprint()
    scene.clock.step(seconds=1)
    with pytest.raises(IntegrityError):
        await scene.open()
    assert await scene.footprint() == footprint
    assert await _ids(scene) == [first.id]


async def test_two_racing_openers_open_one(scene: IncidentScene) -> None:
    async def race(offset: int) -> Incident:
        async with scene.database.write() as connection:
            return await scene.incidents.open(
                connection, scene.opening(), now=START + timedelta(seconds=offset)
            )

    ends = await asyncio.gather(*(race(number) for number in range(3)), return_exceptions=True)
    opened = [end for end in ends if isinstance(end, Incident)]
    lost = [end for end in ends if isinstance(end, IntegrityError)]
    assert (len(opened), len(lost)) == (1, 2)
    assert await _ids(scene) == [opened[0].id]
    assert await scene.count(tables.run) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"scenario": "outage"},
        {"monitor_id": "coffee"},
        {"kind": Kind.COVERAGE},
        {"drill": True, "title": "演习"},
    ],
)
async def test_another_monitor_scenario_or_kind_has_its_own(
    scene: IncidentScene, changes: dict[str, object]
) -> None:
    await scene.open()
    scene.clock.step(seconds=1)
    await scene.open(**changes)
    assert await scene.count(tables.incident) == 2


async def test_after_taking_has_ended_the_next_one_is_linked(scene: IncidentScene) -> None:
    first = await scene.open()
    scene.clock.step(hours=5)
    async with scene.writing(first.id) as (connection, incident):
        await scene.incidents.end_taking(
            connection, incident, reason="calm", contained=True, now=scene.clock.now()
        )
    second = await scene.open(previous_id=first.id)
    assert second.previous_id == first.id
    assert (await scene.get(first.id)).state is State.NEW


async def test_new_posts_are_counted_and_some_of_them_frozen(scene: IncidentScene) -> None:
    opened = await scene.open()
    now = scene.clock.step(minutes=5)
    async with scene.writing(opened.id) as (connection, incident):
        taken = await scene.incidents.take(
            connection,
            incident,
            posts=9,
            evidence=[evidence(2, at=now, text="edited since"), evidence(3, at=now)],
            last_post_at=now,
            first_post=None,
            now=now,
        )
        frozen = await repository.evidence_of(connection, opened.id)
    assert (taken.posts, taken.last_post_at) == (9, now)
    assert [item.post_id for item in frozen] == ["post1", "post2", "post3"]
    assert frozen[1].snapshot == {"text": "杯子漏水"}


async def test_an_earlier_first_post_is_shown_and_moves_no_deadline(scene: IncidentScene) -> None:
    opened = await scene.open()
    due = await scene.due_times(opened.id)
    earlier = opened.first_post_at - timedelta(hours=3)
    await _take(scene, opened, first_post=(earlier, "post0"))
    after = await scene.get(opened.id)
    assert (after.first_post_at, after.first_post_id) == (earlier, "post0")
    assert await scene.due_times(opened.id) == due
    assert (await scene.kinds())[-1] == "earlier_first_post"


async def test_nor_does_it_when_the_tier_rises_afterwards(local: IncidentScene) -> None:
    opened = await local.open()
    untouched = await local.open(monitor_id="other")
    await _take(local, opened, first_post=(opened.first_post_at - timedelta(hours=3), "post0"))
    for incident in (opened, untouched):
        await _set_tier(local, incident, "red", 3)
    assert await local.due_times(opened.id) == await local.due_times(untouched.id)


async def test_a_later_first_post_is_none(local: IncidentScene) -> None:
    opened = await local.open()
    await _take(local, opened, first_post=(opened.first_post_at + MINUTE, "post9"))
    after = await local.get(opened.id)
    assert after.first_post_id == "post1"
    assert "earlier_first_post" not in await local.kinds()


async def test_a_higher_tier_is_told_kept_and_re_plans(scene: IncidentScene) -> None:
    opened = await scene.open()
    scene.clock.step(minutes=5)
    raised = await _set_tier(scene, opened, "red", 3)
    assert (raised.tier, raised.tier_rank) == ("red", 3)
    async with scene.database.read() as connection:
        history = await repository.tier_history(connection, opened.id)
    assert [(change.tier, change.actor) for change in history] == [
        ("yellow", "system"),
        ("red", "system"),
    ]
    (told,) = [
        row for row in await scene.rows(tables.outbox) if row["type"] == "incident.tier_changed"
    ]
    assert (told["data"]["from"], told["data"]["to"], told["tier_rank"]) == ("yellow", "red", 3)
    steps = await scene.steps(opened.id)
    assert "team_complete" in steps
    assert steps["acknowledge"].due_at == START + 10 * MINUTE


async def test_a_tier_that_falls_is_told_to_those_whom_the_higher_one_paged(
    local: IncidentScene,
) -> None:
    opened = await local.open(tier="red", tier_rank=3)
    await _set_tier(local, opened, "yellow", 1)
    (told,) = [
        row for row in await local.rows(tables.outbox) if row["type"] == "incident.tier_changed"
    ]
    assert told["tier_rank"] == 3
    assert told["data"]["incident"]["tier"] == "yellow"


async def test_naming_the_scenario_re_plans_and_keeps_what_is_done(scene: IncidentScene) -> None:
    opened = await scene.open(scenario=UNCLASSIFIED)
    before = await scene.steps(opened.id)
    named = await _name(scene, opened, "product_quality")
    after = await scene.steps(opened.id)
    assert named.scenario == "product_quality"
    assert "scenario_named" in before
    assert "batch_traced" in after
    assert "batch_traced" not in before
    assert after["detected"] == replace(before["detected"], position=after["detected"].position)
    assert after["acknowledge"].due_at == before["acknowledge"].due_at
    assert "scenario_named" in await scene.kinds()
    assert "incident.updated" in await scene.told()


async def test_naming_it_what_it_is_called_already_changes_nothing(local: IncidentScene) -> None:
    opened = await local.open()
    footprint = await local.footprint()
    assert await _name(local, opened, "product_quality") == opened
    assert await local.footprint() == footprint


@pytest.mark.parametrize(
    ("actions", "stamp", "event"),
    [
        ([Action.ACKNOWLEDGE], "acknowledged_at", "incident.acknowledged"),
        ([Action.ACKNOWLEDGE, Action.RESPOND], "responding_at", "incident.updated"),
        ([Action.ACKNOWLEDGE, Action.MONITOR], "monitoring_at", "incident.updated"),
        ([Action.ACKNOWLEDGE, Action.RESOLVE], "resolved_at", "incident.resolved"),
        ([Action.MARK_FALSE_POSITIVE], "closed_at", "incident.closed"),
    ],
)
async def test_each_move_is_stamped_kept_and_told(
    local: IncidentScene, actions: list[Action], stamp: str, event: str
) -> None:
    opened = await local.open()
    now = local.clock.step(minutes=3)
    moved = await local.act(opened.id, *actions)
    assert getattr(moved, stamp) == now
    assert event in await local.told()
    assert [kind for kind in await local.kinds() if kind in set(Action)] == actions


async def test_who_acknowledges_takes_it_on(local: IncidentScene) -> None:
    opened = await local.open()
    seen = await local.act(opened.id, Action.ACKNOWLEDGE)
    assert (seen.acknowledged_by, seen.assignee) == ("usr_lin", "usr_lin")


async def test_flaring_up_again_keeps_the_first_answer_and_takes_back_the_end(
    local: IncidentScene,
) -> None:
    opened = await local.open()
    await local.act(opened.id, Action.ACKNOWLEDGE, Action.RESPOND)
    local.clock.step(hours=1)
    await local.act(opened.id, Action.RESOLVE)
    local.clock.step(hours=1)
    again = await local.act(opened.id, Action.RESPOND)
    assert (again.responding_at, again.resolved_at) == (START, None)
    local.clock.step(hours=1)
    done = await local.act(opened.id, Action.RESOLVE)
    assert done.resolved_at == START + timedelta(hours=3)


async def test_closing_ends_taking_and_leaves_only_what_follows_closing(
    scene: IncidentScene,
) -> None:
    opened = await scene.open()
    await scene.act(opened.id, Action.ACKNOWLEDGE, Action.RESOLVE)
    now = scene.clock.step(hours=1)
    closed = await scene.act(opened.id, Action.CLOSE)
    assert (closed.closed_at, closed.taking_ended_at) == (now, now)
    assert await scene.pending_timers() == {"five_why_review"}
    assert closed.next_due_at == now + timedelta(days=7)
    steps = await scene.steps(opened.id)
    assert steps["close"].state == "done"
    assert steps["first_response"].state == "cancelled"


@pytest.mark.parametrize("action", [Action.MARK_FALSE_POSITIVE])
async def test_a_false_alarm_withdraws_the_whole_run(scene: IncidentScene, action: Action) -> None:
    opened = await scene.open()
    dismissed = await scene.act(opened.id, action)
    assert await scene.pending_timers() == set()
    assert dismissed.next_due_at is None
    assert dismissed.taking_ended_at == START
    states = {row.state for row in (await scene.steps(opened.id)).values()}
    assert states <= {"done", "cancelled"}
    told = await scene.told()
    await scene.pass_time(days=8)
    assert await scene.told() == told


async def test_a_closed_incident_keeps_when_taking_ended_before(local: IncidentScene) -> None:
    opened = await local.open()
    ended = local.clock.step(hours=4)
    async with local.writing(opened.id) as (connection, incident):
        await local.incidents.end_taking(
            connection, incident, reason="calm", contained=False, now=ended
        )
    local.clock.step(hours=1)
    closed = await local.act(opened.id, Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE)
    assert closed.taking_ended_at == ended


async def test_containment_is_stamped_once_told_and_does_its_step(scene: IncidentScene) -> None:
    opened = await scene.open()
    now = scene.clock.step(hours=5)
    async with scene.writing(opened.id) as (connection, incident):
        ended = await scene.incidents.end_taking(
            connection, incident, reason="calm", contained=True, now=now
        )
    assert (ended.contained_at, ended.taking_ended_at) == (now, now)
    assert "incident.cleared" in await scene.told()
    assert (await scene.steps(opened.id))["contained"].state == "done"


async def test_running_out_of_time_is_no_containment(local: IncidentScene) -> None:
    opened = await local.open()
    async with local.writing(opened.id) as (connection, incident):
        ended = await local.incidents.end_taking(
            connection, incident, reason="too long", contained=False, now=START
        )
    assert (ended.contained_at, ended.taking_ended_at) == (None, START)
    assert "incident.cleared" not in await local.told()


async def test_since_when_it_is_calm_is_remembered(local: IncidentScene) -> None:
    opened = await local.open()
    async with local.writing(opened.id) as (connection, incident):
        noted = await local.incidents.note_inside(
            connection, incident, inside_since=START, now=START
        )
    assert noted.inside_since == START


async def test_who_comes_second_is_told_what_has_changed(scene: IncidentScene) -> None:
    stale = await scene.open()
    await scene.act(stale.id, Action.ACKNOWLEDGE)
    async with scene.database.write() as connection:
        with pytest.raises(Conflict, match=r"it is acknowledged, tier yellow, version 2"):
            await scene.incidents.note_inside(connection, stale, inside_since=None, now=START)


async def _ids(scene: IncidentScene) -> list[str]:
    async with scene.database.read() as connection:
        return list(await connection.scalars(select(tables.incident.c.id)))


async def _take(
    scene: IncidentScene, incident: Incident, *, first_post: tuple[datetime, str]
) -> None:
    async with scene.writing(incident.id) as (connection, current):
        await scene.incidents.take(
            connection,
            current,
            posts=4,
            evidence=(),
            last_post_at=scene.clock.now(),
            now=scene.clock.now(),
            first_post=first_post,
        )


async def _set_tier(scene: IncidentScene, incident: Incident, tier: str, rank: int) -> Incident:
    async with scene.writing(incident.id) as (connection, current):
        return await scene.incidents.set_tier(
            connection,
            current,
            tier=tier,
            rank=rank,
            reasons=[{"clause": "negative_1h ≥ 70", "value": 80, "threshold": 70}],
            actor="system",
            now=scene.clock.now(),
        )


async def _name(scene: IncidentScene, incident: Incident, scenario: str) -> Incident:
    async with scene.writing(incident.id) as (connection, current):
        return await scene.incidents.name_scenario(
            connection, current, scenario=scenario, actor="usr_lin", now=scene.clock.now()
        )
