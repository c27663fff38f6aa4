from __future__ import annotations

from datetime import time, timedelta

import pytest

from service.auth import SYSTEM
from service.db import tables
from service.incidents import repository
from service.incidents.lifecycle import Action
from service.oncall import ChainDraft, Matcher
from service.oncall.model import ChainStep, Target, TargetKind, Window
from service.timers import FiredTimer, Stale
from tests.support.incident_scene import LEAD, RESPONDER
from tests.support.oncall_scene import OncallScene

DUTY = Target(kind=TargetKind.ROLE, id="duty")
BOSS = Target(kind=TargetKind.PERSON, id="boss")


async def staffed(scene: OncallScene) -> None:
    """Lin is on duty, and there is a boss above."""
    await scene.add_person("lin", "lin-phone", "lin-mail")
    await scene.add_person("boss", "boss-phone")
    await scene.name_duty("duty", "lin")


async def chained(scene: OncallScene, tier: str = "yellow", **changes: object) -> None:
    """Lin at once, the boss after ten minutes, once; a lease of an hour."""
    draft = ChainDraft(
        id=tier,
        name=tier,
        steps=(ChainStep(notify=(DUTY,)), ChainStep(notify=(BOSS,), wait_min=10)),
        lease_min=60,
        **changes,  # type: ignore[arg-type]  # of the draft's own fields
    )
    await scene.books.chains.put(SYSTEM, draft)


async def test_the_duty_officer_is_paged_at_once_and_the_boss_when_nobody_answers(
    scene: OncallScene,
) -> None:
    await staffed(scene)
    await chained(scene)

    await scene.open()
    assert scene.called() == ["lin-phone"]
    await scene.pass_time(minutes=9)
    assert scene.called() == ["lin-phone"]
    await scene.pass_time(minutes=1)

    assert scene.called() == ["lin-phone", "boss-phone"]


async def test_acknowledging_stops_the_pages_and_no_deadline(scene: OncallScene) -> None:
    await staffed(scene)
    await chained(scene)
    incident = await scene.open()
    deadlines = await scene.pending("step.")

    await scene.act(incident.id, Action.ACKNOWLEDGE)
    await scene.pass_time(minutes=30)

    assert scene.called() == ["lin-phone"]
    assert set(await scene.pending("step.")) <= set(deadlines) != set()


async def test_acknowledging_takes_back_what_has_not_arrived(scene: OncallScene) -> None:
    await staffed(scene)
    await chained(scene)
    scene.sender.refusing = {"lin-phone"}
    incident = await scene.open()
    assert [row["state"] for row in await scene.rows(tables.delivery)] == ["pending"]

    await scene.act(incident.id, Action.ACKNOWLEDGE)
    scene.sender.refusing = set()
    await scene.pass_time(minutes=30)

    assert scene.called() == []
    (delivery,) = await scene.rows(tables.delivery)
    assert (delivery["state"], delivery["reason"]) == ("withdrawn", "acknowledged")


async def test_a_page_that_was_not_routed_yet_is_taken_back_too(local: OncallScene) -> None:
    await staffed(local)
    await chained(local)
    async with local.database.write() as connection:
        incident = await local.incidents.open(connection, local.opening(), now=local.clock.now())
    await local.engine.run(local.clock.now())

    await local.act(incident.id, Action.ACKNOWLEDGE)
    await local.pass_time(minutes=1)

    assert local.called() == []
    assert all(row["withdrawn_at"] for row in await local.rows(tables.page))


async def test_an_idle_lease_lapses_and_escalates_from_the_next_step(scene: OncallScene) -> None:
    await staffed(scene)
    await chained(scene)
    incident = await scene.open()
    await scene.act(incident.id, Action.ACKNOWLEDGE)

    await scene.pass_time(minutes=59)
    assert scene.called() == ["lin-phone"]
    await scene.pass_time(minutes=1)

    assert scene.called() == ["lin-phone", "boss-phone"]
    assert "acknowledgement_lapsed" in await scene.kinds()
    assert (await scene.get(incident.id)).state.value == "acknowledged"


async def test_any_deed_of_a_person_renews_the_lease(local: OncallScene) -> None:
    await staffed(local)
    await chained(local)
    incident = await local.open()
    await local.act(incident.id, Action.ACKNOWLEDGE)

    await local.pass_time(minutes=50)
    await local.desk.comment(RESPONDER, incident.id, "在电话里")
    await local.pass_time(minutes=59)
    assert local.called() == ["lin-phone"]
    await local.pass_time(minutes=1)

    assert local.called() == ["lin-phone", "boss-phone"]


async def test_a_deed_on_a_step_renews_it_as_well(local: OncallScene) -> None:
    await staffed(local)
    await chained(local)
    incident = await local.open()
    await local.act(incident.id, Action.ACKNOWLEDGE)

    await local.pass_time(minutes=50)
    await local.responding.response_desk.do(LEAD, incident.id, "first_response")
    await local.pass_time(minutes=59)

    assert local.called() == ["lin-phone"]


