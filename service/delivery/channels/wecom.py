"""WeCom (企业微信) group robots: markdown of at most 4,096 bytes.

A Chinese character is three of them. Nothing is signed: the key in the address is the secret.
20 messages a minute and robot.
"""

from __future__ import annotations

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
from service.delivery.channels.layout import headline, lines, markdown_links
from service.delivery.client import Answer
from service.delivery.model import ChannelTarget, Message, SendResult

TEXT_LIMIT = 4096
RATE_WAIT = timedelta(seconds=60)
_RATE = 45009
_REFUSED = {
    93000: "the key in the address is wrong or withdrawn",
    40008: "the type of the message is refused",
    40058: "a field is too long or malformed",
}


class WeComSender:
    """Sends cards to group robots."""

    def __init__(self, exchange: Exchange, cards: Cards) -> None:
        self._exchange = exchange
        self._cards = cards

    async def send(self, channel: ChannelTarget, message: Message, *, at: datetime) -> SendResult:
        card = await self._cards.card(channel, message, at=at)
        return await self._exchange.send(
            channel.url, payload(card, channel.settings), judge=judge, at=at
        )


def payload(card: Card, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The message; the person it is for is mentioned where the channel knows their id."""
    head = f"**{headline(card, escaping.chat)}**"
    if card.from_top is not None and not card.over:
        head = f'<font color="warning">{head}</font>'
    member = (settings.get("people") or {}).get(card.person)
    tail = [markdown_links(card), f"<@{member}>" if member else ""]
    content = assemble(
        head,
        lines(card, escaping.chat, label="{label}{colon}{text}", item="> {text}", limit=TEXT_LIMIT),
        "\n".join(filter(None, tail)),
        limit=TEXT_LIMIT,
    )
    return {"msgtype": "markdown", "markdown": {"content": content}}


def judge(answer: Answer) -> Judgement:
    """By `errcode`."""
    body = said(answer)
    if body is None or "errcode" not in body:
        return unreadable(answer)
    code = body["errcode"]
    words = f"WeCom {code}: {body.get('errmsg', '')}"
    if code == 0:
        return SENT
    if isinstance(code, int) and code in _REFUSED:
        return refused(f"{words}; {_REFUSED[code]}")
    return again(words, after=RATE_WAIT if code == _RATE else None)
