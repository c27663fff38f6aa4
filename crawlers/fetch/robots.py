"""robots.txt: fetched once per origin for all who wait, remembered, obeyed (RFC 9309)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from crawlers.source import Failed, Response

MAX_ROBOTS_BYTES = 512 * 1024
"""RFC 9309 asks for at least 500 KiB; what lies beyond is not read."""

_MAX_ORIGINS = 5_000
_MAX_DELAY = 86_400.0

FetchRobots = Callable[[str], Awaitable[Response | Failed]]
"""Gets a robots.txt, following redirects, cut at MAX_ROBOTS_BYTES, with any status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsPolicy:
    """How long an answer holds: rules (or their absence) and the failure to get any."""

    ttl: timedelta = timedelta(hours=12)
    unreachable_ttl: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsVerdict:
    """May the URL be fetched, why not, and how many seconds the host wants between requests."""

    allowed: bool
    reason: str = ""
    crawl_delay: float | None = None
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What one origin said; `parser` None with a `failure` means that nobody knows."""

    parser: Protego | None
    failure: str | None
    expires_at: datetime


class Robots:
    """The rules of every origin we have asked."""

    def __init__(
        self,
        fetch: FetchRobots,
        *,
        agent: str,
        now: Callable[[], datetime],
        policy: RobotsPolicy | None = None,
    ) -> None:
        self._fetch = fetch
        self._agent = agent
        self._now = now
        self._policy = policy or RobotsPolicy()
        self._rules: dict[str, _Rules] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def judge(self, url: str) -> RobotsVerdict:
        """Judge `url`; a host whose robots.txt fails on its side (5xx, 429, network) refuses us."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()
        if parts.path == "/robots.txt":
            return RobotsVerdict(allowed=True)
        rules = await self._of(origin)
        if rules.failure is not None:
            return RobotsVerdict(
                allowed=False,
                reason=f"robots.txt of {origin} cannot be read: {rules.failure}",
                retry_after=max(timedelta(0), rules.expires_at - self._now()),
            )
        if rules.parser is None:
            return RobotsVerdict(allowed=True)
        if not rules.parser.can_fetch(url, self._agent):
            return RobotsVerdict(
                allowed=False, reason=f"robots.txt of {origin} forbids {parts.path or '/'}"
            )
        return RobotsVerdict(allowed=True, crawl_delay=_delay(rules.parser, self._agent))

    async def _of(self, origin: str) -> _Rules:
        known = self._rules.get(origin)
        if known is not None and known.expires_at > self._now():
            return known
        # Whoever comes first asks; the others wait here and find the answer remembered. If the
        # first one is cancelled, the next asks.
        lock = self._locks.setdefault(origin, asyncio.Lock())
        async with lock:
            known = self._rules.get(origin)
            if known is None or known.expires_at <= self._now():
                known = self._read(await self._fetch(f"{origin}/robots.txt"))
                self._remember(origin, known)
        return known

    def _remember(self, origin: str, rules: _Rules) -> None:
        if len(self._rules) >= _MAX_ORIGINS:
            now = self._now()
            for old in [key for key, value in self._rules.items() if value.expires_at <= now]:
                del self._rules[old]
            if len(self._rules) >= _MAX_ORIGINS:
                del self._rules[next(iter(self._rules))]
            for old in [key for key, lock in self._locks.items() if not lock.locked()]:
                del self._locks[old]
        self._rules[origin] = rules

    def _read(self, answer: Response | Failed) -> _Rules:
        now = self._now()
        if isinstance(answer, Failed):
            return self._unknown(answer.reason)
        if answer.status == 429 or answer.status >= 500:
            return self._unknown(f"HTTP {answer.status}")
        if not 200 <= answer.status < 300:
            return _Rules(parser=None, failure=None, expires_at=now + self._policy.ttl)
        text = answer.body.decode("utf-8-sig", "replace")
        try:
            parser = Protego.parse(text)
        except Exception as error:  # a third party's parser over a stranger's bytes
            return self._unknown(f"{type(error).__name__} while reading it")
        return _Rules(parser=parser, failure=None, expires_at=now + self._policy.ttl)

    def _unknown(self, failure: str) -> _Rules:
        expires_at = self._now() + self._policy.unreachable_ttl
        return _Rules(parser=None, failure=failure, expires_at=expires_at)


def _delay(parser: Protego, agent: str) -> float | None:
    delay = parser.crawl_delay(agent)
    rate = parser.request_rate(agent)
    wishes = [float(delay)] if delay is not None else []
    if rate is not None and rate.requests > 0:
        wishes.append(rate.seconds / rate.requests)
    sane = [wish for wish in wishes if 0 <= wish <= _MAX_DELAY]
    return max(sane, default=None)
