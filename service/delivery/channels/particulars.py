"""What the data of a message say, read with suspicion: rows of older versions are read as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from service.delivery.channels.wording import Words
from service.delivery.model import Message
from service.events import EventType

_SUBJECTS = (
    *("feed", "indicator", "channel", "rota", "recurring"),
    *("complaint", "improvement", "handover"),
)


def subjects_of(message: Message) -> Mapping[str, str]:
    """What it is about beside an incident: the names of feeds and the like, by what they are."""
    found = {}
    for name in _SUBJECTS:
        subject = message.data.get(name)
        said = mapping_of(subject).get("name") if isinstance(subject, Mapping) else subject
        if said:
            found[name] = text_of(said)
    return found


def figures_of(message: Message) -> Sequence[tuple[str, str]]:
    """The headline figures of a briefing, each with what it is called."""
    found = mapping_of(message.data.get("briefing")).get("figures")
    lines = map(mapping_of, found) if isinstance(found, list) else ()
    return [(text_of(line.get("label")), text_of(line.get("text"))) for line in lines]


def person_of(message: Message) -> str | None:
    """Whom it is meant for, by the name that the rota has for them."""
    return text_of(mapping_of(message.data.get("page")).get("person")) or message.person


def title_of(message: Message, incident: Mapping[str, Any], words: Words) -> str:
    """Of the incident, with the step before it where the message is about one; of a briefing."""
    if not incident:
        return text_of(mapping_of(message.data.get("briefing")).get("name"))
    step = mapping_of(message.data.get("step"))
    title = text_of(incident.get("title"))
    if step and message.type is not EventType.INCIDENT_UPDATED:
        return " · ".join(filter(None, (words.of(names_of(step.get("title"))), title)))
    return title


def mapping_of(value: object) -> Mapping[str, Any]:
    """Itself; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def names_of(value: object) -> Mapping[str, str]:
    """By language."""
    return {str(key): str(text) for key, text in mapping_of(value).items()}


def text_of(value: object) -> str:
    """As text; nothing for what has a structure."""
    return "" if value is None or isinstance(value, dict | list) else str(value)


def instant_of(value: object) -> datetime | None:
    """An instant in ISO 8601; None for anything else."""
    try:
        return datetime.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
