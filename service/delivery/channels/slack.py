"""Slack incoming webhooks: blocks in an attachment that has the tier's colour.

About one message a second and channel. Success is the word `ok`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.delivery.channels import escaping
from service.delivery.channels.card import Card
from service.delivery.channels.cards import Cards
from service.delivery.channels.cutting import assemble
from service.delivery.channels.exchange import (
    SENT,
    Exchange,
    Judgement,
    refused,
    unreadable,
)
from service.delivery.channels.layout import buttons, headline, lines
from service.delivery.client import Answer
from service.delivery.model import ChannelTarget, Message, SendResult

SECTION_LIMIT = 2_900
"""Bytes, so fewer characters; a section has at most 3,000 of those."""
_REFUSED = frozenset({400, 403, 404})
_WORD = re.compile("[a-z][a-z_]{1,59}")
"""Theirs; a proxy that blocks says sentences, or a page."""


class SlackSender:
    """Sends cards to incoming webhooks."""

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
    member = (settings.get("people") or {}).get(card.person)
    text = assemble(
        f"*{headline(card, escaping.slack)}*",
        lines(
            card,
            escaping.slack,
            label="*{label}*{colon}{text}",
            item="• {text}",
            limit=SECTION_LIMIT,
        ),
        f"<@{member}>" if member else "",
        limit=SECTION_LIMIT,
    )
    blocks: list[dict[str, Any]] = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
    pressed = [
        {"type": "button", "text": {"type": "plain_text", "text": words}, "url": url}
        for words, url in buttons(card)
    ]
    if pressed:
        blocks.append({"type": "actions", "elements": pressed})
    return {
        "text": headline(card, escaping.slack),
        "attachments": [{"color": card.colour, "blocks": blocks}],
    }


def judge(answer: Answer) -> Judgement:
    """`ok` and nothing else is success; its refusals are one word each."""
    word = answer.text.strip()
    if answer.status == 200 and word == "ok":
        return SENT
    if answer.status in _REFUSED and _WORD.fullmatch(word):
        return refused(f"Slack {answer.status}: {word}")
    return unreadable(answer)
