"""The run of a playbook: it follows its incident, and its deadlines fire once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from playbooks import DeadlineKind
from service.db import tables
from service.errors import NotFound
from service.incidents import UNCLASSIFIED, Incident
from service.incidents.lifecycle import Action
from service.response import timer_kind
from service.timers import FiredTimer, Stale
from tests.support.clock import START
from tests.support.incident_scene import IncidentScene

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


async def test_a_run_starts_with_the_scenarios_own_playbook(scene: IncidentScene) -> None:
    await scene.open()
    (run,) = await scene.rows(tables.run)
    assert (run["playbook"], run["tier"], run["version"]) == ("product_quality", "yellow", 1)


async def test_every_open_deadline_has_a_timer_and_no_other_has(scene: IncidentScene) -> None:
    opened = await scene.open()
    steps = await scene.steps(opened.id)
    dated = {name for name, row in steps.items() if row.state == "pending" and row.due_at}
    assert await scene.pending_timers() == dated
    assert "close" not in dated


async def test_detecting_in_time_is_done_at_opening(local: IncidentScene) -> None:
    opened = await local.open()
    detected = (await local.steps(opened.id))["detected"]
    assert (detected.state, detected.done_at, detected.breached_at) == ("done", START, None)


async def test_detecting_late_is_one_breach_at_once(scene: IncidentScene) -> None:
    opened = await scene.open(first_post_at=START - HOUR)
    detected = (await scene.steps(opened.id))["detected"]
    assert detected.state == "done"
    assert detected.breached_at is not None
    said = [row for row in await scene.rows(tables.incident_event) if "step" in row["data"]]
    mine = [row for row in said if row["data"]["step"] == "detected"]
    assert [(row["kind"], row["data"]["late_by_s"]) for row in mine] == [("step_done", 3000.0)]


async def test_a_step_past_due_at_opening_is_announced_once_and_not_again(
    local: IncidentScene,
) -> None:
    opened = await local.open(first_post_at=START - 60 * HOUR)
    assert (await local.steps(opened.id))["contained"].state == "breached"
    await local.pass_time(hours=1)
    due = [
        row["data"]["step"]
        for row in await local.rows(tables.incident_event)
        if row["kind"] == "step_due"
    ]
    assert due.count("contained") == 1


async def test_nobody_acts_and_each_deadline_is_warned_breached_and_escalated_once(
    scene: IncidentScene,
) -> None:
    opened = await scene.open()
    await scene.pass_time(days=10)
    said = [
        (row["kind"], row["data"]["step"])
        for row in await scene.rows(tables.incident_event)
        if row["kind"].startswith("step_")
    ]
    assert len(said) == len(set(said))
    assert ("step_due", "acknowledge") in said
    assert ("step_escalated", "acknowledge") in said
    states = {name: row.state for name, row in (await scene.steps(opened.id)).items()}
    assert states["acknowledge"] == "breached"
    assert (await scene.get(opened.id)).next_due_at is None


async def test_an_escalation_says_to_whom(local: IncidentScene) -> None:
    await local.open()
    await local.pass_time(days=1)
    told = [row for row in await local.rows(tables.outbox) if row["type"] == "step.escalated"]
    assert told
    assert all(row["data"]["step"]["escalate_to"] for row in told)
    assert all(row["data"]["step"]["title"]["zh"] for row in told)


async def test_acknowledging_in_time_does_its_step_and_drops_its_timer(
    scene: IncidentScene,
) -> None:
    opened = await scene.open()
    now = scene.clock.step(minutes=3)
    await scene.act(opened.id, Action.ACKNOWLEDGE)
    step = (await scene.steps(opened.id))["acknowledge"]
    assert (step.state, step.done_at, step.done_by) == ("done", now, "usr_lin")
    assert "acknowledge" not in await scene.pending_timers()


async def test_the_next_deadline_follows_what_is_done(local: IncidentScene) -> None:
    opened = await local.open()
    first = opened.next_due_at
    await local.pass_time(minutes=16)
    after = (await local.get(opened.id)).next_due_at
    assert first is not None
    assert after is not None
    assert after > first


async def test_a_move_without_meaning_for_the_run_leaves_it(local: IncidentScene) -> None:
    opened = await local.open()
    await local.act(opened.id, Action.ACKNOWLEDGE)
    (before,) = await local.rows(tables.run)
    await local.act(opened.id, Action.RESPOND)
    assert await local.rows(tables.run) == [before]


async def test_a_run_that_nothing_changes_keeps_its_version(local: IncidentScene) -> None:
    opened = await local.open()
    async with local.writing(opened.id) as (connection, incident):
        await local.responses.tier_changed(connection, incident, now=START)
    (run,) = await local.rows(tables.run)
    assert run["version"] == 1


async def test_naming_the_scenario_puts_its_playbook_in_place(local: IncidentScene) -> None:
    opened = await local.open(scenario=UNCLASSIFIED)
    async with local.writing(opened.id) as (connection, incident):
        await local.incidents.name_scenario(
            connection, incident, scenario="outage", actor="usr_lin", now=START
        )
    (run,) = await local.rows(tables.run)
    assert (run["playbook"], run["version"]) == ("outage", 2)
    assert "situation_assessed" not in await local.pending_timers()


async def test_an_incident_without_a_run_is_said_to_have_none(local: IncidentScene) -> None:
    opened = await local.open()
    async with local.database.write() as connection:
        await connection.execute(tables.step.delete())
        await connection.execute(tables.run.delete())
    async with local.writing(opened.id) as (connection, incident):
        with pytest.raises(NotFound, match="has no run"):
            await local.responses.tier_changed(connection, incident, now=START)


@pytest.mark.parametrize("incident_id", [None, "inc_gone"])
async def test_a_timer_of_nothing_is_stale(local: IncidentScene, incident_id: str | None) -> None:
    async with local.database.write() as connection:
        answer = await local.responses.deadline_passed(connection, fired(incident_id))
    assert answer is Stale.SUBJECT_GONE


async def test_a_timer_that_fires_twice_says_it_once(local: IncidentScene) -> None:
    opened: Incident = await local.open()
    late = fired(opened.id)
    for _ in range(2):
        async with local.database.write() as connection:
            assert await local.responses.deadline_passed(connection, late) is None
    assert (await local.kinds()).count("step_due") == 1


def fired(incident_id: str | None) -> FiredTimer:
    """The due timer of the step `acknowledge`, half an hour after opening."""
    at = START + 30 * MINUTE
    return FiredTimer(
        id="tim_1",
        kind="step.due",
        subject_type="step",
        subject_id="run_1:acknowledge",
        incident_id=incident_id,
        due_at=at,
        fired_at=at,
        late_by=timedelta(0),
        payload={"step": "acknowledge", "deadline": "due"},
    )


def test_kinds_of_timers_are_named_after_their_deadline() -> None:
    assert {timer_kind(kind) for kind in DeadlineKind} == {
        "step.warn",
        "step.due",
        "step.escalate",
        "step.resume",
    }
