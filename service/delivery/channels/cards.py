"""Builds the card of a message, as one channel is to have it at the moment of sending."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from service.delivery.channels.card import Card, CardStep, Row
from service.delivery.channels.links import LIFE, Link, Links
from service.delivery.channels.particulars import (
    figures_of,
    instant_of,
    mapping_of,
    names_of,
    person_of,
    subjects_of,
    text_of,
    title_of,
)
from service.delivery.channels.wording import EVENTS, Language, Terms, TierTerm, Words
from service.delivery.model import ChannelTarget, Message
from service.events import EventType

MOST_REASONS = 4
MOST_STEPS = 3
_QUIET = "#1a73e8"  # of what has no tier
_OVER = "#188038"
_ENDS = frozenset(
    {EventType.INCIDENT_RESOLVED, EventType.INCIDENT_CLOSED, EventType.INCIDENT_CLEARED}
)
_ANSWERED = _ENDS | {EventType.INCIDENT_ACKNOWLEDGED, EventType.STEP_DONE}

log = structlog.get_logger(__name__)


LoadSteps = Callable[[str], Awaitable[Sequence[CardStep]]]
"""The open steps of an incident, by its id, the next one first."""


async def no_steps(incident_id: str) -> Sequence[CardStep]:
    """Knows of no steps."""
    return ()


class Cards:
    """Builds cards; `steps` is asked at the moment of sending, so they are those of now."""

    def __init__(
        self, *, terms: Terms, zone: ZoneInfo, links: Links, steps: LoadSteps = no_steps
    ) -> None:
        self._terms = terms
        self._zone = zone
        self._links = links
        self._steps = steps

    async def card(self, channel: ChannelTarget, message: Message, *, at: datetime) -> Card:
        """The card of a message as this channel is to have it, in the channel's language."""
        words = Words(language=_language(channel), zone=self._zone)
        if message.parts:
            return self._digest(message, words)
        incident = mapping_of(message.data.get("incident"))
        term = self._terms.tiers.get(str(incident.get("tier", "")))
        incident_id = text_of(incident.get("id")) or None
        steps: Sequence[CardStep] = ()
        if incident_id is not None and message.type not in _ANSWERED:
            steps = await self._next_steps(incident_id)
        rows = (*self._rows(message, incident, words, at), *_steps(steps, words, at))
        title = title_of(message, incident, words)
        tier = words.of(term.names) if term else ""
        headline = self._headline(message, incident, words)
        acknowledge = self._acknowledge(channel, message, incident, at)
        briefing = mapping_of(message.data.get("briefing"))
        link = text_of(incident.get("url") or briefing.get("url")) or None
        return Card(
            event=message.type,
            headline=headline,
            rows=rows,
            colour=_colour(message, term),
            words=words,
            tier=tier,
            title=title,
            from_top=None if term is None else term.from_top,
            incident_id=incident_id,
            link=link,
            acknowledge=acknowledge,
            person=message.person or person_of(message),
            drill=bool(incident.get("drill")),
            test=bool(message.data.get("test")),
            over=message.type in _ENDS,
            fields={
                "event": message.type.value,
                "message": message.id,
                "occurred_at": message.occurred_at.isoformat(),
                "incident": incident_id or "",
                "headline": headline,
                "title": title,
                "tier": text_of(incident.get("tier")),
                "tier_name": tier,
                "scenario": text_of(incident.get("scenario")),
                "state": text_of(incident.get("state")),
                "person": person_of(message) or "",
                "link": link or "",
                "acknowledge": acknowledge or "",
            },
        )

    async def _next_steps(self, incident_id: str) -> Sequence[CardStep]:
        try:
            return (await self._steps(incident_id))[:MOST_STEPS]
        except Exception:
            # A page without its steps is a page; none at all is a crisis that nobody hears of.
            log.exception("delivery.steps_unknown", incident=incident_id)
            return ()

    def _headline(self, message: Message, incident: Mapping[str, Any], words: Words) -> str:
        term = self._terms.tiers.get(str(incident.get("tier", "")))
        marks = [words("drill")] if incident.get("drill") else []
        marks += [words.of(term.names)] if term else []
        marked = "".join(words("brackets", text=mark) for mark in marks)
        if message.data.get("test"):
            return marked + words("test")
        title = title_of(message, incident, words)
        what = words.of(EVENTS[message.type])
        return f"{marked}{what}{words('colon')}{title}" if title else marked + what

    def _rows(
        self, message: Message, incident: Mapping[str, Any], words: Words, at: datetime
    ) -> tuple[Row, ...]:
        rows = []
        person = person_of(message)
        if person:
            rows.append(Row(label=words("for"), text=person))
        scenario = self._terms.scenarios.get(str(incident.get("scenario", "")))
        if scenario:
            rows.append(Row(label=words("scenario"), text=words.of(scenario)))
        for label, name in (("first_post", "first_post_at"), ("detected", "opened_at")):
            instant = instant_of(incident.get(name))
            if instant is not None:
                rows.append(Row(label=words(label), text=words.clock(instant, at=at)))
        if incident.get("posts"):
            rows.append(Row(label=words("posts"), text=str(incident["posts"])))
        step = mapping_of(message.data.get("step"))
        if step:
            rows.append(Row(label=words("step"), text=words.of(names_of(step.get("title")))))
        rows += [Row(label=words(name), text=said) for name, said in subjects_of(message).items()]
        silence = mapping_of(message.data.get("silence"))
        if note := text_of(message.data.get("reason") or silence.get("reason")):
            rows.append(Row(label=words("note"), text=note))
        rows += [Row(label=label, text=said) for label, said in figures_of(message)]
        if message.type not in _ANSWERED:
            rows += self._reasons(incident, words)
        return tuple(rows)

    def _reasons(self, incident: Mapping[str, Any], words: Words) -> list[Row]:
        said: dict[str, None] = {}
        for reason in incident.get("reasons") or ():
            known = [self._terms.rules.get(rule) for rule in reason.get("rules") or ()]
            texts = [words.of(why) for why in known if why]
            if not texts:
                clause, value = text_of(reason.get("clause")), text_of(reason.get("value"))
                texts = [f"{clause} ({value})" if value else clause]
            said |= dict.fromkeys(text for text in texts if text)
        if not said:
            return []
        return [
            Row(label=words("reason"), text=""),
            *(Row(text=text) for text in list(said)[:MOST_REASONS]),
        ]

    def _acknowledge(
        self,
        channel: ChannelTarget,
        message: Message,
        incident: Mapping[str, Any],
        at: datetime,
    ) -> str | None:
        """A link for what still waits for somebody, or asks for somebody again."""
        asks = message.type is EventType.INCIDENT_PAGED or message.person is not None
        waits = asks or incident.get("state") == "new"
        if not waits or not incident.get("id") or message.type in _ANSWERED:
            return None
        return self._links.address(
            Link(
                incident_id=str(incident["id"]),
                channel_id=channel.id,
                message_id=message.id,
                person=message.person,
                ends_at=at + LIFE,
            )
        )

    def _digest(self, message: Message, words: Words) -> Card:
        parts = message.parts
        rows = []
        for part in parts:
            incident = mapping_of(part.data.get("incident"))
            about = "、".join(subjects_of(part).values())
            told = self._headline(part, incident, words)
            rows.append(Row(text=f"{told}{words('colon')}{about}" if about else told))
        first = mapping_of(parts[0].data.get("incident"))
        term = self._terms.tiers.get(str(first.get("tier", "")))
        headline = words("digest", n=len(parts))
        if first.get("drill"):
            headline = words("brackets", text=words("drill")) + headline
        link = text_of(first.get("url"))
        return Card(
            event=message.type,
            headline=headline,
            rows=tuple(rows),
            colour=_colour(message, term),
            words=words,
            from_top=None if term is None else term.from_top,
            link=link.rsplit("/", 1)[0] if link else None,
            drill=bool(first.get("drill")),
            digest=True,
        )


def _steps(steps: Sequence[CardStep], words: Words, at: datetime) -> tuple[Row, ...]:
    rows = []
    for step in steps:
        text = words.of(step.title)
        if step.due_at is not None:
            text += f" · {words('due')} {words.clock(step.due_at, at=at)}"
        rows.append(Row(text=text))
    return (Row(label=words("steps"), text=""), *rows) if rows else ()


def _colour(message: Message, term: TierTerm | None) -> str:
    if message.type in _ENDS:
        return _OVER
    return _QUIET if term is None else term.colour


def _language(channel: ChannelTarget) -> Language:
    return Language.EN if channel.settings.get("language") == Language.EN else Language.ZH
