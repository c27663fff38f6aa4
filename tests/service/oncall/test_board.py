from __future__ import annotations

from datetime import timedelta

import pytest

from service.db import tables
from service.errors import Forbidden, InvalidInput, NotFound
from service.incidents import Kind
from service.incidents.lifecycle import Action
from service.incidents.reading import READ
from service.oncall import Matcher
from tests.support.incident_scene import LEAD, RESPONDER, VIEWER
from tests.support.oncall_scene import OncallScene


async def test_it_shows_pages_with_their_deliveries_and_what_comes_next(
    local: OncallScene,
) -> None:
    await local.add_person("lin", "lin-phone")
    await local.name_duty("duty", "lin")
    incident = await local.open()

    file = await local.responding.oncall.file(VIEWER, incident.id)

    assert [(page.persons, page.deliveries) for page in file.pages] == [
        (("lin",), {"lin-phone": "sent"})
    ]
    assert file.next_page_at == local.clock.now() + timedelta(minutes=30)
    assert (file.lease_until, file.silence) == (None, None)


async def test_the_lease_is_shown_as_the_last_deed_has_made_it(local: OncallScene) -> None:
    incident = await local.open()
    await local.act(incident.id, Action.ACKNOWLEDGE)
    await local.pass_time(minutes=20)
    await local.desk.comment(RESPONDER, incident.id, "联系上了")

    file = await local.responding.oncall.file(VIEWER, incident.id)

    assert file.lease_until == local.clock.now() + timedelta(hours=4)
    assert file.next_page_at is None


async def test_the_silence_over_it_is_named(local: OncallScene) -> None:
    silence = await local.responding.silences.make(
        LEAD,
        Matcher(monitors=("tea",)),
        reason="首发",
        until=local.clock.now() + timedelta(hours=1),
    )
    incident = await local.open()

    assert (await local.responding.oncall.file(VIEWER, incident.id)).silence == silence


async def test_what_is_over_has_nothing_to_come(local: OncallScene) -> None:
    incident = await local.open()
    await local.act(incident.id, Action.MARK_FALSE_POSITIVE)

    file = await local.responding.oncall.file(VIEWER, incident.id)

    assert [item.state.value for item in file.escalations] == ["ended"]
    assert (file.next_page_at, file.lease_until) == (None, None)


async def test_a_private_incident_is_shown_to_its_rota_alone(local: OncallScene) -> None:
    incident = await local.open(kind=Kind.PERSON_AT_RISK, scenario=None, subject="x")

    with pytest.raises(Forbidden):
        await local.responding.oncall.file(VIEWER, incident.id)


async def test_who_is_on_and_when(local: OncallScene) -> None:
    await local.add_person("lin", "lin-phone")
    await local.add_person("rui", "rui-phone")
    await local.add_rota("night", "lin", "rui")
    board = local.responding.oncall

    assert (await board.on_duty(VIEWER, "night")).person == "rui"
    found = await board.shifts(VIEWER, "night", since=None, until=None)
    assert [item.duty.person for item in found[:3]] == ["rui", "lin", "rui"]
    assert found[-1].until == local.clock.now() + timedelta(days=14)


async def test_neither_an_unknown_rota_nor_a_span_without_end(local: OncallScene) -> None:
    await local.add_person("lin", "lin-phone")
    await local.add_rota("night", "lin")
    board, now = local.responding.oncall, local.clock.now()

    with pytest.raises(NotFound):
        await board.on_duty(VIEWER, "none")
    with pytest.raises(InvalidInput):
        await board.shifts(VIEWER, "night", since=now, until=now + timedelta(days=93))
    with pytest.raises(InvalidInput):
        await board.on_duty(VIEWER, "night", at=now.replace(year=1999))


async def test_it_shows_the_newest_pages_and_how_many_there_are(local: OncallScene) -> None:
    await local.add_person("lin", "lin-phone")
    await local.name_duty("duty", "lin")
    incident = await local.open("red")
    await local.pass_time(minutes=20)

    whole = await local.responding.oncall.file(VIEWER, incident.id)
    some = await local.responding.oncall.file(VIEWER, incident.id, limit=2)

    assert len(whole.pages) == whole.pages_total == some.pages_total > 2
    assert some.pages == whole.pages[-2:]


async def test_reading_that_of_a_person_at_risk_is_audited(local: OncallScene) -> None:
    incident = await local.open(kind=Kind.PERSON_AT_RISK, scenario=None, subject="x")

    await local.responding.oncall.file(RESPONDER, incident.id)

    rows = [row for row in await local.rows(tables.audit_entry) if row["action"] == READ]
    assert [(row["actor"], row["subject_id"]) for row in rows] == [(RESPONDER.id, incident.id)]


async def test_who_stands_for_a_role_is_told_for_each_instant(local: OncallScene) -> None:
    await local.add_person("lin", "lin-phone")
    await local.add_person("rui", "rui-phone")
    await local.name_duty("pr", "lin")
    now = local.clock.now()
    later = now + timedelta(days=3)
    board = local.responding.oncall

    found = await board.stand_ins(VIEWER, [("pr", now), ("pr", later), ("legal", now)])

    holder, deputy = found["pr", later]
    assert ([call.person for call in holder.calls], deputy) == (["lin"], None)
    assert found["pr", now] == found["pr", later]
    nobody, _ = found["legal", now]
    assert nobody.nobody
    assert set(nobody.missing) == {"role:legal"}
