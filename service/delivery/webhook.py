"""The sender of Standard Webhooks 1.0."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from service.clock import Clock
from service.delivery.client import LIMIT_S, Answer, post
from service.delivery.errors import BadSecret
from service.delivery.hiding import secret_parts, without
from service.delivery.model import ChannelTarget, Message, SendOutcome, SendResult
from service.delivery.render import render
from service.delivery.signing import signed_headers

SAME_BYTES_REFUSED = frozenset({400, 413, 415, 422})
"""The receiver judged the body itself; other 4xx may be a route or a credential under repair."""


class WebhookSender:
    """Signs and posts. The client must be guarded: addresses of channels come from people."""

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

    async def send(self, channel: ChannelTarget, message: Message, *, at: datetime) -> SendResult:
        """One attempt at `at`; the signature covers it, so that a receiver can refuse replays."""
        if not channel.url:
            return SendResult(outcome=SendOutcome.REFUSED, reason="the channel has no address")
        body = render(message)
        try:
            signed = signed_headers(channel.secrets, message_id=message.id, at=at, body=body)
        except BadSecret as error:
            return SendResult(outcome=SendOutcome.REFUSED, reason=error.detail)
        headers = {
            "content-type": "application/json",
            "user-agent": self._user_agent,
            **signed,
        }
        started = self._clock.monotonic()
        answer = await post(
            self._client, channel.url, headers=headers, body=body, limit_s=self._limit_s
        )
        duration_ms = (self._clock.monotonic() - started) * 1000
        if isinstance(answer, Answer):
            return SendResult(
                outcome=outcome_of(answer.status),
                status=answer.status,
                answer=without(answer.text, secret_parts(channel.url, channel.secrets)),
                retry_after=parse_retry_after(answer.retry_after, at=at),
                duration_ms=duration_ms,
            )
        outcome = SendOutcome.REFUSED if answer.refused else SendOutcome.RETRY
        return SendResult(outcome=outcome, reason=answer.reason, duration_ms=duration_ms)


def outcome_of(status: int) -> SendOutcome:
    """What an HTTP status means for a webhook; a redirect is a failure and is not followed."""
    if 200 <= status < 300:
        return SendOutcome.SENT
    if status == 410:
        return SendOutcome.GONE
    return SendOutcome.REFUSED if status in SAME_BYTES_REFUSED else SendOutcome.RETRY


def parse_retry_after(value: str | None, *, at: datetime) -> timedelta | None:
    """Retry-After in seconds or as an HTTP date, counted from `at`; None when it makes no sense."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:9]), 365 * 86_400))
    try:
        then = parsedate_to_datetime(value)
    except ValueError:
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(then - at, timedelta(0))
