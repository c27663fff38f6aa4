"""Jobs: jumped to in virtual time, waited for in real time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.clock import SystemClock, VirtualClock
from service.jobs import advance, drive

START = datetime(2026, 3, 2, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Diary:
    """A job with a list of instants; `ran` holds (name, instant) of every one that it did."""

    def __init__(
        self, name: str, minutes: list[int], ran: list[tuple[str, datetime]] | None = None
    ) -> None:
        self._name = name
        self.dates = sorted(START + minute * MINUTE for minute in minutes)
        self.ran: list[tuple[str, datetime]] = [] if ran is None else ran
        self.finished = asyncio.Event()

    @property
    def name(self) -> str:
        return self._name

    async def next_at(self) -> datetime | None:
        return self.dates[0] if self.dates else None

    async def run(self, now: datetime) -> int:
        due = [date for date in self.dates if date <= now]
        self.dates = self.dates[len(due) :]
        self.ran.append((self._name, now))
        if not self.dates:
            self.finished.set()
        return len(due)


class Restless:
    """Always due, never done."""

    name = "restless"

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock

    async def next_at(self) -> datetime | None:
        return self._clock.now()

    async def run(self, now: datetime) -> int:
        return 1


async def test_an_idle_span_is_jumped() -> None:
    clock = VirtualClock(START)
    diary = Diary("a", [1, 60 * 24])
    assert await advance(clock, [diary], START + timedelta(days=3)) == 2
    assert [at for _, at in diary.ran] == [START + MINUTE, START + timedelta(days=1)]
    assert clock.now() == START + timedelta(days=3)


async def test_what_is_due_later_stays() -> None:
    diary = Diary("a", [10])
    assert await advance(VirtualClock(START), [diary], START + 9 * MINUTE) == 0
    assert diary.dates == [START + 10 * MINUTE]


async def test_what_is_due_at_the_very_end_is_done() -> None:
    diary = Diary("a", [10])
    assert await advance(VirtualClock(START), [diary], START + 10 * MINUTE) == 1


async def test_overdue_work_is_done_now_not_then() -> None:
    clock = VirtualClock(START)
    diary = Diary("a", [-30])
    assert await advance(clock, [diary], START) == 1
    assert diary.ran == [("a", START)]


async def test_jobs_of_one_instant_run_in_the_order_given() -> None:
    ran: list[tuple[str, datetime]] = []
    jobs = [Diary("second", [5], ran), Diary("first", [1, 5], ran), Diary("third", [5], ran)]
    await advance(VirtualClock(START), jobs, START + 9 * MINUTE)
    assert [name for name, _ in ran] == ["first", "second", "first", "third"]


async def test_no_jobs_at_all_still_moves_the_clock() -> None:
    clock = VirtualClock(START)
    assert await advance(clock, [], START + MINUTE) == 0
    assert clock.now() == START + MINUTE


async def test_a_job_that_never_rests_is_named() -> None:
    clock = VirtualClock(START)
    with pytest.raises(RuntimeError, match=r"no end of work at 2026-03-02T04:00:00.*restless"):
        await advance(clock, [Restless(clock)], START + MINUTE)


@given(st.lists(st.lists(st.integers(-5, 100), max_size=8), max_size=4), st.integers(0, 90))
async def test_everything_due_is_done_once_and_never_early(
    calendars: list[list[int]], until: int
) -> None:
    clock = VirtualClock(START)
    jobs = [Diary(str(number), minutes) for number, minutes in enumerate(calendars)]
    done = await advance(clock, jobs, START + until * MINUTE)
    assert done == sum(minute <= until for minutes in calendars for minute in minutes)
    for job, minutes in zip(jobs, calendars, strict=True):
        left = sorted(START + minute * MINUTE for minute in minutes if minute > until)
        assert job.dates == left
        instants = [at for _, at in job.ran]
        assert instants == sorted(set(instants))


class Counting:
    """A job that has `times` things to do, at once, and then nothing known."""

    name = "counting"

    def __init__(self, times: int, *, later: datetime | None = None) -> None:
        self.left = times
        self.later = later
        self.asked = asyncio.Event()
        self.done = asyncio.Event()

    async def next_at(self) -> datetime | None:
        self.asked.set()
        if self.left:
            return START
        return self.later

    async def run(self, now: datetime) -> int:
        self.left -= 1
        if not self.left:
            self.done.set()
        return 1


async def test_in_real_time_a_job_runs_until_nothing_is_due() -> None:
    job, stop = Counting(3), asyncio.Event()
    task = asyncio.create_task(drive(job, SystemClock(), stop, poll=timedelta(seconds=30)))
    await asyncio.wait_for(job.done.wait(), 5)
    stop.set()
    await asyncio.wait_for(task, 5)
    assert job.left == 0


async def test_in_real_time_work_that_appears_is_found_at_the_next_poll() -> None:
    job, stop = Counting(0), asyncio.Event()
    task = asyncio.create_task(drive(job, SystemClock(), stop, poll=timedelta(milliseconds=5)))
    await asyncio.wait_for(job.asked.wait(), 5)
    job.left = 1
    await asyncio.wait_for(job.done.wait(), 5)
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_a_due_time_before_the_next_poll_is_kept() -> None:
    clock = SystemClock()
    diary, stop = Diary("a", []), asyncio.Event()
    diary.dates = [clock.now() + timedelta(milliseconds=20)]
    task = asyncio.create_task(drive(diary, clock, stop, poll=timedelta(seconds=30)))
    await asyncio.wait_for(diary.finished.wait(), 5)
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_stopping_ends_a_long_wait_at_once() -> None:
    job, stop = Counting(0, later=SystemClock().now() + timedelta(hours=1)), asyncio.Event()
    task = asyncio.create_task(drive(job, SystemClock(), stop, poll=timedelta(hours=1)))
    await asyncio.wait_for(job.asked.wait(), 5)
    stop.set()
    await asyncio.wait_for(task, 5)
