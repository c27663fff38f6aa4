"""A chain that nobody answers: how often it begins anew, and who hears of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from service.auth import SYSTEM
from service.db import tables
from service.incidents.lifecycle import Action
from service.oncall import ChainDraft, Matcher, shipped_chains
from service.oncall.model import ChainStep, Target, TargetKind
from service.timers import FiredTimer, Stale
from tests.support.incident_scene import RESPONDER
from tests.support.oncall_scene import OncallScene

DUTY = Target(kind=TargetKind.ROLE, id="duty")
CRIES = ("incident.unreached",)


async def staffed(scene: OncallScene) -> None:
    await scene.add_person("lin", "lin-phone")
    await scene.name_duty("duty", "lin")


async def one_step(
    scene: OncallScene, tier: str, *, anew: int | None = None, rest_min: int | None = None
) -> None:
    draft = ChainDraft(
        id=tier,
        name=tier,
        steps=(ChainStep(notify=(DUTY,)),),
        again_min=10,
        anew=anew,
        rest_min=rest_min,
    )
    await scene.books.chains.put(SYSTEM, draft)


async def silenced(scene: OncallScene, **duration: float) -> str:
    until = scene.clock.now() + timedelta(**duration)
    silence = await scene.responding.silences.make(
        RESPONDER, Matcher(monitors=("tea",)), reason="x", until=until
    )
    return silence.id


async def test_a_chain_that_nobody_answered_is_loud(local: OncallScene) -> None:
    await staffed(local)
    await one_step(local, "yellow")

    await local.open()
    await local.pass_time(minutes=9)
    assert local.pages("incident.unreached") == []
    await local.pass_time(minutes=1)

    assert local.pages("incident.unreached") == [("lin-phone", "incident.unreached")]


@pytest.mark.parametrize("action", [Action.ACKNOWLEDGE, Action.MARK_FALSE_POSITIVE])
async def test_who_answers_in_time_keeps_it_from_being_loud(
    local: OncallScene, action: Action
) -> None:
    await staffed(local)
    await one_step(local, "yellow")
    incident = await local.open()

    await local.act(incident.id, action)
    await local.pass_time(minutes=30)

    assert local.pages("incident.unreached") == []


async def test_a_silence_that_came_between_defers_that_it_is_said(local: OncallScene) -> None:
    await staffed(local)
    await one_step(local, "yellow")
    await local.open()

    await silenced(local, minutes=30)
    await local.pass_time(minutes=29)
    assert local.pages("incident.unreached") == []
    await local.pass_time(minutes=1)

    assert local.pages("incident.unreached") == [("lin-phone", "incident.unreached")]


async def test_the_gravest_pages_through_the_night_and_then_every_few_hours(
    local: OncallScene,
) -> None:
    await staffed(local)
    await local.open("red")
    await local.pass_time(hours=8)
    night = len(local.called())
    await local.pass_time(hours=4)
    rest = len(local.called()) - night
    await local.pass_time(days=2)
    later = len(local.called()) - night - rest

    # Half of the steps of the shipped chain call everybody, and nobody else is there.
    assert night >= 12 * 4
    assert rest <= 4
    assert 11 * 2 <= later <= 12 * 2


async def test_a_chain_begins_anew_so_often_and_no_more(local: OncallScene) -> None:
    await staffed(local)
    await one_step(local, "yellow", anew=3, rest_min=0)

    await local.open()
    await local.pass_time(days=7)

    assert len(local.called()) == 4
    (row,) = await local.rows(tables.escalation)
    assert (row["anew"], row["state"]) == (3, "exhausted")


async def test_it_is_said_when_it_first_runs_out_and_as_a_last_word(local: OncallScene) -> None:
    await staffed(local)
    await one_step(local, "red", anew=2, rest_min=60)

    await local.open("red")
    await local.pass_time(days=1)

    cries = [row for row in await local.rows(tables.outbox) if row["type"] in CRIES]
    assert {row["data"]["unreached"]["why"] for row in cries} == {"unanswered"}
    said = [row for row in await local.rows(tables.incident_event) if row["kind"] == "unanswered"]
    assert [row["data"]["anew"] for row in said] == [1, 3]


async def test_the_flag_stands_although_pages_arrive_until_somebody_answers(
    local: OncallScene,
) -> None:
    await staffed(local)
    await one_step(local, "red", anew=1, rest_min=60)
    incident = await local.open("red")
    await local.pass_time(hours=12)

    flagged = await local.get(incident.id)
    file = await local.responding.oncall.file(RESPONDER, incident.id)
    assert flagged.reached_nobody_at is not None
    assert file.escalations[0].unanswered_at is not None
    after = await local.act(incident.id, Action.ACKNOWLEDGE)

    assert after.reached_nobody_at is None
    (row,) = await local.rows(tables.escalation)
    assert (row["anew"], row["unanswered_at"]) == (0, None)


async def test_what_ones_own_chain_leaves_out_is_as_in_the_shipped_one(local: OncallScene) -> None:
    await staffed(local)
    await one_step(local, "red")

    await local.open("red")

    (row,) = await local.rows(tables.escalation)
    shipped = shipped_chains()["red"]
    assert (row["chain"]["anew"], row["chain"]["rest_min"]) == (shipped.anew, shipped.rest_min)


async def test_a_drill_is_no_error_of_the_log(local: OncallScene) -> None:
    with capture_logs() as lines:
        await local.open("red", drill=True)
        await local.pass_time(hours=1)

    said = {line["event"]: line["log_level"] for line in lines if "oncall." in line["event"]}
    assert said == {"oncall.reached_nobody": "info", "oncall.unanswered": "info"}


async def test_a_chain_that_is_gone_expects_no_answer(local: OncallScene) -> None:
    incident = await local.open()
    now = local.clock.now()
    fired = FiredTimer(
        id="tim",
        kind="oncall.unanswered",
        subject_type="incident",
        subject_id=incident.id,
        incident_id=incident.id,
        due_at=now,
        fired_at=now,
        late_by=timedelta(0),
        payload={"escalation": "esc_none"},
    )
    look = local.responding.handlers["oncall.unanswered"]

    async with local.database.write() as connection:
        gone = await look(connection, fired)
        nothing = await look(connection, replace(fired, subject_id="inc_none"))

    assert (gone, nothing) == (Stale.SUBJECT_GONE, Stale.SUBJECT_GONE)
