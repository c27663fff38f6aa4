"""Filing: once for the same text, with its clock, and never past a hold that came later."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from service.db import tables
from service.moderation.review import Line, Origin, Ruling, State
from service.moderation.review.intake import case_id
from tests.support.clock import START
from tests.support.review_scene import ANNA, BLOCK, ReviewScene, case


async def test_a_case_becomes_an_item_with_its_clock(scene: ReviewScene) -> None:
    item = await scene.filed(case(author="au_1", held=True, hold_id="hold_1"))
    assert (item.line, item.state, item.origin) == (Line.SECOND, State.PENDING, Origin.MACHINE)
    assert (item.text, item.caller_item, item.author) == ("加微信领红包", "42", "au_1")
    assert item.due_at == START + timedelta(hours=2)
    timers = await scene.rows(tables.timer, tables.timer.c.due_at)
    assert [(row.kind, row.due_at - START) for row in timers] == [
        ("review.warn", timedelta(hours=1)),
        ("review.overdue", timedelta(hours=2)),
        ("review.twice_overdue", timedelta(hours=4)),
    ]


async def test_the_same_case_again_is_the_same_item(scene: ReviewScene) -> None:
    first = await scene.filed()
    scene.clock.step(minutes=30)
    again = await scene.filed()
    assert again == first
    assert len(await scene.rows(tables.audit_entry)) == 1
    assert len(await scene.rows(tables.timer)) == 3


async def test_another_caller_id_or_text_is_another_item(scene: ReviewScene) -> None:
    cases = [case(), case(caller="key_2"), case(item_id="43"), case("别的"), case(item_id=None)]
    await scene.filed(*cases)
    assert len({case_id(item) for item in cases}) == len(cases)
    assert len(await scene.rows(tables.review_item)) == len(cases)


async def test_two_who_file_at_once_file_once(scene: ReviewScene) -> None:
    await asyncio.gather(*(scene.intake.file([case("甲"), case("乙")]) for _ in range(3)))
    assert len(await scene.rows(tables.review_item)) == 2
    assert len(await scene.rows(tables.review_event)) == 2


async def test_nothing_to_file_writes_nothing(local: ReviewScene) -> None:
    before = local.database.generation
    await local.intake.file([])
    assert local.database.generation == before


async def test_a_text_that_no_database_holds_is_kept_as_far_as_it_goes(scene: ReviewScene) -> None:
    item = await scene.filed(case("坏\x00的\ud83d字", item_id="a\x00b"))
    assert item.text == "坏的?字"
    assert item.caller_item == "ab"


async def test_a_label_is_indexed_once(local: ReviewScene) -> None:
    label = case().labels[0]
    await local.filed(case(labels=(label, label)))
    assert [row.label for row in await local.rows(tables.review_label)] == ["diversion"]


async def test_a_hold_that_comes_later_joins_the_waiting_item(scene: ReviewScene) -> None:
    await scene.filed()
    item = await scene.filed(case(hold_id="hold_9", held=True))
    assert (item.hold_id, item.held) == ("hold_9", True)
    assert await scene.kinds(item.id) == ["filed", "held"]
    await scene.decide(item, ANNA, BLOCK)
    assert scene.heard.holds == [("hold_9", Ruling.BLOCK)]


async def test_a_hold_on_what_was_decided_is_decided_at_once(scene: ReviewScene) -> None:
    item = await scene.filed()
    await scene.decide(item, ANNA, BLOCK)
    await scene.filed(case(hold_id="hold_9", held=True))
    assert scene.heard.holds == [("hold_9", Ruling.BLOCK)]
    assert (await scene.item(item.id)).hold_id is None


async def test_whoever_sends_a_decided_text_again_is_told_again(scene: ReviewScene) -> None:
    """Two users wrote the same words, and the caller gave no id: the second waits as well."""
    item = await scene.filed(case(item_id=None))
    await scene.decide(item, ANNA, BLOCK)
    scene.clock.step(minutes=1)
    await scene.filed(case(item_id=None))
    first, second = await scene.outbox()
    assert first == second
    assert len(await scene.rows(tables.review_verdict)) == 1


async def test_the_patrol_asks_nothing_about_what_is_known(local: ReviewScene) -> None:
    item = await local.filed()
    await local.decide(item, ANNA, BLOCK)
    await local.intake.file_as([case()], origin=Origin.PATROL)
    assert len(await local.outbox()) == 1
    assert (await local.item(item.id)).origin is Origin.MACHINE


async def test_what_stands_around_a_text_is_kept_for_its_reader(scene: ReviewScene) -> None:
    session = ("零", "一", "二", "三", "四\x00", "五" * 900)
    item = await scene.filed(case("同感", parent="晨屿退款太难" * 400, session=session))
    assert item.parent == ("晨屿退款太难" * 400)[:2_000]
    assert item.session == ("一", "二", "三", "四", "五" * 500)
