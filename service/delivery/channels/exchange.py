"""One JSON POST to a provider: its body decides, and what it says is shown without our secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import orjson

from service.clock import Clock
from service.delivery.client import LIMIT_S, Answer, post
from service.delivery.hiding import secret_parts, without
from service.delivery.model import SendOutcome, SendResult
from service.delivery.webhook import parse_retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What an answer means; `reason` is for people."""

    outcome: SendOutcome
    reason: str = ""
    retry_after: timedelta | None = None


REASON_LIMIT = 500
Judge = Callable[[Answer], Judgement]

SENT = Judgement(outcome=SendOutcome.SENT)


class Exchange:
    """Posts to providers. The client must be guarded: addresses of channels come from people."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        clock: Clock,
        user_agent: str = "fengsui",
        limit_s: float = LIMIT_S,
    ) -> None:
        """`client` stays the caller's to close; `limit_s` seconds bound one exchange."""
        self._client = client
        self._clock = clock
        self._user_agent = user_agent
        self._limit_s = limit_s

    async def send(
        self,
        url: str | None,
        payload: Mapping[str, Any] | bytes,
        *,
        judge: Judge,
        at: datetime,
        secrets: Iterable[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> SendResult:
        """One attempt. 3xx, 410, 429 and 5xx mean the same everywhere; `judge` is asked of the
        rest. Neither answer nor reason has the address or one of `secrets`.
        """
        if not url:
            return SendResult(outcome=SendOutcome.REFUSED, reason="the channel has no address")
        body = payload if isinstance(payload, bytes) else orjson.dumps(payload)
        sent = {
            "content-type": "application/json; charset=utf-8",
            "user-agent": self._user_agent,
            **(headers or {}),
        }
        started = self._clock.monotonic()
        answer = await post(self._client, url, headers=sent, body=body, limit_s=self._limit_s)
        duration_ms = (self._clock.monotonic() - started) * 1000
        hidden = secret_parts(url, secrets)
        if not isinstance(answer, Answer):
            outcome = SendOutcome.REFUSED if answer.refused else SendOutcome.RETRY
            reason = without(answer.reason, hidden)
            return SendResult(outcome=outcome, reason=reason, duration_ms=duration_ms)
        judged = _by_status(answer) or judge(answer)
        wish = parse_retry_after(answer.retry_after, at=at)
        return SendResult(
            outcome=judged.outcome,
            status=answer.status,
            answer=without(answer.text, hidden),
            reason=without(judged.reason, hidden)[:REASON_LIMIT],  # half a secret is not found
            retry_after=judged.retry_after if wish is None else wish,
            duration_ms=duration_ms,
        )


def said(answer: Answer) -> Mapping[str, Any] | None:
    """The JSON object of an answer; None for HTML, a cut or broken body, or anything else."""
    try:
        value = orjson.loads(answer.text.encode("utf-8", "replace"))
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def unreadable(answer: Answer) -> Judgement:
    """An answer that the provider does not give: a proxy or a sign-in page may have spoken."""
    return Judgement(
        outcome=SendOutcome.RETRY,
        reason=f"HTTP {answer.status} without the provider's answer in it; is a proxy between?",
    )


def refused(words: str) -> Judgement:
    """It said no, and would say no to the same bytes again."""
    return Judgement(outcome=SendOutcome.REFUSED, reason=words)


def again(words: str, *, after: timedelta | None = None) -> Judgement:
    """It did not take it now; `after` is its wish, or the rule of its book."""
    return Judgement(outcome=SendOutcome.RETRY, reason=words, retry_after=after)


def _by_status(answer: Answer) -> Judgement | None:
    status = answer.status
    if status == 410:
        return Judgement(outcome=SendOutcome.GONE, reason="HTTP 410: the address is gone")
    if status == 429 or status >= 500 or 300 <= status < 400:
        return Judgement(outcome=SendOutcome.RETRY, reason=f"HTTP {status}")
    return None
