"""The three clocks in virtual time: warned, overdue, escalated, met, dropped."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from service.complaints import Deed, State
from service.complaints.lifecycle import Clock
from service.complaints.model import ClockRow, Complaint
from service.complaints.rule import Counting
from service.db import tables
from service.timers import TimerState
from tests.support.clock import START
from tests.support.complaint_scene import RUI, ComplaintScene, complaining

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


async def clock(scene: ComplaintScene, complaint: Complaint, which: Clock) -> ClockRow:
    return [row for row in (await scene.file(complaint.id)).clocks if row.clock is which][-1]


async def pending(scene: ComplaintScene) -> list[str]:
    table = tables.timer
    async with scene.database.read() as connection:
        rows = await connection.execute(
            select(table.c.kind).where(table.c.state == TimerState.PENDING.value)
        )
        return sorted(rows.scalars())


async def test_the_first_answer_is_warned_of_due_and_escalated(scene: ComplaintScene) -> None:
    found = await scene.one()
    await scene.wait(minutes=10)
    assert await scene.kinds(found) == ["opened", "due_soon"]
    assert not (await scene.now(found)).is_overdue(scene.clock.now())
    await scene.wait(minutes=5)
    late = await scene.now(found)
    assert (late.breaches, late.is_overdue(scene.clock.now())) == (1, True)
    await scene.wait(minutes=15)
    assert await scene.kinds(found) == ["opened", "due_soon", "due", "escalated"]
    row = await clock(scene, found, Clock.ANSWER)
    assert (row.warned_at, row.breached_at) == (START + 10 * MINUTE, START + 15 * MINUTE)
    assert (row.escalated_at, row.is_late) == (START + 30 * MINUTE, True)
    assert await scene.told() == [
        "complaint.opened",
        "complaint.due_soon",
        "complaint.due",
        "complaint.escalated",
    ]
    assert late.version == 1, "a clock takes nothing from whoever is at work"


async def test_an_answer_stops_its_clock_and_leaves_the_next(scene: ComplaintScene) -> None:
    found = await scene.one()
    scene.clock.step(minutes=14)
    answered = await scene.say(found, Deed.ANSWER)
    assert (answered.state, answered.due_at) == (State.ANSWERED, START + 4 * HOUR)
    await scene.wait(hours=2)
    assert "due" not in await scene.kinds(found)
    await scene.wait(hours=3)
    assert (await clock(scene, found, Clock.RESPONSE)).breached_at == START + 4 * HOUR
    assert (await clock(scene, found, Clock.ANSWER)).met_at == START + 14 * MINUTE


async def test_what_is_answered_late_is_a_breach_before_its_timer_fires(
    scene: ComplaintScene,
) -> None:
    found = await scene.one()
    scene.clock.step(minutes=20)
    answered = await scene.say(found, Deed.ANSWER)
    assert answered.breaches == 1
    row = await clock(scene, found, Clock.ANSWER)
    assert (row.breached_at, row.met_at) == (START + 15 * MINUTE, START + 20 * MINUTE)
    await scene.wait(minutes=20)
    assert (await scene.now(found)).breaches == 1


async def test_the_last_instant_is_in_time(local: ComplaintScene) -> None:
    found = await local.one()
    local.clock.step(minutes=15)
    assert (await local.say(found, Deed.ANSWER)).breaches == 0


async def test_the_resolution_counts_from_the_response(scene: ComplaintScene) -> None:
    found = await scene.one()
    scene.clock.step(minutes=3)
    responded = await scene.say(found, Deed.RESPOND)
    assert responded.due_at == START + 3 * MINUTE + 24 * HOUR
    assert responded.answered_at == responded.responded_at
    await scene.wait(hours=20)
    assert await scene.kinds(found) == ["opened", "respond", "due_soon"]
    await scene.say(found, Deed.RESOLVE)
    assert await pending(scene) == []
    await scene.wait(hours=48)
    assert (await scene.now(found)).breaches == 0


async def test_a_late_answer_stays_late(local: ComplaintScene) -> None:
    found = await local.one()
    await local.wait(minutes=20)
    answered = await local.say(found, Deed.ANSWER)
    row = await clock(local, found, Clock.ANSWER)
    assert (row.is_late, row.met_at, answered.breaches) == (True, START + 20 * MINUTE, 1)


async def test_a_warned_answer_is_not_late(local: ComplaintScene) -> None:
    found = await local.one()
    await local.wait(minutes=12)
    await local.say(found, Deed.ANSWER)
    row = await clock(local, found, Clock.ANSWER)
    assert (row.warned_at is not None, row.is_late) == (True, False)


async def test_dismissing_drops_every_clock(local: ComplaintScene) -> None:
    found = await local.one()
    gone = await local.handling.dismiss(RUI, found.id, reason="不是投诉")
    assert (gone.resting, gone.ended_at) == (1, START)
    assert await pending(local) == []
    rows = (await local.file(found.id)).clocks
    assert [row.dropped_at for row in rows] == [START, START]


async def test_reopening_begins_new_clocks_and_keeps_the_old(scene: ComplaintScene) -> None:
    found = await scene.one()
    await scene.wait(minutes=16)
    told = await scene.settled(found)
    scene.clock.step(hours=5)
    again = await scene.handling.reopen(RUI, told.id, reason="退款没有到账")
    assert (again.state, again.round, again.reopened) == (State.OPEN, 2, 1)
    assert again.due_at == scene.clock.now() + 15 * MINUTE
    assert (again.answered_at, again.told_at) == (None, None)
    await scene.wait(minutes=15)
    assert (await scene.now(found)).breaches == 2
    rounds = [(row.round, row.clock.value) for row in (await scene.file(found.id)).clocks]
    assert rounds == [
        (1, "answer"),
        (1, "response"),
        (1, "resolution"),
        (2, "answer"),
        (2, "response"),
    ]


async def test_a_dispute_wins_no_time_while_it_is_settled(local: ComplaintScene) -> None:
    found = await local.one()
    responded = await local.say(found, Deed.RESPOND)
    local.clock.step(hours=20)
    disputed = await local.handling.dispute(RUI, found.id, reason="不认可只退一半")
    assert (disputed.due_at, disputed.round) == (responded.due_at, 1)
    assert disputed.disputed == 1
    await local.wait(hours=5)
    assert (await local.now(found)).breaches == 1


async def test_a_dispute_of_what_was_settled_has_a_day(local: ComplaintScene) -> None:
    told = await local.settled(await local.one())
    local.clock.step(hours=3)
    disputed = await local.handling.dispute(RUI, told.id, reason="寄来的还是坏的")
    assert (disputed.state, disputed.round) == (State.RESPONDED, 2)
    assert disputed.due_at == local.clock.now() + 24 * HOUR
    assert (disputed.resolved_at, disputed.responded_at is None) == (None, False)
    resolved = await local.say(disputed, Deed.RESOLVE)
    assert resolved.state is State.RESOLVED


async def test_the_hours_of_service_are_data(local: ComplaintScene) -> None:
    await local.rule(counting=Counting.SERVICE)
    local.clock.step(hours=10, minutes=55)  # five to nine in the evening in Shanghai
    found = await local.one()
    # Closed in five minutes, and the weekend is not worked: ten minutes of Monday are left.
    assert found.due_at == START + timedelta(days=2, hours=23, minutes=10)


async def test_a_timer_of_an_older_round_does_nothing(local: ComplaintScene) -> None:
    told = await local.settled(await local.one())
    await local.handling.reopen(RUI, told.id, reason="再查一次")
    await local.say(told, Deed.ANSWER)
    await local.wait(minutes=40)
    assert (await local.now(told)).breaches == 0


async def test_practice_is_told_as_practice(local: ComplaintScene) -> None:
    await local.by_hand(complaining(), drill=True)
    await local.wait(minutes=15)
    table = tables.outbox
    async with local.database.read() as connection:
        drills = set((await connection.execute(select(table.c.drill))).scalars())
    assert drills == {True}
