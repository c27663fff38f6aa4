"""Setting, moving, cancelling and listing timers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from service.db import Database
from service.db.tables import timer
from service.errors import InvalidInput, NotFound
from service.timers import Timers, TimerSpec, TimerState, timer_id
from tests.support.clock import START, SteppingClock

HOUR = timedelta(hours=1)


def spec(kind: str = "due", *, subject: str = "run_1/assess", **changes) -> TimerSpec:
    given = {"incident_id": "inc_1", "due_at": START + HOUR, "payload": {"step": "assess"}}
    return TimerSpec(kind=kind, subject_type="step", subject_id=subject, **(given | changes))


async def put(database: Database, *specs: TimerSpec, now=START) -> list[str]:
    async with database.write() as connection:
        return [await Timers().set(connection, each, now=now) for each in specs]


async def state_of(database: Database, timer_id: str) -> tuple[TimerState, int]:
    async with database.read() as connection:
        found = await Timers().get(connection, timer_id)
    return found.state, found.generation


async def mark(database: Database, timer_id: str, state: TimerState) -> None:
    async with database.write() as connection:
        await connection.execute(
            update(timer).where(timer.c.id == timer_id).values(state=state.value)
        )


async def test_a_timer_has_the_id_of_its_subject_and_kind(database: Database) -> None:
    (made,) = await put(database, spec())
    assert made == timer_id("step", "run_1/assess", "due")


async def test_setting_the_same_timer_twice_changes_nothing(database: Database) -> None:
    first, second = await put(database, spec(), spec())
    assert first == second
    assert await state_of(database, first) == (TimerState.PENDING, 1)


async def test_another_due_time_moves_the_timer_and_grows_its_generation(
    database: Database,
) -> None:
    (made,) = await put(database, spec())
    await put(database, spec(due_at=START + 2 * HOUR))
    async with database.read() as connection:
        found = await Timers().get(connection, made)
    assert (found.due_at, found.generation) == (START + 2 * HOUR, 2)


async def test_another_payload_is_kept_under_the_same_due_time(database: Database) -> None:
    made, _ = await put(database, spec(), spec(payload={"step": "assess", "role": "pr"}))
    async with database.read() as connection:
        found = await Timers().get(connection, made)
    assert found.payload == {"step": "assess", "role": "pr"}


async def test_a_fired_timer_set_to_the_same_due_time_stays_fired(database: Database) -> None:
    (made,) = await put(database, spec())
    await mark(database, made, TimerState.FIRED)
    await put(database, spec(payload={"step": "another"}))
    assert await state_of(database, made) == (TimerState.FIRED, 1)


@pytest.mark.parametrize(
    ("state", "due_at"),
    [
        (TimerState.FIRED, START + 2 * HOUR),
        (TimerState.CANCELLED, START + HOUR),
        (TimerState.FAILED, START + HOUR),
    ],
)
async def test_setting_revives(database: Database, state: TimerState, due_at) -> None:
    (made,) = await put(database, spec())
    await mark(database, made, state)
    await put(database, spec(due_at=due_at))
    assert await state_of(database, made) == (TimerState.PENDING, 2)


async def test_cancelling_a_subject_leaves_others(database: Database) -> None:
    mine, other = await put(database, spec(), spec(subject="run_1/answer"))
    async with database.write() as connection:
        count = await Timers().cancel(connection, subject=("step", "run_1/assess"))
    assert count == 1
    assert (await state_of(database, mine))[0] is TimerState.CANCELLED
    assert (await state_of(database, other))[0] is TimerState.PENDING


async def test_cancelling_an_incident_may_be_limited_to_kinds(database: Database) -> None:
    due, warn, elsewhere = await put(
        database, spec("due"), spec("warn"), spec("warn", subject="x", incident_id="inc_2")
    )
    async with database.write() as connection:
        count = await Timers().cancel(connection, incident_id="inc_1", kinds=["warn"])
    assert count == 1
    assert (await state_of(database, warn))[0] is TimerState.CANCELLED
    assert (await state_of(database, due))[0] is TimerState.PENDING
    assert (await state_of(database, elsewhere))[0] is TimerState.PENDING


async def test_a_fired_timer_is_not_cancelled(database: Database) -> None:
    (made,) = await put(database, spec())
    await mark(database, made, TimerState.FIRED)
    async with database.write() as connection:
        assert await Timers().cancel(connection, incident_id="inc_1") == 0
    assert (await state_of(database, made))[0] is TimerState.FIRED


async def test_cancelling_everything_is_refused(sqlite_database: Database) -> None:
    async with sqlite_database.write() as connection:
        with pytest.raises(InvalidInput, match="a subject or an incident"):
            await Timers().cancel(connection, kinds=["due"])


async def test_pages_continue_where_they_ended_in_due_order(database: Database) -> None:
    await put(
        database,
        *(spec(subject=f"s{n}", due_at=START + (n // 2) * HOUR) for n in range(7)),
        spec(subject="foreign", incident_id="inc_2"),
    )
    seen, after = [], None
    async with database.read() as connection:
        for _ in range(4):
            page = await Timers().pending(connection, incident_id="inc_1", after=after, limit=2)
            seen += page.items
            after = page.next
    assert after is None
    assert [item.id for item in seen] == [
        item.id for item in sorted(seen, key=lambda item: (item.due_at, item.id))
    ]
    assert {item.subject_id for item in seen} == {f"s{n}" for n in range(7)}


async def test_other_states_are_listed_when_asked_for(sqlite_database: Database) -> None:
    (made,) = await put(sqlite_database, spec())
    await mark(sqlite_database, made, TimerState.FAILED)
    async with sqlite_database.read() as connection:
        assert (await Timers().pending(connection)).items == ()
        failed = await Timers().pending(connection, states=[TimerState.FAILED])
    assert [item.id for item in failed.items] == [made]


async def test_an_unknown_timer_is_named(sqlite_database: Database) -> None:
    async with sqlite_database.read() as connection:
        with pytest.raises(NotFound, match="tim_nothing"):
            await Timers().get(connection, "tim_nothing")


async def test_what_a_text_column_cannot_hold_is_cleaned(
    database: Database, clock: SteppingClock
) -> None:
    (made,) = await put(database, spec(payload={"title": "a\x00b"}), now=clock.now())
    async with database.read() as connection:
        assert (await Timers().get(connection, made)).payload == {"title": "ab"}
