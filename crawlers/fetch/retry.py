"""Whether to ask again within one fetch, and after how long: a pure decision."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crawlers.fetch.conditional import parse_http_date


class RetryReason(StrEnum):
    """Why we ask again or give up."""

    TRANSIENT = "transient"
    NOT_TRANSIENT = "not_transient"
    ATTEMPTS_SPENT = "attempts_spent"
    WAIT_TOO_LONG = "wait_too_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """At most `attempts` in all; waits start at `base` seconds, double, and never exceed `cap`."""

    attempts: int = 3
    base: float = 0.5
    cap: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryDecision:
    """Ask again after `delay` seconds, or give up (`delay` None), and why."""

    delay: float | None
    reason: RetryReason


def decide_retry(
    attempt: int,
    *,
    transient: bool,
    policy: RetryPolicy,
    random: Callable[[], float],
    retry_after: timedelta | None = None,
) -> RetryDecision:
    """Decide after the failed `attempt` (1 is the first) whether another one may help.

    The delay is drawn between half and all of the doubled base, so that clients which failed
    together do not come back together. A `retry_after` longer than the cap is left to the cadence.
    """
    if not transient:
        return RetryDecision(delay=None, reason=RetryReason.NOT_TRANSIENT)
    if attempt >= policy.attempts:
        return RetryDecision(delay=None, reason=RetryReason.ATTEMPTS_SPENT)
    asked = 0.0 if retry_after is None else retry_after.total_seconds()
    if asked > policy.cap:
        return RetryDecision(delay=None, reason=RetryReason.WAIT_TOO_LONG)
    backoff = min(policy.cap, policy.base * 2.0 ** (attempt - 1)) * (0.5 + 0.5 * random())
    return RetryDecision(delay=max(asked, backoff), reason=RetryReason.TRANSIENT)


def parse_retry_after(text: str | None, *, now: datetime) -> timedelta | None:
    """Read a Retry-After header, seconds or an HTTP date; never negative, at most a year."""
    if text is None:
        return None
    text = text.strip()
    try:
        seconds = float(text)
    except ValueError:
        instant = parse_http_date(text)
        if instant is None:
            return None
        seconds = (instant - now).total_seconds()
    if not math.isfinite(seconds):
        return None
    return timedelta(seconds=max(0.0, min(seconds, 365 * 86_400.0)))
