"""JSON of the receiver's own form: a template whose texts name fields of a closed list.

A template is JSON and stays JSON: placeholders stand in its texts only, and are replaced by text,
so that nothing that a field holds can become structure. There is nothing to compute and nothing to
call. With secrets the body is signed as Standard Webhooks has it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from service.delivery.channels import escaping
from service.delivery.channels.card import Card
from service.delivery.channels.cards import Cards
from service.delivery.channels.cutting import cut
from service.delivery.channels.exchange import (
    SENT,
    Exchange,
    Judge,
    Judgement,
    again,
    refused,
    said,
    unreadable,
)
from service.delivery.channels.layout import lines
from service.delivery.client import Answer
from service.delivery.errors import BadSecret
from service.delivery.model import ChannelTarget, Message, SendOutcome, SendResult
from service.delivery.signing import signed_headers
from service.delivery.webhook import SAME_BYTES_REFUSED

TEXT_LIMIT = 4_000
TEMPLATE_LIMIT = 20_000
DEEPEST = 10
FIELDS = frozenset(
    {
        "event",
        "message",
        "occurred_at",
        "incident",
        "headline",
        "title",
        "tier",
        "tier_name",
        "scenario",
        "state",
        "person",
        "link",
        "acknowledge",
        "text",
    }
)
"""What `${…}` may name. `text` is the whole page in lines."""
_ADDRESSES = frozenset({"link", "acknowledge"})
_PLACE = re.compile(r"\$\{(?P<name>[^{}$]*)\}|\$(?P<escaped>\$)|(?P<stray>\$)")


class Markup(StrEnum):
    """What the receiver makes of texts, so what in them is made harmless."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    SLACK = "slack"
    HTML = "html"


_ESCAPES: Mapping[str, escaping.Escape] = {
    Markup.PLAIN: escaping.quoted,
    Markup.MARKDOWN: escaping.chat,
    Markup.SLACK: escaping.slack,
    Markup.HTML: escaping.quoted_web,
}


class TemplateSender:
    """Fills the channel's template and posts it."""

    def __init__(self, exchange: Exchange, cards: Cards) -> None:
        self._exchange = exchange
        self._cards = cards

    async def send(self, channel: ChannelTarget, message: Message, *, at: datetime) -> SendResult:
        card = await self._cards.card(channel, message, at=at)
        settings = channel.settings
        filled = fill(settings.get("template") or {}, values(card, settings))
        body = orjson.dumps(filled)
        try:
            signed = signed_headers(channel.secrets, message_id=message.id, at=at, body=body)
        except BadSecret as error:
            return SendResult(outcome=SendOutcome.REFUSED, reason=error.detail)
        return await self._exchange.send(
            channel.url,
            body,
            judge=judge_of(settings.get("success") or {}),
            at=at,
            secrets=channel.secrets,
            headers=signed,
        )


def values(card: Card, settings: Mapping[str, Any]) -> dict[str, str]:
    """Every field, harmless in the mark-up that the channel's receiver reads."""
    escape = _ESCAPES[str(settings.get("markup") or Markup.PLAIN)]
    said = lines(card, escape, label="{label}{colon}{text}", item="- {text}")
    found = {name: escape(card.fields.get(name, "")) for name in FIELDS - _ADDRESSES}
    found |= {name: escaping.address(card.fields.get(name, "")) for name in _ADDRESSES}
    headline = escape(card.headline)
    return found | {"headline": headline, "text": cut("\n".join([headline, *said]), TEXT_LIMIT)}


def fill(template: Any, given: Mapping[str, str]) -> Any:
    """The template with every placeholder replaced; `$$` is a dollar sign."""
    if isinstance(template, Mapping):
        return {key: fill(value, given) for key, value in template.items()}
    if isinstance(template, list | tuple):
        return [fill(value, given) for value in template]
    if isinstance(template, str):
        return _PLACE.sub(
            lambda found: given.get(found["name"], "") if found["name"] is not None else "$",
            template,
        )
    return template


def escape_of(markup: str) -> escaping.Escape:
    """What makes a line of text harmless in that mark-up."""
    return _ESCAPES[markup]


def problems_of(
    template: Any, path: str = "template", *, fields: Collection[str] = FIELDS
) -> Iterator[tuple[str, str]]:
    """What is wrong with a template that names `fields`: (path, message), nothing when it can be
    sent.
    """
    wrong = list(_problems(template, path, fields, depth=0))
    yield from wrong
    if wrong:
        return
    try:
        size = len(orjson.dumps(template))
    except TypeError as error:
        yield path, f"no JSON that can be sent: {error}"
        return
    if size > TEMPLATE_LIMIT:
        yield path, f"at most {TEMPLATE_LIMIT:,} bytes of JSON"


def _problems(
    template: Any, path: str, fields: Collection[str], *, depth: int
) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        yield path, f"nested deeper than {DEEPEST} levels"
    elif isinstance(template, Mapping):
        for key, value in template.items():
            if "$" in key:
                yield f"{path}.{key}", "names of fields are fixed: no ${…} in them"
            yield from _problems(value, f"{path}.{key}", fields, depth=depth + 1)
    elif isinstance(template, list | tuple):
        for place, value in enumerate(template):
            yield from _problems(value, f"{path}[{place}]", fields, depth=depth + 1)
    elif isinstance(template, str):
        for found in _PLACE.finditer(template):
            if found["stray"]:
                yield path, "a lone $; write $$ for the sign, ${name} for a field"
            elif found["name"] is not None and found["name"] not in fields:
                known = ", ".join(sorted(fields))
                yield path, f"no field {found['name'][:40]!r}; there are {known}"


def judge_of(success: Mapping[str, Any]) -> Judge:
    """2xx, and where `success` names fields of the answer, those with those values."""

    def judge(answer: Answer) -> Judgement:
        if answer.status in SAME_BYTES_REFUSED:
            return refused(f"HTTP {answer.status}")
        if not 200 <= answer.status < 300:
            return again(f"HTTP {answer.status}")
        if not success:
            return SENT
        body = said(answer)
        if body is None:
            return unreadable(answer)
        wrong = {name: body.get(name) for name, value in success.items() if body.get(name) != value}
        # Their codes are not ours to know: busy and never look alike, so it is tried again.
        return again(f"the answer says {wrong}") if wrong else SENT

    return judge
