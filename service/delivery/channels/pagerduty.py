"""PagerDuty Events API v2: one alert an incident, opened, acknowledged and resolved by one key.

About 120 calls a minute and integration. The first of the channel's secrets is the routing key; the
others verify the webhooks by which PagerDuty tells us of acknowledgements.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from service.delivery.channels import escaping
from service.delivery.channels.card import Card, Cards
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
from service.delivery.client import Answer
from service.delivery.model import ChannelTarget, Message, SendOutcome, SendResult
from service.delivery.render import instant_text
from service.events import EventType

ENQUEUE = "https://events.pagerduty.com/v2/enqueue"
SUMMARY_LIMIT = 1024
KEY_LIMIT = 255
_SEVERITIES = ("critical", "error", "warning", "info")
_RESOLVING = frozenset(
    {EventType.INCIDENT_RESOLVED, EventType.INCIDENT_CLOSED, EventType.COVERAGE_RESTORED}
)
_HELD = frozenset({"acknowledged", "responding", "monitoring"})
_OVER = frozenset({"resolved", "closed", "false_positive", "merged"})


class EventAction(StrEnum):
    TRIGGER = "trigger"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


class PagerDutySender:
    """Sends events. A test opens an alert of the lowest severity and resolves it at once."""

    def __init__(self, exchange: Exchange, cards: Cards) -> None:
        self._exchange = exchange
        self._cards = cards

    async def send(self, channel: ChannelTarget, message: Message, *, at: datetime) -> SendResult:
        if not channel.secrets:
            return SendResult(
                outcome=SendOutcome.REFUSED, reason="the channel has no routing key in `secrets`"
            )
        card = await self._cards.card(channel, message, at=at)
        body = payload(card, message, routing_key=channel.secrets[0])
        ending = {
            "routing_key": body["routing_key"],
            "event_action": EventAction.RESOLVE.value,
            "dedup_key": body["dedup_key"],
        }
        if asks_again(message):
            ended = await self._post(channel, ending, at=at)
            if ended.outcome is not SendOutcome.SENT:
                return ended
        result = await self._post(channel, body, at=at)
        if card.test and result.outcome is SendOutcome.SENT:
            await self._post(channel, ending, at=at)
        return result

    async def _post(
        self, channel: ChannelTarget, body: Mapping[str, Any], *, at: datetime
    ) -> SendResult:
        return await self._exchange.send(
            channel.url or ENQUEUE, body, judge=judge, at=at, secrets=channel.secrets
        )


def payload(card: Card, message: Message, *, routing_key: str) -> dict[str, Any]:
    """The event. An incident that is over is resolved, whatever is told of it: to trigger its key
    again would open a new alert.
    """
    action = action_of(message)
    head = {
        "routing_key": routing_key,
        "event_action": action.value,
        "dedup_key": dedup_key(message)[:KEY_LIMIT],
    }
    if action is not EventAction.TRIGGER:
        return head
    incident = _mapping(message.data.get("incident"))
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
    return head | {
        "payload": body,
        "links": [{"href": url, "text": words} for words, url in buttons(card)],
        "client": "Fengsui",
        "client_url": escaping.address(card.link or ""),
    }


def action_of(message: Message) -> EventAction:
    """What a message does to the alert of its key."""
    state = _mapping(message.data.get("incident")).get("state")
    if message.type in _RESOLVING or state in _OVER:
        return EventAction.RESOLVE
    if message.type is EventType.INCIDENT_ACKNOWLEDGED:
        return EventAction.ACKNOWLEDGE
    return EventAction.TRIGGER


def asks_again(message: Message) -> bool:
    """Whether it pages for what was acknowledged before: nobody is notified of an alert that is,
    so it is ended first, and the same key opens a new one.
    """
    state = _mapping(message.data.get("incident")).get("state")
    return message.type is EventType.INCIDENT_PAGED and state in _HELD


def dedup_key(message: Message) -> str:
    """The incident, so that the key outlives changes of tier; else the feed, else the message."""
    incident = _mapping(message.data.get("incident")).get("id")
    feed = _mapping(message.data.get("feed")).get("id")
    if message.type in {EventType.COVERAGE_LOST, EventType.COVERAGE_RESTORED} and feed:
        return f"feed:{feed}"
    return str(incident or message.id)


def severity(card: Card) -> str:
    """The gravest tier is critical, the next error, then warning, then info."""
    if card.test or card.from_top is None:
        return "warning" if card.event is EventType.COVERAGE_LOST else "info"
    return _SEVERITIES[min(card.from_top, len(_SEVERITIES) - 1)]


def judge(answer: Answer) -> Judgement:
    """2xx with `status: success` has arrived; a 400 would be one again."""
    body = said(answer)
    if answer.status == 400:
        what = (body or {}).get("message", "")
        return refused(f"PagerDuty 400: {what} {(body or {}).get('errors', '')}".strip())
    if body is None or "status" not in body:
        return unreadable(answer)
    if 200 <= answer.status < 300 and body["status"] == "success":
        return SENT
    return again(f"PagerDuty {answer.status}: {body['status']} {body.get('message', '')}".strip())


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
