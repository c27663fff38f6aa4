"""PagerDuty Events API v2: one alert an incident, opened, acknowledged and resolved by one key.

About 120 calls a minute and integration; a message is at most two of them. The first of the
channel's secrets is the routing key; the others verify the webhooks by which PagerDuty tells us of
acknowledgements.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog

from service.delivery.channels import escaping
from service.delivery.channels.alerts import (
    EventAction,
    Standing,
    Standings,
    UnknownStandings,
    actions_of,
    feed_of,
    incident_of,
    told_standing,
)
from service.delivery.channels.card import Card
from service.delivery.channels.cards import Cards
from service.delivery.channels.cutting import cut
from service.delivery.channels.exchange import (
    SENT,
    Exchange,
    Judgement,
    again,
    refused,
    said,
    unreadable,
)
from service.delivery.channels.layout import buttons, lines
from service.delivery.channels.particulars import mapping_of
from service.delivery.client import Answer
from service.delivery.model import ChannelTarget, Message, SendOutcome, SendResult
from service.delivery.render import instant_text
from service.events import EventType

ENQUEUE = "https://events.pagerduty.com/v2/enqueue"
SUMMARY_LIMIT = 1024
KEY_LIMIT = 255
_SEVERITIES = ("critical", "error", "warning", "info")

log = structlog.get_logger(__name__)


class PagerDutySender:
    """Sends events. A test opens an alert of the lowest severity and resolves it at once."""

    def __init__(
        self, exchange: Exchange, cards: Cards, *, standings: Standings | None = None
    ) -> None:
        """`standings` says how it stands when a message is sent; None: as the message says."""
        self._exchange = exchange
        self._cards = cards
        self._standings = standings or UnknownStandings()

    async def send(self, channel: ChannelTarget, message: Message, *, at: datetime) -> SendResult:
        if not channel.secrets:
            return SendResult(
                outcome=SendOutcome.REFUSED, reason="the channel has no routing key in `secrets`"
            )
        actions = actions_of(message, await self._standing(message))
        result = SendResult(outcome=SendOutcome.NEEDLESS, reason="the alert stands as it should")
        for action in actions:
            body = head(message, action, routing_key=channel.secrets[0])
            if action is EventAction.TRIGGER:
                card = await self._cards.card(channel, message, at=at)
                body |= particulars(card, message)
            result = await self._post(channel, body, at=at)
            if result.outcome is not SendOutcome.SENT:
                break
        return result

    async def _standing(self, message: Message) -> Standing:
        feed, incident = feed_of(message), incident_of(message)
        found: Standing | None = None
        try:
            if feed is not None:
                found = await self._standings.feed(feed)
            elif incident is not None:
                found = await self._standings.incident(incident)
        except Exception:
            # A page that is a little late in its knowledge is better than none.
            log.exception("delivery.standing_unknown", message=message.id)
        return told_standing(message) if found is None else found

    async def _post(
        self, channel: ChannelTarget, body: Mapping[str, Any], *, at: datetime
    ) -> SendResult:
        return await self._exchange.send(
            channel.url or ENQUEUE, body, judge=judge, at=at, secrets=channel.secrets
        )


def head(message: Message, action: EventAction, *, routing_key: str) -> dict[str, Any]:
    """What every event has, and all that one has which opens nothing."""
    return {
        "routing_key": routing_key,
        "event_action": action.value,
        "dedup_key": dedup_key(message)[:KEY_LIMIT],
    }


def particulars(card: Card, message: Message) -> dict[str, Any]:
    """What an event that opens an alert has besides."""
    incident = mapping_of(message.data.get("incident"))
    body = {
        "summary": cut(escaping.plain(card.headline), SUMMARY_LIMIT),
        "source": f"fengsui {incident.get('monitor') or ''}".strip(),
        "severity": severity(card),
        "timestamp": instant_text(message.occurred_at),
        "component": str(incident.get("scenario") or ""),
        "group": str(incident.get("monitor") or ""),
        "class": message.type.value,
        "custom_details": {
            "lines": lines(card, escaping.plain, label="{label}{colon}{text}", item="- {text}"),
            "incident": card.incident_id or "",
            "drill": card.drill,
        },
    }
    return {
        "payload": body,
        "links": [{"href": url, "text": words} for words, url in buttons(card)],
        "client": "Fengsui",
        "client_url": escaping.address(card.link or ""),
    }


def dedup_key(message: Message) -> str:
    """The incident, so that the key outlives changes of tier; else the feed, else the message."""
    feed = feed_of(message)
    return f"feed:{feed}" if feed else incident_of(message) or message.id


def severity(card: Card) -> str:
    """The gravest tier is critical, the next error, then warning, then info."""
    if card.test or card.from_top is None:
        return "warning" if card.event is EventType.COVERAGE_LOST else "info"
    return _SEVERITIES[min(card.from_top, len(_SEVERITIES) - 1)]


def judge(answer: Answer) -> Judgement:
    """2xx with `status: success` has arrived; a 400 would be one again."""
    body = said(answer)
    if body is None or not ("status" in body or "errors" in body):
        return unreadable(answer)
    if answer.status == 400:
        what = f"{body.get('message', '')} {body.get('errors', '')}"
        return refused(f"PagerDuty 400: {what}".strip())
    if 200 <= answer.status < 300 and body.get("status") == "success":
        return SENT
    return again(
        f"PagerDuty {answer.status}: {body.get('status', '')} {body.get('message', '')}".strip()
    )
