"""What used to page nobody: tiers that come back, nights, and what ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from service.auth import SYSTEM, Passwords, Role, Users
from service.db import Database, tables
from service.errors import IllegalTransition
from service.incidents import State
from service.incidents.lifecycle import Action
from service.oncall import ChainDraft, Matcher
from service.oncall.model import ChainStep, Target, TargetKind, Window
from tests.support.clock import SteppingClock
from tests.support.incident_scene import LEAD, RESPONDER
from tests.support.oncall_scene import OncallScene

DUTY = Target(kind=TargetKind.ROLE, id="duty")


async def staffed(scene: OncallScene, *, quiet: Window | None = None) -> None:
    await scene.add_person("lin", "lin-phone", quiet=quiet)
    await scene.name_duty("duty", "lin")


async def one_step(scene: OncallScene, tier: str) -> None:
    draft = ChainDraft(id=tier, name=tier, steps=(ChainStep(notify=(DUTY,)),), again_min=10)
    await scene.books.chains.put(SYSTEM, draft)


async def raised(scene: OncallScene, incident_id: str, tier: str) -> None:
    await scene.desk.set_tier(LEAD, incident_id, tier, reason="so it is")
    await scene.pass_time()


async def silenced(scene: OncallScene, **duration: float) -> str:
    until = scene.clock.now() + timedelta(**duration)
    silence = await scene.responding.silences.make(
        RESPONDER, Matcher(monitors=("tea",)), reason="x", until=until
    )
    return silence.id


@pytest.mark.parametrize("held", [True, False])
async def test_what_is_lowered_and_raised_again_pages_again(scene: OncallScene, held: bool) -> None:
    await staffed(scene)
    incident = await scene.open("red")
    if held:
        await scene.act(incident.id, Action.ACKNOWLEDGE, Action.MONITOR)
    await raised(scene, incident.id, "yellow")
    await scene.pass_time(hours=1)
    before = len(scene.called())

    await raised(scene, incident.id, "red")

    assert scene.called()[before:] == ["lin-phone"]


async def test_a_tier_that_swings_within_one_instant_still_pages(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open("red")

    await local.desk.set_tier(LEAD, incident.id, "yellow", reason="no")
    await raised(local, incident.id, "red")

    states = sorted(row["state"] for row in await local.rows(tables.escalation))
    assert states == ["replaced", "running"]


@pytest.mark.parametrize("tier", ["yellow", "orange"])
async def test_whoever_sleeps_is_paged_when_they_wake_up(local: OncallScene, tier: str) -> None:
    hour = (local.clock.now() + timedelta(hours=8)).hour
    until = time((hour + 5) % 24, 7)
    await staffed(local, quiet=Window(since=time(hour), until=until))
    await local.add_channel("news", events=("incident.opened",))
    minutes = 5 * 60 + 7 - local.clock.now().minute
    await one_step(local, tier)

    await local.open(tier)
    await local.pass_time(minutes=minutes - 1)
    assert local.called() == []
    await local.pass_time(minutes=1)

    assert local.called() == ["lin-phone"]


async def test_a_page_that_waited_for_the_morning_is_watched(local: OncallScene) -> None:
    hour = (local.clock.now() + timedelta(hours=8)).hour
    await staffed(local, quiet=Window(since=time(hour), until=time((hour + 5) % 24)))
    await local.add_channel("news", events=("incident.opened",))
    local.sender.refusing = {"lin-phone"}

    incident = await local.open("orange")
    await local.pass_time(hours=6)

    assert "reached_nobody" in await local.kinds()
    assert (await local.get(incident.id)).state is State.NEW


async def test_an_undelivered_page_is_loud_after_a_lighter_acknowledgement(
    scene: OncallScene,
) -> None:
    await staffed(scene)
    incident = await scene.open()
    await scene.act(incident.id, Action.ACKNOWLEDGE)
    await scene.pass_time(minutes=1)
    scene.sender.refusing = {"lin-phone"}

    await raised(scene, incident.id, "red")
    await scene.pass_time(minutes=5)
    assert (await scene.get(incident.id)).reached_nobody_at is not None
    await scene.act(incident.id, Action.ACKNOWLEDGE)

    assert (await scene.get(incident.id)).reached_nobody_at is None


async def test_an_undelivered_page_is_loud_after_a_lapse(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open("red")
    await local.act(incident.id, Action.ACKNOWLEDGE)
    local.sender.refusing = {"lin-phone"}

    await local.pass_time(minutes=26)

    assert (await local.get(incident.id)).reached_nobody_at is not None


async def test_a_machine_that_takes_the_news_is_nobody(
    sqlite_database: Database, clock: SteppingClock, tmp_path: Path
) -> None:
    scene = OncallScene(sqlite_database, clock, tmp_path, fallback="last")
    await staffed(scene)
    await scene.add_channel("siem", events=("incident.opened",))
    await scene.add_channel("last")
    scene.sender.refusing = {"lin-phone"}

    await scene.open("red")
    await scene.pass_time(minutes=5)

    assert scene.pages("incident.unreached") == [("last", "incident.unreached")]


async def test_news_that_arrives_late_leaves_the_flag(
    sqlite_database: Database, clock: SteppingClock, tmp_path: Path
) -> None:
    local = OncallScene(sqlite_database, clock, tmp_path, fallback="lin-phone")
    await staffed(local)
    await local.add_channel("siem", events=("incident.opened",))
    local.sender.refusing = {"lin-phone", "siem"}
    incident = await local.open("red")
    await local.pass_time(minutes=5)

    local.sender.refusing = {"lin-phone"}
    await local.pass_time(minutes=30)

    assert ("siem", "incident.opened") in local.pages()
    assert (await local.get(incident.id)).reached_nobody_at is not None


async def test_a_comment_stops_no_chain_that_nobody_has_acknowledged(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open()
    await local.act(incident.id, Action.ACKNOWLEDGE)
    await raised(local, incident.id, "red")
    before = len(local.called())

    await local.desk.comment(RESPONDER, incident.id, "写了个草稿")
    await local.pass_time(minutes=5)

    assert local.called()[before:] == ["lin-phone"]


@pytest.mark.parametrize("further", [(), (Action.RESPOND,), (Action.MONITOR,), (Action.RESOLVE,)])
async def test_a_graver_tier_is_acknowledged_where_it_stands(
    local: OncallScene, further: tuple[Action, ...]
) -> None:
    await staffed(local)
    incident = await local.open()
    state = (await local.act(incident.id, Action.ACKNOWLEDGE, *further)).state
    await raised(local, incident.id, "red")
    before = len(local.called())

    after = await local.desk.act(LEAD, incident.id, Action.ACKNOWLEDGE)
    await local.pass_time(minutes=19)

    assert (after.state, len(local.called())) == (state, before)
    told = [row["type"] for row in await local.rows(tables.outbox)]
    assert told.count("incident.acknowledged") == 2


async def test_what_is_held_and_further_is_acknowledged_no_more(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open()
    await local.act(incident.id, Action.ACKNOWLEDGE, Action.RESPOND)

    with pytest.raises(IllegalTransition):
        await local.desk.act(LEAD, incident.id, Action.ACKNOWLEDGE)


@pytest.mark.parametrize("early", [True, False])
async def test_the_first_page_goes_out_after_a_silence(local: OncallScene, early: bool) -> None:
    await local.add_channel("room", events=())
    silence = await silenced(local, minutes=30)
    await local.open("orange")

    await local.pass_time(minutes=20)
    if early:
        await local.responding.silences.end(RESPONDER, silence)
    await local.pass_time(minutes=10)

    assert local.called()[:1] == ["room"]


async def test_the_first_page_goes_out_when_what_was_opened_again_lapses(
    local: OncallScene,
) -> None:
    await local.add_channel("room", events=())
    incident = await local.open("red")
    await local.act(incident.id, Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE)
    await local.pass_time(minutes=1)
    await local.act(incident.id, Action.REOPEN)

    await local.pass_time(minutes=20)

    assert local.called() == ["room"]


@pytest.mark.parametrize("fallback", ["dutyroom", "shut", "exercise"])
async def test_without_the_channel_of_last_resort_every_channel_is(
    sqlite_database: Database, clock: SteppingClock, tmp_path: Path, fallback: str
) -> None:
    scene = OncallScene(sqlite_database, clock, tmp_path, fallback=fallback)
    await scene.add_channel("duty-room")
    await scene.add_channel("shut", enabled=False)
    await scene.add_channel("exercise", drill=True)

    await scene.open("red")
    await scene.pass_time(minutes=5)

    assert scene.pages("incident.unreached") == [("duty-room", "incident.unreached")]


async def test_whoever_has_left_is_not_called(local: OncallScene) -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    users = Users(local.database, local.clock, Passwords(hasher))
    made = await users.create(SYSTEM, name="lin", roles=[Role.RESPONDER])
    await local.add_person("lin", "lin-phone", user="lin")
    await local.name_duty("duty", "lin")
    await local.add_channel("room", events=("incident.paged",))
    await users.set_disabled(SYSTEM, made.user.id, disabled=True)

    await local.open("orange")
    await local.pass_time(minutes=15)

    assert local.called() == ["room"]


async def test_the_stand_in_of_a_channel_that_is_switched_off_has_the_page(
    local: OncallScene,
) -> None:
    await local.add_channel("sms")
    await staffed(local)
    await local.add_channel("lin-phone", settings={"fallback": "sms"})
    async with local.database.write() as connection:
        now = local.clock.now()
        await local.channels.switch_off(connection, "lin-phone", "410 gone", now)

    await local.open("red")

    assert local.called() == ["sms"]


async def test_a_channel_of_drills_is_nobodys_phone(local: OncallScene) -> None:
    await staffed(local)
    await local.add_channel("lin-phone", drill=True)
    await local.add_channel("room", events=("incident.paged",))

    await local.open("orange")
    await local.pass_time(minutes=15)

    assert local.called() == ["room"]


async def test_a_page_that_arrives_while_the_incident_is_written_takes_the_flag_away(
    scene: OncallScene,
) -> None:
    if scene.database.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time")
    await staffed(scene)
    scene.sender.refusing = {"lin-phone"}
    incident = await scene.open("red")
    await scene.pass_time(minutes=6)
    scene.sender.refusing = set()
    pending = [row for row in await scene.rows(tables.delivery) if row["state"] == "pending"]
    scene.clock.advance_to(max(row["next_at"] for row in pending))

    async with scene.database.write() as connection:
        await connection.execute(
            tables.incident.update().where(tables.incident.c.id == incident.id).values(posts=9)
        )
        await scene.deliverer.run(scene.clock.now())
    await scene.pass_time(seconds=1)

    assert "page_sent" in await scene.kinds()
    assert (await scene.get(incident.id)).reached_nobody_at is None


async def test_a_silence_that_is_ended_early_wakes_the_look(local: OncallScene) -> None:
    await staffed(local)
    local.sender.refusing = {"lin-phone"}
    silence = await silenced(local, days=6)
    incident = await local.open("orange")
    await local.pass_time(minutes=15)

    await local.responding.silences.end(RESPONDER, silence)
    await local.pass_time(minutes=10)

    assert (await local.get(incident.id)).reached_nobody_at is not None


async def test_a_program_renews_no_lease(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open("red")
    await local.act(incident.id, Action.ACKNOWLEDGE)
    before = len(local.called())

    for _ in range(2):
        await local.pass_time(minutes=10)
        await local.desk.comment(replace(RESPONDER, id="key_bot"), incident.id, "synced")

    assert local.called()[before:] == ["lin-phone"]
