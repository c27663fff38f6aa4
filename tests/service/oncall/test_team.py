from __future__ import annotations

from dataclasses import replace

import pytest
from argon2 import PasswordHasher

from service.auth import SYSTEM, Passwords, Principal, Role, Users
from service.db import tables
from service.errors import Conflict, Forbidden, NotFound
from service.incidents import Kind
from service.incidents.lifecycle import Action
from service.oncall.seat_rows import Seat, SeatState
from service.oncall.team import TEAM_STEP
from tests.support.incident_scene import LEAD, LEGAL, RESPONDER, VIEWER
from tests.support.oncall_scene import OncallScene


async def staffed(scene: OncallScene) -> None:
    """Somebody for legal, with a deputy, and somebody for technics, without one."""
    for name in ("fa", "fa2", "gong"):
        await scene.add_person(name, f"{name}-phone")
    await scene.name_duty("legal", "fa", deputy="fa2")
    await scene.name_duty("tech", "gong")


async def seats(scene: OncallScene, incident_id: str) -> dict[str, SeatState]:
    found = await scene.responding.team.seats(VIEWER, incident_id)
    return {seat.role: seat.state for seat in found}


async def step_state(scene: OncallScene) -> str:
    (row,) = [row for row in await scene.rows(tables.step) if row["step_id"] == TEAM_STEP]
    return str(row["state"])


async def test_whoever_stands_for_a_role_is_asked_for_their_seat(scene: OncallScene) -> None:
    await staffed(scene)

    incident = await scene.open("orange")

    assert await seats(scene, incident.id) == {
        "legal": SeatState.ASKED,
        "tech": SeatState.ASKED,
    }
    assert {"fa-phone", "gong-phone"} <= set(scene.called())
    assert "fa2-phone" not in scene.called()


async def test_the_last_who_accepts_completes_the_step(scene: OncallScene) -> None:
    await staffed(scene)
    incident = await scene.open("orange")
    team = scene.responding.team

    await team.accept(LEGAL, incident.id, "legal")
    assert await step_state(scene) == "pending"
    await team.accept(RESPONDER, incident.id, "tech", note="在机房")

    assert await step_state(scene) == "done"


