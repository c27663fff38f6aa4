from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.errors import HostBusy
from crawlers.fetch import politeness
from crawlers.fetch.politeness import Politeness, PolitenessPolicy
from crawlers.rate import RateLimit

START = datetime(2026, 1, 1, tzinfo=UTC)


class Street:
    """Politeness whose sleeps move the clock and are remembered."""

    def __init__(self, *, luck: float = 0.0, **policy: object) -> None:
        self.at = START
        self.slept: list[float] = []
        self.politeness = Politeness(
            PolitenessPolicy(**policy),  # type: ignore[arg-type] # the tests name real fields
            now=lambda: self.at,
            sleep=self._sleep,
            random=lambda: luck,
        )

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)

    async def visit(self, host: str = "a.example", *, interval: float | None = None) -> None:
        async with self.politeness.turn(host, interval=interval):
            pass


async def test_the_first_visit_does_not_wait_and_the_second_does() -> None:
    street = Street(interval=2.0)
    await street.visit()
    await street.visit()
    assert street.slept == [2.0]


async def test_hosts_do_not_wait_for_each_other() -> None:
    street = Street(interval=2.0)
    await street.visit("a.example")
    await street.visit("b.example")
    assert street.slept == []


async def test_a_host_may_wish_for_more_and_not_for_less() -> None:
    street = Street(interval=2.0)
    await street.visit(interval=10.0)
    await street.visit(interval=0.1)
    await street.visit()
    assert street.slept == [10.0, 2.0]


async def test_jitter_lengthens_the_interval() -> None:
    street = Street(interval=2.0, jitter=0.5, luck=1.0)
    await street.visit()
    await street.visit()
    assert street.slept == [3.0]


async def test_a_wait_beyond_the_limit_is_told_instead() -> None:
    street = Street(interval=2.0, max_wait=5.0)
    await street.visit(interval=100.0)
    with pytest.raises(HostBusy) as caught:
        await street.visit()
    assert caught.value.wait == timedelta(seconds=100)


async def test_an_exempt_host_never_waits() -> None:
    street = Street(interval=2.0, exempt=frozenset({"a.example"}))
    await street.visit()
    await street.visit()
    assert street.slept == []


async def test_so_many_visitors_at_once_and_no_more() -> None:
    street = Street(interval=0.0, concurrency=2)
    inside, most = 0, 0

    async def stay() -> None:
        nonlocal inside, most
        async with street.politeness.turn("a.example"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.005)
            inside -= 1

    await asyncio.gather(*(stay() for _ in range(6)))
    assert most == 2


async def test_hosts_without_visitors_are_forgotten_when_there_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(politeness, "_MAX_HOSTS", 3)
    street = Street(interval=1.0)
    for number in range(3):
        await street.visit(f"{number}.example")
    street.at += timedelta(seconds=5)
    await street.visit("new.example")
    assert list(street.politeness._hosts) == ["new.example"]


RATE = RateLimit(requests=3, period=timedelta(seconds=60))


async def test_no_window_holds_more_than_its_rate() -> None:
    street = Street(interval=1.0)
    begun: list[float] = []
    for _ in range(7):
        async with street.politeness.turn("a.example", rate=RATE):
            begun.append((street.at - START).total_seconds())
    assert begun == [0, 1, 2, 60, 61, 62, 120]


async def test_a_request_without_a_rate_is_not_counted() -> None:
    street = Street(interval=0.0)
    for _ in range(5):
        await street.visit()
    async with street.politeness.turn("a.example", rate=RATE):
        pass
    assert street.slept == []


async def test_a_host_that_is_held_is_asked_when_it_opens() -> None:
    street = Street(interval=1.0)
    street.politeness.hold("a.example", timedelta(seconds=30))
    street.politeness.hold("a.example", timedelta(seconds=10))
    await street.visit()
    await street.visit("b.example")
    assert street.slept == [30.0]


async def test_a_long_hold_is_told_and_not_waited_for() -> None:
    street = Street(max_wait=60.0)
    street.politeness.hold("a.example", timedelta(minutes=5))
    with pytest.raises(HostBusy) as caught:
        await street.visit()
    assert caught.value.wait == timedelta(minutes=5)


async def test_a_host_that_is_held_or_counted_is_not_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(politeness, "_MAX_HOSTS", 3)
    street = Street(interval=1.0)
    street.politeness.hold("held.example", timedelta(seconds=60))
    async with street.politeness.turn("counted.example", rate=RATE):
        pass
    await street.visit("idle.example")
    street.at += timedelta(seconds=5)
    await street.visit("new.example")
    assert set(street.politeness._hosts) == {"held.example", "counted.example", "new.example"}
