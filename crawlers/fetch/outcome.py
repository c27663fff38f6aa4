"""What an HTTP status means to us: one table, so that every source reads it the same way.

2xx with a whole body   Response
304                     NotModified, when we sent validators; otherwise Failed
401 403 407 418 432 451 Blocked: the site does not want us, asking again at once cannot help
429                     Blocked with its Retry-After: a refusal too, never repeated within one fetch
403 429 and no Retry-After, but a quota that is spent: its reset counts as one
408 425 500 502 503 504 Failed, may be tried again within the fetch; Retry-After is handed on
anything else           Failed (404, 410, 206, a redirect without a target, …)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus

from crawlers.fetch.conditional import freshness
from crawlers.fetch.quota import read_quota
from crawlers.fetch.retry import parse_retry_after
from crawlers.source import Blocked, Failed, NotModified, Response

FetchEnd = Response | NotModified | Blocked | Failed

_REFUSALS = frozenset({401, 403, 407, 418, 432, 451})
_TRANSIENT = frozenset({408, 425, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How one attempt ended, and whether another one may end better."""

    end: FetchEnd
    transient: bool = False


def judge_status(answer: Response, *, now: datetime, sent: dict[str, str]) -> Attempt:
    """Turn an answer into its end; `sent` are the validators that the request carried."""
    status = answer.status
    hint = freshness(answer.headers, now=now)
    reason = f"http {status} {_phrase(status)}"
    retry_after = parse_retry_after(answer.headers.get("retry-after"), now=now)
    if 200 <= status < 300 and status != 206:
        return Attempt(end=replace(answer, hint=hint))
    if status == 304 and sent:
        return Attempt(end=NotModified(cursor={**sent, **answer.validators}, hint=hint))
    if status in _REFUSALS or status == 429:
        spent_for = read_quota(answer.headers, now=now).spent_for
        if status == 429 or (status == 403 and spent_for is not None):
            reason = f"rate limited: {reason}"
            retry_after = spent_for if retry_after is None else retry_after
        return Attempt(end=Blocked(reason=reason, retry_after=retry_after, status=status))
    return Attempt(
        end=Failed(reason=reason, retry_after=retry_after, status=status),
        transient=status in _TRANSIENT,
    )


def closed_for(answer: Response, *, now: datetime) -> timedelta | None:
    """How long the host wants to hear nothing from any of us after this answer; None: no wish.

    A 429 or 503 says so by its Retry-After, and any answer by a quota that is spent.
    """
    asked = None
    if answer.status in (429, 503):
        asked = parse_retry_after(answer.headers.get("retry-after"), now=now)
    spent_for = read_quota(answer.headers, now=now).spent_for
    return max((wait for wait in (asked, spent_for) if wait), default=None)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase.lower()
    except ValueError:
        return "of no standard meaning"