async def test_a_deed_after_the_lapse_takes_it_back(local: OncallScene) -> None:
    await staffed(local)
    await chained(local, repeat=3, again_min=20)
    incident = await local.open()
    await local.act(incident.id, Action.ACKNOWLEDGE)
    await local.pass_time(minutes=60)
    before = local.called()

    await local.desk.act(LEAD, incident.id, Action.ACKNOWLEDGE)
    await local.pass_time(minutes=59)

    assert local.called() == before == ["lin-phone", "boss-phone"]


async def test_a_deed_is_no_acknowledgement(local: OncallScene) -> None:
    await staffed(local)
    await chained(local)
    incident = await local.open()

    await local.desk.comment(RESPONDER, incident.id, "看到了")
    await local.pass_time(minutes=10)

    assert local.called() == ["lin-phone", "boss-phone"]


async def test_what_is_only_watched_may_rest(local: OncallScene) -> None:
    await staffed(local)
    await chained(local)
    incident = await local.open()

    await local.act(incident.id, Action.ACKNOWLEDGE, Action.MONITOR)
    await local.pass_time(hours=5)

    assert local.called() == ["lin-phone"]
    assert "oncall.lease" not in await local.pending()


@pytest.mark.parametrize(
    "ending",
    [
        (Action.MARK_FALSE_POSITIVE,),
        (Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE),
    ],
)
async def test_closing_cancels_all_that_is_pending(
    scene: OncallScene, ending: tuple[Action, ...]
) -> None:
    await staffed(scene)
    await chained(scene)
    scene.sender.refusing = {"lin-phone"}
    incident = await scene.open()

    await scene.act(incident.id, *ending)

    assert await scene.pending() == []
    assert {row["state"] for row in await scene.rows(tables.delivery)} <= {"withdrawn", "sent"}
    assert [row["state"] for row in await scene.rows(tables.escalation)] == ["ended"]


async def test_a_graver_tier_begins_a_graver_chain_although_somebody_has_it(
    scene: OncallScene,
) -> None:
    await staffed(scene)
    await chained(scene)
    await chained(scene, tier="red", ignores_quiet=True)
    incident = await scene.open()
    await scene.act(incident.id, Action.ACKNOWLEDGE)

    await scene.desk.set_tier(LEAD, incident.id, "red", reason="央视跟进")
    await scene.pass_time(minutes=10)

    called = scene.called()
    assert (called[0], set(called[1:3]), called[3:]) == (
        "lin-phone",
        {"lin-phone", "lin-mail"},
        ["boss-phone"],
    )
    states = [(row["tier_rank"], row["state"]) for row in await scene.rows(tables.escalation)]
    assert sorted(states) == [(1, "replaced"), (3, "running")]


async def test_a_lighter_tier_lets_the_chain_go_on(local: OncallScene) -> None:
    await staffed(local)
    await chained(local)
    incident = await local.open("orange")

    await local.desk.set_tier(LEAD, incident.id, "yellow", reason="误判")
    (row,) = await local.rows(tables.escalation)

    assert (row["tier_rank"], row["state"]) == (1, "running")


async def test_editing_a_chain_changes_no_running_escalation(local: OncallScene) -> None:
    await staffed(local)
    await chained(local)
    await local.open()

    await local.books.chains.put(
        SYSTEM,
        ChainDraft(id="yellow", name="x", steps=(ChainStep(notify=(DUTY,)),)),
    )
    await local.pass_time(minutes=10)

    assert local.called() == ["lin-phone", "boss-phone"]


async def test_each_round_adds_the_next_channel(local: OncallScene) -> None:
    await staffed(local)
    draft = ChainDraft(
        id="yellow", name="x", steps=(ChainStep(notify=(DUTY,)),), repeat=2, again_min=5
    )
    await local.books.chains.put(SYSTEM, draft)

    await local.open()
    await local.pass_time(minutes=5)

    called = local.called()
    assert (called[0], sorted(called[1:])) == ("lin-phone", ["lin-mail", "lin-phone"])
    assert "escalation_exhausted" in await local.kinds()


async def test_with_nothing_configured_the_news_is_the_page_and_then_everybody(
    local: OncallScene,
) -> None:
    await local.add_channel("all", events=())

    incident = await local.open("red")
    assert local.pages("incident.opened", "incident.paged") == [("all", "incident.opened")]
    await local.pass_time(minutes=5)

    assert local.called() == ["all"]
    await local.act(incident.id, Action.ACKNOWLEDGE)
    await local.pass_time(minutes=10)
    assert local.called() == ["all"]


async def test_a_late_step_pages_whoever_it_escalates_to(scene: OncallScene) -> None:
    await scene.add_person("zong", "zong-phone")
    await scene.name_duty("executive", "zong")
    await scene.open("yellow")
    await scene.pass_time(hours=3)

    late = [row for row in await scene.rows(tables.page) if row["why"] == "step_late"]

    assert late
    assert "zong-phone" in scene.called()


