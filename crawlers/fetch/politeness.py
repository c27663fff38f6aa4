"""Politeness: how often and how many at once we ask one host."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawlers.errors import HostBusy
from crawlers.rate import RateLimit

_MAX_HOSTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PolitenessPolicy:
    """Seconds between two requests to a host, requests at once, and the longest we wait in line."""

    interval: float = 1.0
    concurrency: int = 2
    jitter: float = 0.25
    max_wait: float = 60.0
    exempt: frozenset[str] = frozenset()
    """Hosts that are ours: no interval, as for a source on the same machine."""


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore
    free_at: datetime | None = None
    held_until: datetime | None = None
    users: int = 0
    windows: dict[RateLimit, deque[datetime]] = field(default_factory=dict)
    """For each rate the beginnings of the last requests that it counts."""

    def opens_at(self, now: datetime, rate: RateLimit | None) -> datetime:
        """The earliest instant at which one more request may begin."""
        start = max(at for at in (now, self.free_at, self.held_until) if at is not None)
        begun = self.windows.get(rate) if rate is not None else None
        if rate is not None and begun is not None and len(begun) == rate.requests:
            start = max(start, begun[0] + rate.period)
        return start

    def begin(self, at: datetime, rate: RateLimit | None) -> None:
        """Count a request that begins then."""
        if rate is not None:
            self.windows.setdefault(rate, deque(maxlen=rate.requests)).append(at)

    def idle_from(self) -> datetime | None:
        """From when on nothing of what is remembered matters; None if nothing is."""
        ends = [begun[-1] + rate.period for rate, begun in self.windows.items()]
        return max([at for at in (self.free_at, self.held_until, *ends) if at], default=None)


class Politeness:
    """One line of waiters for each host."""

    def __init__(
        self,
        policy: PolitenessPolicy,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        random: Callable[[], float],
    ) -> None:
        self._policy = policy
        self._now = now
        self._sleep = sleep
        self._random = random
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(
        self, host: str, *, interval: float | None = None, rate: RateLimit | None = None
    ) -> AsyncIterator[None]:
        """Wait for our turn at `host` and keep it while the block runs.

        `interval` is the host's own wish (Crawl-delay, seconds) where it exceeds ours, `rate` what
        a window of requests may hold. Raises HostBusy instead of waiting longer than the policy's
        `max_wait`.
        """
        line = self._line(host)
        line.users += 1
        try:
            async with line.slots:
                await self._wait(host, line, interval or 0.0, rate)
                yield
        finally:
            line.users -= 1

    def hold(self, host: str, duration: timedelta) -> None:
        """Ask `host` nothing for that long: it has said so to one of us and means all of us."""
        line = self._line(host)
        until = self._now() + duration
        line.held_until = until if line.held_until is None else max(until, line.held_until)

    async def _wait(self, host: str, line: _Host, wish: float, rate: RateLimit | None) -> None:
        if host in self._policy.exempt:
            return
        now = self._now()
        start = line.opens_at(now, rate)
        wait = (start - now).total_seconds()
        if wait > self._policy.max_wait:
            raise HostBusy(host, start - now)
        # The place in line is taken before we sleep, so the next waiter queues behind it.
        gap = max(self._policy.interval, wish) * (1 + self._policy.jitter * self._random())
        line.free_at = start + timedelta(seconds=gap)
        line.begin(start, rate)
        if wait > 0:
            await self._sleep(wait)

    def _line(self, host: str) -> _Host:
        line = self._hosts.get(host)
        if line is None:
            if len(self._hosts) >= _MAX_HOSTS:
                self._forget_idle()
            line = _Host(slots=asyncio.Semaphore(self._policy.concurrency))
            self._hosts[host] = line
        return line

    def _forget_idle(self) -> None:
        now = self._now()
        for host, line in list(self._hosts.items()):
            idle_from = line.idle_from()
            if line.users == 0 and (idle_from is None or idle_from <= now):
                del self._hosts[host]
