"""Briefings as values. Instants are aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.briefings.content import Body, Prose
from service.briefings.lifecycle import State
from service.briefings.period import Kind
from service.indicators.window import Window


class Language(StrEnum):
    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a briefing is about: a brand, or monitors; neither is every monitor that is switched on.

    Of both, `monitors` are some of the brand's.
    """

    brand: str | None = None
    monitors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """One briefing. `monitors` are those that it was made of, `name` what they were called.

    Of a schedule it has `schedule_id` and the time `due_at` that came round.
    """

    id: str
    kind: Kind
    name: str
    brand_id: str | None
    monitors: tuple[str, ...]
    window: Window
    language: Language
    state: State
    schedule_id: str | None = None
    due_at: datetime | None = None
    channels: tuple[str, ...] = ()
    body: Body
    prose: Prose
    prepared_by: str
    created_at: datetime
    edited_at: datetime | None = None
    edited_by: str | None = None
    approved_at: datetime | None = None
    approved_by: str | None = None
    delivered_at: datetime | None = None
    delivered_by: str | None = None
    delivered_to: tuple[str, ...] = ()
    discarded_at: datetime | None = None
    discarded_by: str | None = None
    reason: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefingFilter:
    """ANDed; values inside one are ORed. `within` limits to briefings of these monitors alone."""

    kinds: tuple[Kind, ...] = ()
    states: tuple[State, ...] = ()
    monitors: tuple[str, ...] = ()
    within: frozenset[str] | None = None