async def test_it_cannot_be_called_done_while_a_seat_is_empty(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open("orange")
    await local.responding.team.accept(LEGAL, incident.id, "legal")

    with pytest.raises(Conflict, match="tech has not accepted"):
        await local.responding.response_desk.do(LEAD, incident.id, TEAM_STEP)

    await local.responding.response_desk.do(LEAD, incident.id, "first_response")
    await local.responding.response_desk.skip(LEAD, incident.id, TEAM_STEP, reason="电话会")
    assert await step_state(local) == "skipped"


async def test_an_empty_seat_goes_to_the_deputy_in_time(scene: OncallScene) -> None:
    await staffed(scene)
    incident = await scene.open("orange")

    await scene.pass_time(minutes=14)
    assert "fa2-phone" not in scene.called()
    await scene.pass_time(minutes=1)

    assert scene.called().count("fa2-phone") == 1
    whys = {row["why"] for row in await scene.rows(tables.page)}
    assert {"seat", "deputy"} <= whys
    assert incident.id in {row["incident_id"] for row in await scene.rows(tables.seat)}


async def test_declining_asks_the_deputy_at_once_and_only_once(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open("orange")

    await local.responding.team.decline(LEGAL, incident.id, "legal", note="出差")
    await local.responding.team.decline(LEGAL, incident.id, "legal")
    await local.pass_time(minutes=20)

    assert local.called().count("fa2-phone") == 1
    assert (await seats(local, incident.id))["legal"] is SeatState.DECLINED


async def test_a_seat_that_is_taken_asks_no_deputy(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open("orange")

    await local.responding.team.accept(LEGAL, incident.id, "legal")
    await local.pass_time(minutes=20)

    assert "fa2-phone" not in local.called()


async def test_two_people_do_not_have_one_seat(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open("orange")
    await local.responding.team.accept(LEGAL, incident.id, "legal")

    found = await local.responding.team.accept(LEGAL, incident.id, "legal")
    assert isinstance(found[0], Seat)
    with pytest.raises(Conflict, match="has the seat of legal already"):
        await local.responding.team.accept(LEAD, incident.id, "legal")


async def test_who_has_declined_may_come_after_all(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open("orange")

    await local.responding.team.decline(LEGAL, incident.id, "legal")
    await local.responding.team.accept(LEGAL, incident.id, "legal")

    assert (await seats(local, incident.id))["legal"] is SeatState.ACCEPTED


async def test_no_seat_of_that_name(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open("orange")

    with pytest.raises(NotFound, match="there are: legal, tech"):
        await local.responding.team.accept(LEAD, incident.id, "service")


async def test_a_viewer_takes_no_seat(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open("orange")

    with pytest.raises(Forbidden):
        await local.responding.team.accept(VIEWER, incident.id, "legal")


async def test_a_closed_incident_asks_nobody_any_more(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open("orange")
    await local.act(incident.id, Action.MARK_FALSE_POSITIVE)

    await local.pass_time(minutes=20)

    assert "fa2-phone" not in local.called()
    with pytest.raises(Conflict, match="false_positive"):
        await local.responding.team.accept(LEGAL, incident.id, "legal")


async def test_with_nobody_named_the_step_is_done_by_hand(local: OncallScene) -> None:
    incident = await local.open("orange")

    await local.responding.response_desk.do(LEAD, incident.id, TEAM_STEP)

    assert await step_state(local) == "done"


async def test_a_yellow_one_needs_no_team_until_it_rises(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open()
    assert await seats(local, incident.id) == {}

    await local.desk.set_tier(LEAD, incident.id, "orange", reason="上了热搜")

    assert set(await seats(local, incident.id)) == {"legal", "tech"}


async def with_accounts(scene: OncallScene) -> dict[str, Principal]:
    """People for legal (with a deputy) and technics whose accounts are known, and a stranger."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    users = Users(scene.database, scene.clock, Passwords(hasher))
    found = {}
    for name in ("fa", "fa2", "gong", "wai"):
        made = await users.create(SYSTEM, name=name, roles=[Role.RESPONDER])
        found[name] = replace(RESPONDER, id=made.user.id, name=name)
        await scene.add_person(name, f"{name}-phone", user=name)
    await scene.name_duty("legal", "fa", deputy="fa2")
    await scene.name_duty("tech", "gong")
    return found


@pytest.mark.parametrize("who", ["fa", "fa2"])
async def test_who_stands_for_a_role_takes_its_seat(local: OncallScene, who: str) -> None:
    people = await with_accounts(local)
    incident = await local.open("orange")

    await local.responding.team.accept(people[who], incident.id, "legal")

    assert (await seats(local, incident.id))["legal"] is SeatState.ACCEPTED


@pytest.mark.parametrize("who", ["gong", "wai"])
async def test_nobody_else_does(local: OncallScene, who: str) -> None:
    people = await with_accounts(local)
    incident = await local.open("orange")
    team = local.responding.team

    with pytest.raises(Forbidden, match="does not stand for legal"):
        await team.accept(people[who], incident.id, "legal")
    with pytest.raises(Forbidden, match="does not stand for legal"):
        await team.decline(people[who], incident.id, "legal")


async def test_a_lead_accepts_for_them_and_that_is_written_down(local: OncallScene) -> None:
    await with_accounts(local)
    incident = await local.open("orange")

    await local.responding.team.accept(LEAD, incident.id, "legal")

    rows = [r for r in await local.rows(tables.incident_event) if r["kind"] == "seat_accepted"]
    assert [row["data"]["by"] for row in rows] == ["lead"]


async def test_without_accounts_one_person_is_not_the_whole_team(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open("orange")
    await local.responding.team.accept(RESPONDER, incident.id, "legal")

    with pytest.raises(Forbidden):
        await local.responding.team.accept(RESPONDER, incident.id, "tech")


async def test_a_seat_that_the_run_needs_no_more_keeps_nobody_waiting(local: OncallScene) -> None:
    for name in ("fa", "gong"):
        await local.add_person(name, f"{name}-phone")
    await local.name_duty("tech", "gong")
    incident = await local.open("orange", scenario="data_privacy")
    assert set(await seats(local, incident.id)) == {"tech"}

    await local.desk.name_scenario(LEAD, incident.id, "misconduct")
    await local.responding.response_desk.do(LEAD, incident.id, TEAM_STEP)

    assert await step_state(local) == "done"


async def test_opened_again_it_asks_again_for_what_nobody_has_taken(local: OncallScene) -> None:
    await staffed(local)
    incident = await local.open("orange")
    await local.responding.team.accept(LEGAL, incident.id, "legal")
    await local.responding.team.decline(RESPONDER, incident.id, "tech")
    await local.act(incident.id, Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE)
    await local.pass_time(minutes=1)
    before = local.called().count("gong-phone"), local.called().count("fa-phone")

    await local.act(incident.id, Action.REOPEN)
    await local.pass_time()

    found = await seats(local, incident.id)
    assert found == {"legal": SeatState.ACCEPTED, "tech": SeatState.ASKED}
    after = local.called().count("gong-phone"), local.called().count("fa-phone")
    assert after == (before[0] + 1, before[1])
    assert "oncall.seat" in await local.pending()


async def test_a_seat_that_all_decline_comes_to_everybody(local: OncallScene) -> None:
    await staffed(local)
    await local.add_channel("room", events=("incident.paged",))
    incident = await local.open("orange")
    team = local.responding.team

    await team.decline(LEGAL, incident.id, "legal")
    await local.pass_time()
    assert "room" not in local.called()
    await team.decline(RESPONDER, incident.id, "legal")
    await team.decline(RESPONDER, incident.id, "tech")
    await local.pass_time()

    assert local.called().count("room") == 2
    asked = {row["role"]: row["deputy_asked_at"] for row in await local.rows(tables.seat)}
    assert asked["tech"] is not None


@pytest.mark.parametrize("answer", ["accept", "decline"])
async def test_an_answer_is_a_deed_and_takes_back_what_has_lapsed(
    local: OncallScene, answer: str
) -> None:
    await staffed(local)
    incident = await local.open("red")
    await local.act(incident.id, Action.ACKNOWLEDGE)
    await local.pass_time(minutes=21)
    (row,) = await local.rows(tables.escalation)
    assert row["state"] == "running"

    await getattr(local.responding.team, answer)(LEGAL, incident.id, "legal")

    (row,) = await local.rows(tables.escalation)
    assert (row["state"], row["held_by"]) == ("held", LEGAL.id)


async def test_reading_the_team_of_a_person_at_risk_is_audited(local: OncallScene) -> None:
    incident = await local.open(kind=Kind.PERSON_AT_RISK, scenario=None, subject="x")

    await local.responding.team.seats(RESPONDER, incident.id)

    found = [row["actor"] for row in await local.rows(tables.audit_entry)]
    assert RESPONDER.id in found
