"""Politeness: how often and how many at once we ask one host."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawlers.errors import HostBusy

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
    users: int = 0


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
    async def turn(self, host: str, *, interval: float | None = None) -> AsyncIterator[None]:
        """Wait for our turn at `host` and keep it while the block runs.

        `interval` is the host's own wish (Crawl-delay, seconds) where it exceeds ours. Raises
        HostBusy instead of waiting longer than the policy's `max_wait`.
        """
        line = self._line(host)
        line.users += 1
        try:
            async with line.slots:
                await self._wait(host, line, interval or 0.0)
                yield
        finally:
            line.users -= 1

    async def _wait(self, host: str, line: _Host, wish: float) -> None:
        if host in self._policy.exempt:
            return
        now = self._now()
        start = now if line.free_at is None else max(now, line.free_at)
        wait = (start - now).total_seconds()
        if wait > self._policy.max_wait:
            raise HostBusy(host, start - now)
        # The place in line is taken before we sleep, so the next waiter queues behind it.
        gap = max(self._policy.interval, wish) * (1 + self._policy.jitter * self._random())
        line.free_at = start + timedelta(seconds=gap)
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
            if line.users == 0 and (line.free_at is None or line.free_at <= now):
                del self._hosts[host]
