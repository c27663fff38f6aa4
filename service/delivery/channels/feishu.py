"""Feishu (飞书) and Lark group robots: a card, signed in its body.

100 messages a minute and 5 a second for each robot. Buttons open addresses and do nothing else, so
acknowledging is a link.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

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
from service.delivery.channels.layout import buttons, headline, lines
from service.delivery.client import Answer
from service.delivery.model import ChannelTarget, Message, SendResult

TEXT_LIMIT = 14_000
"""Bytes of the text; the whole body, escapes of JSON and buttons with it, stays under 20 KB."""
RATE_WAIT = timedelta(seconds=60)
_RATE = 11232
_REFUSED = {
    9499: "the request is malformed",
    19001: "the robot's address is wrong",
    19002: "the parameters are wrong",
    19021: "the signature does not fit: check the secret and this machine's clock",
    19022: "this machine's address is not on the robot's list",
    19024: "the robot's keyword is missing: set `keyword`",
}
_TEMPLATES = ("red", "orange", "yellow", "blue")


class FeishuSender:
    """Sends cards to group robots."""

    def __init__(self, exchange: Exchange, cards: Cards) -> None:
        self._exchange = exchange
        self._cards = cards

    async def send(self, channel: ChannelTarget, message: Message, *, at: datetime) -> SendResult:
        card = await self._cards.card(channel, message, at=at)
        body = payload(card, channel.settings)
        if channel.secrets:
            seconds = int(at.timestamp())
            signed = sign(channel.secrets[0], at_s=seconds)
            body = {"timestamp": str(seconds), "sign": signed, **body}
        return await self._exchange.send(
            channel.url, body, judge=judge, at=at, secrets=channel.secrets
        )


def sign(secret: str, *, at_s: int) -> str:
    """Base64 of HMAC-SHA256 with `{seconds}\\n{secret}` as key over nothing at all."""
    key = f"{at_s}\n{secret}".encode()
    return base64.b64encode(hmac.digest(key, b"", hashlib.sha256)).decode("ascii")


def payload(card: Card, settings: Mapping[str, Any]) -> dict[str, Any]:
    """A card of schema 2.0; the person it is for is mentioned where the channel knows their id."""
    member = (settings.get("people") or {}).get(card.person)
    tail = [f"<at id={member}></at>" if member else "", str(settings.get("keyword") or "")]
    text = assemble(
        "",
        lines(
            card, escaping.chat, label="**{label}**{colon}{text}", item="- {text}", limit=TEXT_LIMIT
        ),
        "\n".join(filter(None, tail)),
        limit=TEXT_LIMIT,
    ).strip()
    elements: list[dict[str, Any]] = [{"tag": "markdown", "content": text}] if text else []
    elements += [
        {
            "tag": "button",
            "text": {"tag": "plain_text", "content": words},
            "behaviors": [{"type": "open_url", "default_url": url}],
        }
        for words, url in buttons(card)
    ]
    title = headline(card, escaping.chat)
    return {
        "msg_type": "interactive",
        "card": {
            "schema": "2.0",
            "config": {"update_multi": True},
            "header": {
                "title": {"tag": "plain_text", "content": title},
                "template": _template(card),
            },
            "body": {"elements": elements},
        },
    }


def judge(answer: Answer) -> Judgement:
    """By `code`, or by `StatusCode` in the older form, whatever the HTTP status."""
    body = said(answer)
    code = None if body is None else body.get("code", body.get("StatusCode"))
    if body is None or not isinstance(code, int):
        return unreadable(answer)
    words = f"Feishu {code}: {body.get('msg', body.get('StatusMessage', ''))}"
    if code == 0:
        return SENT if answer.status < 300 else again(f"{words}, with HTTP {answer.status}")
    if code in _REFUSED:
        return refused(f"{words}; {_REFUSED[code]}")
    return again(words, after=RATE_WAIT if code == _RATE else None)


def _template(card: Card) -> str:
    if card.from_top is None:
        return "blue"
    return _TEMPLATES[min(card.from_top, len(_TEMPLATES) - 1)] if not card.over else "green"
