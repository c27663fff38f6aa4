"""What a page says, before any mark-up: the same for every provider.

Everything here may hold words of others, and is escaped where it is rendered, never before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from service.delivery.channels.wording import Words
from service.events import EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class CardStep:
    """A step of the playbook that is open."""

    title: Mapping[str, str]
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line. Without a label it is an item of the list that the last label began."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A page. `colour` is #rrggbb, `from_top` 0 for the gravest tier and None without one."""

    event: EventType
    headline: str
    rows: tuple[Row, ...]
    colour: str
    words: Words
    tier: str = ""
    title: str = ""
    from_top: int | None = None
    incident_id: str | None = None
    link: str | None = None
    acknowledge: str | None = None
    person: str | None = None
    drill: bool = False
    test: bool = False
    digest: bool = False
    """Whether each row stands for a message, so that none may be left out."""
    over: bool = False
    """Whether it tells of an end: the alarm's colours would mislead."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """What templates may name, as plain text."""
