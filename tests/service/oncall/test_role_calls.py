"""Who is called for a late step or an empty seat, and when it has to wait."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from service.auth import SYSTEM
from service.db import tables
from service.errors import InvalidInput
from service.incidents import Incident
from service.incidents.lifecycle import Action
from service.oncall import ChainDraft, DutyDraft, Matcher
from service.oncall.model import EVERYBODY, ChainStep, Target, TargetKind, Window
from tests.support.incident_scene import LEAD, LEGAL, RESPONDER
from tests.support.oncall_scene import OncallScene


def person(name: str) -> Target:
    return Target(kind=TargetKind.PERSON, id=name)


async def staffed(scene: OncallScene, quiet: Window | None = None) -> None:
    """Somebody for legal, with a deputy, and for executive, to whom late steps escalate."""
    await scene.add_person("fa", "fa-phone", quiet=quiet)
    for name in ("fa2", "zong", "wai"):
        await scene.add_person(name, f"{name}-phone")
    await scene.name_duty("legal", "fa", deputy="fa2")
    await scene.name_duty("executive", "zong")


async def role_chain(scene: OncallScene, chain: str, *steps: ChainStep, **changes: Any) -> None:
    await scene.books.chains.put(SYSTEM, ChainDraft(id=chain, name=chain, steps=steps, **changes))


async def silenced(scene: OncallScene, **duration: float) -> str:
    silence = await scene.responding.silences.make(
        RESPONDER,
        Matcher(monitors=("tea",)),
        reason="首发",
        until=scene.clock.now() + timedelta(**duration),
    )
    return silence.id


async def whys(scene: OncallScene, *wanted: str) -> list[tuple[str, list[str]]]:
    """(why, whom) of the pages of those reasons, in order."""
    rows = sorted(await scene.rows(tables.page), key=lambda row: row["at"])
    return [(row["why"], row["persons"]) for row in rows if row["why"] in wanted]


async def test_a_seat_that_a_silence_met_is_called_for_when_it_is_over(scene: OncallScene) -> None:
    await staffed(scene)
    await silenced(scene, minutes=30)

    await scene.open("orange")
    await scene.pass_time(minutes=29)
    assert await whys(scene, "seat", "deputy") == []
    assert "page_silenced" in await scene.kinds()
    await scene.pass_time(minutes=1)
    seats = {seat["role"]: seat for seat in await scene.rows(tables.seat)}
    assert ("seat", ["fa"]) in await whys(scene, "seat")
    assert seats["legal"]["deputy_asked_at"] is None
    await scene.pass_time(minutes=15)

    assert ("deputy", ["fa2"]) in await whys(scene, "deputy")


async def test_a_silence_that_is_ended_early_lets_the_calls_out(local: OncallScene) -> None:
    await staffed(local)
    silence = await silenced(local, days=3)
    await local.open("orange")
    await local.pass_time(minutes=5)

    await local.responding.silences.end(RESPONDER, silence)
    await local.pass_time()

    assert ("seat", ["fa"]) in await whys(local, "seat")


async def test_a_tier_that_breaks_the_silence_lets_the_calls_out(local: OncallScene) -> None:
    await staffed(local)
    await silenced(local, days=3)
    incident = await local.open("orange")

    await local.desk.set_tier(LEAD, incident.id, "red", reason="有人住院")
    await local.pass_time()

    assert ("seat", ["fa"]) in await whys(local, "seat")


async def test_calls_wait_for_another_silence_that_still_stands(local: OncallScene) -> None:
    await staffed(local)
    short = await silenced(local, hours=1)
    await silenced(local, hours=3)
    await local.open("orange")

    await local.responding.silences.end(RESPONDER, short)
    await local.pass_time(hours=2)

    assert await whys(local, "seat") == []


async def test_a_deputy_whom_a_silence_met_is_asked_afterwards(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open("orange")
    await silenced(local, minutes=30)

    await local.responding.team.decline(LEGAL, incident.id, "legal")
    await local.pass_time(minutes=29)
    seats = {seat["role"]: seat for seat in await local.rows(tables.seat)}
    assert seats["legal"]["deputy_asked_at"] is None
    await local.pass_time(minutes=1)

    assert ("deputy", ["fa2"]) in await whys(local, "deputy")


async def test_a_late_step_that_a_silence_met_pages_when_it_is_over(local: OncallScene) -> None:
    await staffed(local)
    await silenced(local, hours=3)

    await local.open("yellow")
    await local.pass_time(minutes=179)
    assert await whys(local, "step_late") == []
    await local.pass_time(minutes=1)

    assert ("step_late", ["zong"]) in await whys(local, "step_late")


async def test_what_is_over_by_then_is_not_paged_for(local: OncallScene) -> None:
    await staffed(local)
    await silenced(local, hours=3)
    incident = await local.open("yellow")
    await local.pass_time(minutes=170)
    assert "oncall.late_step" in await local.pending()

    await local.act(incident.id, Action.MARK_FALSE_POSITIVE)

    assert "oncall.late_step" not in await local.pending()


async def test_a_step_that_is_done_by_then_is_not_paged_for(local: OncallScene) -> None:
    await staffed(local)
    await role_chain(local, "yellow.executive", ChainStep(notify=(person("wai"),), wait_min=60))
    incident = await local.open("yellow")
    while "oncall.late_step" not in await local.pending():
        await local.pass_time(minutes=10)

    await finish(local, incident)
    await local.pass_time(hours=1)

    assert await whys(local, "step_late") == []


async def finish(scene: OncallScene, incident: Incident) -> None:
    """Skip whatever a call waits for."""
    rows = [row for row in await scene.rows(tables.timer) if row["kind"] == "oncall.late_step"]
    for row in rows:
        step = row["payload"]["subject"]
        await scene.responding.response_desk.skip(LEAD, incident.id, step, reason="电话里说定")


async def test_a_late_step_that_leads_to_nobody_comes_to_everybody(local: OncallScene) -> None:
    await staffed(local)
    await local.add_channel("room", events=("incident.paged",))
    await local.add_channel("zong-phone", enabled=False)

    await local.open("yellow")
    await local.pass_time(hours=3)

    assert ("step_late", []) in await whys(local, "step_late")


async def test_whoever_sleeps_is_called_for_their_seat_when_they_wake_up(
    local: OncallScene,
) -> None:
    hour = (local.clock.now() + timedelta(hours=8)).hour
    quiet = Window(since=time(hour), until=time((hour + 2) % 24))
    await staffed(local, quiet)

    await local.open("orange")
    await local.pass_time(minutes=119 - local.clock.now().minute)
    assert {tuple(who) for _, who in await whys(local, "seat", "deputy")} == {("zong",), ()}
    await local.pass_time(minutes=1)

    assert ("seat", ["fa"]) in await whys(local, "seat")


async def test_a_chain_of_the_role_calls_for_its_seat(scene: OncallScene) -> None:
    await staffed(scene)
    steps = (
        ChainStep(notify=(person("wai"),)),
        ChainStep(notify=(person("fa2"),), wait_min=3),
    )
    await role_chain(scene, "orange.legal", *steps, repeat=2, again_min=4)

    await scene.open("orange")
    await scene.pass_time(hours=1)

    found = [who for _, who in await whys(scene, "seat", "deputy")]
    legal = [who for who in found if who in (["wai"], ["fa2"], ["fa"])]
    assert legal == [["wai"], ["fa2"], ["wai"], ["fa2"]]


async def test_a_seat_that_is_taken_ends_its_chain(local: OncallScene) -> None:
    await staffed(local)
    steps = (ChainStep(notify=(person("fa"),)), ChainStep(notify=(person("wai"),), wait_min=3))
    await role_chain(local, "orange.legal", *steps)
    incident = await local.open("orange")

    await local.responding.team.accept(LEGAL, incident.id, "legal")
    await local.pass_time(minutes=10)

    assert "wai-phone" not in local.called()
    mine = [
        row["state"]
        for row in await local.rows(tables.timer)
        if row["kind"] == "oncall.seat" and row["payload"]["role"] == "legal"
    ]
    assert mine == ["cancelled"]


async def test_a_chain_of_the_role_pages_for_its_late_step_too(local: OncallScene) -> None:
    await staffed(local)
    steps = (
        ChainStep(notify=(person("wai"),), wait_min=2),
        ChainStep(notify=(person("fa2"),), wait_min=3),
    )
    await role_chain(local, "yellow.executive", *steps)

    await local.open("yellow")
    await local.pass_time(hours=2)

    late = await whys(local, "step_late")
    assert late[:2] == [("step_late", ["wai"]), ("step_late", ["fa2"])]
    assert ("step_late", ["zong"]) not in late


async def test_another_tier_has_the_chain_of_the_tier(local: OncallScene) -> None:
    await staffed(local)
    await role_chain(local, "red.legal", ChainStep(notify=(person("wai"),)))

    await local.open("orange")

    assert ("seat", ["fa"]) in await whys(local, "seat")


async def test_a_step_out_of_its_hours_is_passed_over(local: OncallScene) -> None:
    await staffed(local)
    night = Window(since=time(22), until=time(6))
    steps = (
        ChainStep(notify=(person("wai"),), window=night),
        ChainStep(notify=(person("fa2"),), wait_min=3),
    )
    await role_chain(local, "orange.legal", *steps)

    await local.open("orange")
    await local.pass_time(minutes=3)

    assert "wai-phone" not in local.called()
    assert ("deputy", ["fa2"]) in await whys(local, "deputy")


@pytest.mark.parametrize("name", ["red.king", "purple.legal", ".legal", "red."])
async def test_a_chain_is_of_a_tier_or_of_a_role_at_one(local: OncallScene, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await role_chain(local, name, ChainStep(notify=(EVERYBODY,)))

    assert "id" in [path for path, _ in refused.value.errors]


async def test_a_channel_stands_for_a_role_too(local: OncallScene) -> None:
    await local.add_channel("legal-room")
    holder = Target(kind=TargetKind.CHANNEL, id="legal-room")
    await local.books.duties.put(SYSTEM, DutyDraft(id="legal", name="legal", holder=holder))

    await local.open("orange")

    assert "legal-room" in local.called()