async def test_a_drill_pages_no_channel_of_the_real_thing(local: OncallScene) -> None:
    await staffed(local)
    await chained(local)

    await local.open(drill=True)
    await local.pass_time(minutes=30)

    assert local.called() == []


async def test_the_page_names_the_person_for_the_link(local: OncallScene) -> None:
    await staffed(local)
    await chained(local)

    await local.open()

    (page,) = [row for row in await local.rows(tables.outbox) if row["type"] == "incident.paged"]
    assert page["data"]["page"]["person"] == "lin"
    assert page["data"]["page"]["why"] == "escalation"
    assert page["occurred_at"] - local.clock.now() == timedelta(0)


async def test_a_step_out_of_its_hours_is_passed_over(local: OncallScene) -> None:
    await staffed(local)
    night = Window(since=time(22), until=time(6))
    steps = (ChainStep(notify=(DUTY,), window=night), ChainStep(notify=(BOSS,), wait_min=1))
    await local.books.chains.put(SYSTEM, ChainDraft(id="yellow", name="x", steps=steps))

    await local.open()
    await local.pass_time(minutes=1)

    assert local.called() == ["boss-phone"]
    assert "page_out_of_hours" in await local.kinds()


async def test_whoever_is_only_quiet_is_left_in_peace(local: OncallScene) -> None:
    await local.add_channel("all", events=())
    await local.add_person("lin", "lin-phone", quiet=Window(since=time(0), until=time(0)))
    await local.name_duty("duty", "lin")
    await chained_to_duty(local)

    await local.open()
    await local.pass_time(minutes=10)

    assert local.called() == []
    assert "paged_nobody" in await local.kinds()


async def test_red_wakes_whoever_sleeps(local: OncallScene) -> None:
    await local.add_person("lin", "lin-phone", quiet=Window(since=time(0), until=time(0)))
    await local.name_duty("duty", "lin")

    await local.open("red")

    assert local.called() == ["lin-phone"]


async def chained_to_duty(scene: OncallScene) -> None:
    steps = (ChainStep(notify=(DUTY,)), ChainStep(notify=(DUTY,), wait_min=5))
    await scene.books.chains.put(SYSTEM, ChainDraft(id="yellow", name="x", steps=steps))


async def test_the_deputy_hears_of_a_late_step_too(local: OncallScene) -> None:
    await local.add_person("zong", "zong-phone")
    await local.add_person("fu", "fu-phone")
    await local.name_duty("executive", "zong", deputy="fu")

    await local.open("yellow")
    await local.pass_time(hours=3)

    late = [row["persons"] for row in await local.rows(tables.page) if row["why"] == "step_late"]
    assert ["zong"] in late
    assert ["fu"] in late


async def test_a_silenced_late_step_pages_nobody(local: OncallScene) -> None:
    await local.add_person("zong", "zong-phone")
    await local.name_duty("executive", "zong")
    await local.responding.silences.make(
        LEAD,
        Matcher(monitors=("tea",)),
        reason="演练",
        until=local.clock.now() + timedelta(hours=6),
    )

    await local.open("yellow")
    await local.pass_time(hours=3)

    assert local.called() == []
    assert "step_escalated" in await local.kinds()


async def test_naming_the_scenario_and_calming_down_begin_no_new_escalation(
    local: OncallScene,
) -> None:
    incident = await local.open(scenario="unclassified")
    await local.desk.name_scenario(LEAD, incident.id, "outage")
    async with local.database.write() as connection:
        await local.incidents.end_taking(
            connection,
            await repository.get(connection, incident.id),
            reason="calm",
            contained=True,
            now=local.clock.now(),
        )

    assert [row["state"] for row in await local.rows(tables.escalation)] == ["running"]


async def test_timers_of_incidents_that_are_not_there_are_stale(local: OncallScene) -> None:
    fired = FiredTimer(
        id="tim",
        kind="oncall.step",
        subject_type="escalation",
        subject_id="none",
        incident_id="none",
        due_at=local.clock.now(),
        fired_at=local.clock.now(),
        late_by=timedelta(0),
        payload={"firing": 0, "role": "pr", "since": local.clock.now().isoformat()},
    )
    async with local.database.write() as connection:
        for kind in ("step", "lease", "reach", "seat"):
            handler = local.responding.handlers[f"oncall.{kind}"]
            assert await handler(connection, fired) is Stale.SUBJECT_GONE


async def test_what_is_opened_again_is_held_again(local: OncallScene) -> None:
    await staffed(local)
    await chained(local)
    incident = await local.open()
    await local.act(incident.id, Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE)
    await local.pass_time(minutes=1)

    await local.act(incident.id, Action.REOPEN)
    await local.pass_time(minutes=59)
    assert local.called() == ["lin-phone"]
    await local.pass_time(minutes=1)

    assert sorted(local.called()) == ["lin-mail", "lin-phone", "lin-phone"]
