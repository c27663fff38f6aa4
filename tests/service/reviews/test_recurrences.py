"""Recurrences: linked when they begin, confirmed or taken back by causes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert

from service.auth import Role
from service.cases import LinkKind
from service.cases.recurrence import Crisis, Recurrence
from service.db import tables
from service.errors import Forbidden, InvalidInput
from service.incidents import Action, Incident
from tests.service.reviews.conftest import DAY, ReviewScene
from tests.support.clock import START
from tests.support.incident_scene import LEAD, VIEWER, person


async def links(scene: ReviewScene, incident: Incident) -> list[tuple[str, str, str]]:
    """(word, other, by) of the recurrences of an incident."""
    found = (await scene.responding.cases.casework(LEAD, incident.id)).links
    return [
        (*item.seen_from(incident.id), item.by)
        for item in found
        if item.kind is LinkKind.RECURRENCE_OF
    ]


async def brand(scene: ReviewScene, *monitors: str) -> None:
    async with scene.database.write() as connection:
        stamps = {"created_at": START, "updated_at": START}
        await connection.execute(
            insert(tables.brand).values(id="shanlan", name="山岚", kind="own", aliases=[], **stamps)
        )
        for name in monitors:
            await connection.execute(
                insert(tables.monitor).values(
                    id=name, name=name, query="x", brand_id="shanlan", **stamps
                )
            )


async def test_the_second_of_its_kind_is_linked(scene: ReviewScene) -> None:
    first = await scene.closed()
    scene.clock.step(days=30)
    second = await scene.open()
    assert await links(scene, second) == [("recurrence_of", first.id, "system")]
    assert await links(scene, first) == [("recurred_as", second.id, "system")]


@pytest.mark.parametrize(
    ("days", "changes"),
    [
        (91, {}),
        (30, {"scenario": "outage"}),
        (30, {"monitor_id": "coffee"}),
        (30, {"drill": True}),
        (30, {"scenario": "unclassified"}),
    ],
)
async def test_what_is_no_recurrence(
    local: ReviewScene, days: int, changes: dict[str, Any]
) -> None:
    await local.closed()
    local.clock.step(days=days)
    assert await links(local, await local.open(**changes)) == []


async def test_what_was_never_closed_is_not_repeated(local: ReviewScene) -> None:
    await local.open(taking_ended_at=local.clock.now())
    local.clock.step(days=30)
    assert await links(local, await local.open()) == []


async def test_another_monitor_of_the_brand_repeats_it(scene: ReviewScene) -> None:
    await brand(scene, "tea", "coffee")
    first = await scene.closed()
    second = await scene.open(monitor_id="coffee")
    assert await links(scene, second) == [("recurrence_of", first.id, "system")]


async def test_naming_the_scenario_links_and_unlinks(scene: ReviewScene) -> None:
    first = await scene.closed()
    second = await scene.open(scenario="unclassified")
    await scene.desk.name_scenario(LEAD, second.id, "product_quality")
    assert [other for _, other, _ in await links(scene, second)] == [first.id]
    await scene.desk.name_scenario(LEAD, second.id, "outage")
    assert await links(scene, second) == []


async def test_the_same_cause_confirms_it_and_costs_once(scene: ReviewScene) -> None:
    await scene.department("quality")
    first = await scene.closed()
    await scene.reviewed(first.id, "quality")
    second = await scene.closed()
    assert await scene.balance("quality") == 2
    await scene.reviewed(second.id, "quality")
    assert await scene.balance("quality") == 2 + 2 - 5
    assert await links(scene, second) == [("recurrence_of", first.id, "system")]
    kinds = [row["kind"] for row in await scene.rows(tables.incident_event)]
    assert kinds.count("recurrence_confirmed") == 2
    assert [again and again.confirmed for _, again in await judged(scene)] == [None, True]


async def test_who_was_excused_loses_nothing(local: ReviewScene) -> None:
    for name in ("quality", "legal"):
        await local.department(name)
    first = await local.closed()
    review = (await local.review_of(first.id)).id
    await local.reviews.involve(LEAD, review, "legal")
    await local.reviews.excuse(LEAD, review, "legal", reason="只是会签")
    await local.reviewed(first.id, "quality")
    second = await local.closed()
    await local.reviewed(second.id, "quality")
    assert await local.balance("legal") == 0


async def test_another_cause_takes_it_back(scene: ReviewScene) -> None:
    await scene.department("quality")
    first = await scene.closed()
    second = await scene.closed()
    await scene.reviewed(second.id, "quality", cause="supplier")
    assert len(await links(scene, second)) == 1
    await scene.reviewed(first.id, "quality", cause="design")
    assert await links(scene, second) == []
    assert [again for _, again in await judged(scene)] == [None, None]
    until = scene.clock.now() + DAY
    (refuted,) = await scene.recurrences.refuted(VIEWER, until=until)
    assert (refuted.crisis.id, refuted.of.id) == (second.id, first.id)
    assert await scene.balance("quality") == 4


async def test_what_causes_ruled_out_names_no_crisis_out_of_sight(local: ReviewScene) -> None:
    await brand(local, "tea", "coffee")
    await local.department("quality")
    first = await local.closed()
    second = await local.closed(monitor_id="coffee")
    local.clock.step(minutes=1)
    await local.reviewed(first.id, "quality", cause="supplier")
    assert await local.recurrences.refuted(VIEWER) == ()
    await local.reviewed(second.id, "quality", cause="design")
    narrow = person("n", Role.VIEWER, monitors=frozenset({"coffee"}))
    (refuted,) = await local.recurrences.refuted(narrow)
    assert (refuted.crisis.id, refuted.of.id, refuted.of.monitor_id) == (second.id, "", "")
    with pytest.raises(Forbidden):
        await local.recurrences.refuted(narrow, monitor="tea")


async def test_another_earlier_one_of_the_same_cause_takes_its_place(local: ReviewScene) -> None:
    await local.department("quality")
    first = await local.closed()
    await local.reviewed(first.id, "quality", cause="supplier")
    between = await local.closed()
    await local.reviewed(between.id, "quality", cause="design")
    last = await local.closed()
    assert [other for _, other, _ in await links(local, last)] == [between.id]
    await local.reviewed(last.id, "quality", cause="supplier")
    assert [other for _, other, _ in await links(local, last)] == [first.id]


@pytest.mark.parametrize("which", ["first", "second"])
@pytest.mark.parametrize("end", [Action.MARK_FALSE_POSITIVE, Action.MERGE])
async def test_what_turns_out_to_be_none_is_linked_no_more(
    local: ReviewScene, which: str, end: Action
) -> None:
    both = {"first": await local.closed(), "second": await local.closed()}
    assert len(await links(local, both["second"])) == 1
    wrong = both[which].id
    await local.act(wrong, Action.REOPEN)
    if end is Action.MERGE:
        other = await local.open(monitor_id="coffee")
        await local.desk.act(LEAD, wrong, end, reason="同一件事", merge_into=other.id)
    else:
        await local.act(wrong, end)
    assert await links(local, both["second"]) == []


async def test_one_that_burns_again_is_not_repeated_yet(scene: ReviewScene) -> None:
    first = await scene.closed()
    scene.clock.step(days=3)
    second = await scene.closed()
    await scene.act(first.id, Action.REOPEN)
    assert [again for _, again in await judged(scene)] == [None, None]
    assert await links(scene, second) == []
    await scene.act(first.id, Action.RESOLVE, Action.CLOSE)
    assert await links(scene, second) == [], "closed after the second began"
    third = await scene.open()
    assert [other for _, other, _ in await links(scene, third)] == [first.id]


async def test_renaming_the_earlier_one_links_and_unlinks(local: ReviewScene) -> None:
    first = await local.open(scenario="outage")
    await local.act(first.id, Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE)
    second = await local.open()
    await local.desk.name_scenario(LEAD, first.id, "product_quality")
    assert [other for _, other, _ in await links(local, second)] == [first.id]
    await local.desk.name_scenario(LEAD, first.id, "misconduct")
    assert await links(local, second) == []


async def test_links_of_people_stay(local: ReviewScene) -> None:
    await local.department("quality")
    first = await local.closed()
    second = await local.open(scenario="outage")
    cases = local.responding.cases
    await cases.link(LEAD, second.id, first.id, LinkKind.RECURRENCE_OF)
    await local.desk.name_scenario(LEAD, second.id, "misconduct")
    assert await links(local, second) == [("recurrence_of", first.id, LEAD.id)]


async def test_the_other_way_round_as_a_person_said_stays(local: ReviewScene) -> None:
    first = await local.closed()
    second = await local.open(scenario="unclassified")
    await local.responding.cases.link(LEAD, first.id, second.id, LinkKind.RECURRENCE_OF)
    await local.desk.name_scenario(LEAD, second.id, "product_quality")
    assert await links(local, second) == [("recurred_as", first.id, LEAD.id)]


async def judged(scene: ReviewScene) -> list[tuple[Crisis, Recurrence | None]]:
    """Up to now, what begins at this instant included."""
    until = scene.clock.now() + DAY
    return list(await scene.recurrences.judged(VIEWER, until=until))


async def test_the_reading_is_of_a_window_in_sight(local: ReviewScene) -> None:
    await brand(local, "tea", "coffee")
    first = await local.closed()
    second = await local.open(monitor_id="coffee")
    reading = local.recurrences
    local.clock.step(minutes=1)
    found = await reading.judged(VIEWER, monitor="coffee")
    assert [(crisis.id, again and again.of.id) for crisis, again in found] == [
        (second.id, first.id)
    ]
    narrow = person("n", Role.VIEWER, monitors=frozenset({"coffee"}))
    ((_, hidden),) = await reading.judged(narrow)
    assert hidden is not None
    assert hidden.of.id == ""
    with pytest.raises(Forbidden):
        await reading.judged(narrow, monitor="tea")
    now = local.clock.now()
    first_day = datetime.min.replace(tzinfo=UTC)
    for since, until in (
        (now, now),
        (now - 2_000 * DAY, now),
        (None, first_day),
        (first_day, first_day + DAY),
    ):
        with pytest.raises(InvalidInput):
            await reading.judged(VIEWER, since=since, until=until)
