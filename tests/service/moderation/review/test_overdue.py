"""Nothing waits beyond its limit unseen."""

from __future__ import annotations

from datetime import timedelta

from service.db import tables
from service.moderation.review import ItemFilter, Line, Sort
from service.timers import TimerState
from tests.support.clock import START
from tests.support.review_scene import ANNA, BLOCK, OVERDUE_MANY, ReviewScene, case

HOUR = timedelta(hours=1)


async def test_half_of_the_time_is_a_warning(scene: ReviewScene) -> None:
    item = await scene.filed()
    await scene.pass_time(minutes=59)
    assert (await scene.item(item.id)).warned_at is None
    await scene.pass_time(minutes=1)
    assert (await scene.item(item.id)).warned_at == START + HOUR
    assert await scene.kinds(item.id) == ["filed", "due_soon"]


async def test_an_overdue_item_comes_first_in_both_orders(scene: ReviewScene) -> None:
    old = await scene.filed(case(item_id="1", risk_level="none"))
    await scene.pass_time(hours=1, minutes=59)
    await scene.filed(case(item_id="2", risk_level="high"))
    await scene.pass_time(minutes=1)
    assert (await scene.item(old.id)).overdue_at == START + 2 * HOUR
    for sort in Sort:
        page = await scene.desk.page(ANNA, ItemFilter(), sort=sort)
        assert [item.caller_item for item in page] == ["1", "2"], sort


async def test_being_warned_takes_nothing_from_whoever_is_at_work(scene: ReviewScene) -> None:
    item = await scene.filed()
    await scene.pass_time(minutes=55)
    claimed = await scene.desk.claim(ANNA, item.id)
    await scene.pass_time(minutes=6)
    decided = await scene.desk.decide(ANNA, item.id, BLOCK, version=claimed.version)
    assert decided.warned_at is not None


async def test_one_overdue_item_is_no_backlog_yet(scene: ReviewScene) -> None:
    await scene.filed()
    await scene.pass_time(hours=3, minutes=59)
    assert scene.heard.backlogs == []


async def test_so_many_overdue_ones_are_a_backlog(scene: ReviewScene) -> None:
    await scene.filed(*(case(item_id=str(number)) for number in range(OVERDUE_MANY)))
    await scene.filed(case(item_id="ad", kind="advertisement"))
    await scene.pass_time(hours=2)
    ((backlog, at),) = scene.heard.backlogs
    assert (backlog.queue, backlog.length) == ("review.second", OVERDUE_MANY)
    assert (backlog.oldest_age, backlog.limit, at) == (2 * HOUR, 2 * HOUR, START + 2 * HOUR)


async def test_twice_the_limit_is_a_backlog_of_one(scene: ReviewScene) -> None:
    item = await scene.filed()
    await scene.pass_time(hours=4)
    ((backlog, _),) = scene.heard.backlogs
    assert (backlog.length, backlog.oldest_age) == (1, 4 * HOUR)
    assert (await scene.kinds(item.id))[-1] == "twice_overdue"


async def test_what_is_decided_in_time_rings_no_bell(scene: ReviewScene) -> None:
    item = await scene.filed()
    await scene.decide(item, ANNA, BLOCK)
    await scene.pass_time(hours=9)
    assert await scene.kinds(item.id) == ["filed", "claimed", "decided"]
    assert scene.heard.backlogs == []


async def test_the_panel_has_a_clock_of_its_own(scene: ReviewScene) -> None:
    item = await scene.filed()
    await scene.pass_time(hours=2)
    await scene.desk.claim(ANNA, item.id)
    raised = await scene.desk.escalate(ANNA, item.id, reason="两种读法")
    assert (raised.overdue_at, raised.warned_at) == (None, None)
    await scene.pass_time(hours=12)
    assert (await scene.item(item.id)).warned_at is not None
    await scene.pass_time(hours=12)
    assert (await scene.item(item.id)).overdue_at == raised.due_at
    assert (await scene.item(item.id)).line is Line.THIRD


async def test_a_timer_of_what_is_gone_is_stale(local: ReviewScene) -> None:
    await local.filed()
    async with local.database.write() as connection:
        await connection.execute(tables.review_event.delete())
        await connection.execute(tables.review_label.delete())
        await connection.execute(tables.review_item.delete())
    await local.pass_time(hours=5)
    states = {(row.state, row.error) for row in await local.rows(tables.timer)}
    assert states == {(TimerState.CANCELLED, "subject_gone")}


async def test_a_timer_of_a_decided_item_does_nothing(local: ReviewScene) -> None:
    item = await local.filed()
    await local.decide(item, ANNA, BLOCK)
    async with local.database.write() as connection:
        await connection.execute(tables.timer.update().values(state=TimerState.PENDING.value))
    await local.pass_time(hours=5)
    assert (await local.kinds(item.id))[-1] == "decided"
    assert {row.error for row in await local.rows(tables.timer)} == {"no_longer_due"}


async def test_without_an_alarm_the_log_hears_it(local: ReviewScene) -> None:
    local.watch(None)
    item = await local.filed()
    await local.pass_time(hours=4)
    assert (await local.kinds(item.id))[-1] == "twice_overdue"
