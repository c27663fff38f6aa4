"""DingTalk (钉钉) group robots: markdown, signed in the address.

They answer HTTP 200 whatever they think of it: `errcode` decides. 20 messages a minute and robot;
who sends more is muted for ten minutes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus

from service.delivery.channels import escaping
from service.delivery.channels.card import Card
from service.delivery.channels.cards import Cards
from service.delivery.channels.cutting import assemble
from service.delivery.channels.exchange import (
    SENT,
    Exchange,
    Judgement,
    again,
    refused,
    said,
    unreadable,
)
from service.delivery.channels.layout import headline, lines, markdown_links
from service.delivery.client import Answer
from service.delivery.model import ChannelTarget, Message, SendResult

TEXT_LIMIT = 18_000
"""Bytes; a message of more than 20,000 is refused."""
RATE_WAIT = timedelta(seconds=60)
_CONFIGURATION = (310000, 300005)
_TOO_FAST = 130101
_PUNISHED = 1111


class DingTalkSender:
    """Sends cards to group robots."""

    def __init__(self, exchange: Exchange, cards: Cards) -> None:
        self._exchange = exchange
        self._cards = cards

    async def send(self, channel: ChannelTarget, message: Message, *, at: datetime) -> SendResult:
        card = await self._cards.card(channel, message, at=at)
        url = channel.url
        if url and channel.secrets:
            url += ("&" if "?" in url else "?") + signed_query(channel.secrets[0], at=at)
        return await self._exchange.send(
            url, payload(card, channel.settings), judge=judge, at=at, secrets=channel.secrets
        )


def sign(secret: str, *, at_ms: int) -> str:
    """Base64 of HMAC-SHA256 with the secret as key over `{milliseconds}\\n{secret}`."""
    signed = f"{at_ms}\n{secret}".encode()
    return base64.b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256)).decode("ascii")


def signed_query(secret: str, *, at: datetime) -> str:
    """`timestamp` in milliseconds and `sign`, encoded for the address."""
    at_ms = int(at.timestamp() * 1000)
    return f"timestamp={at_ms}&sign={quote_plus(sign(secret, at_ms=at_ms))}"


def payload(card: Card, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The message; nobody but the person it is for is mentioned, and never everybody."""
    title = headline(card, escaping.chat)
    keyword = str(settings.get("keyword") or "")
    mobile = (settings.get("people") or {}).get(card.person)
    tail = [markdown_links(card), f"@{mobile}" if mobile else "", keyword]
    text = assemble(
        f"### {title}",
        lines(
            card, escaping.chat, label="**{label}**{colon}{text}", item="- {text}", limit=TEXT_LIMIT
        ),
        "\n\n".join(filter(None, tail)),
        limit=TEXT_LIMIT,
        between="\n\n",
    )
    return {
        "msgtype": "markdown",
        "markdown": {"title": title, "text": text},
        "at": {"atMobiles": [mobile] if mobile else [], "isAtAll": False},
    }


def judge(answer: Answer) -> Judgement:
    """By `errcode`; a throttle that says how long to wait is believed."""
    body = said(answer)
    if body is None or ("errcode" not in body and "status" not in body):
        return unreadable(answer)
    code = body.get("errcode", body.get("status"))
    words = f"DingTalk {code}: {body.get('errmsg', body.get('punish', ''))}"
    if code == 0 and "errcode" in body:
        return SENT
    if code in _CONFIGURATION:
        return refused(f"{words}; check the robot's address, secret, keyword and this clock")
    if code == _TOO_FAST:
        return again(words, after=RATE_WAIT)
    if code == _PUNISHED:
        return again(words, after=_wait(body.get("wait")))
    return again(words)


def _wait(seconds: object) -> timedelta:
    if isinstance(seconds, int) and not isinstance(seconds, bool) and 0 <= seconds <= 86_400:
        return timedelta(seconds=seconds)
    return RATE_WAIT
