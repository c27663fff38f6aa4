"""What sections are made from: the desks that others read at, and what was asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from playbooks import Library
from playbooks.schema import Text
from service.auth import Principal, PrincipalKind, Role
from service.briefings.figure import Figure, Unit, counted, too_few
from service.briefings.model import Language
from service.briefings.period import Kind
from service.complaints import ComplaintReport
from service.coverage import Coverage
from service.db import Database
from service.incidents.desk import IncidentDesk
from service.indicators import DEFINITIONS, IndicatorBoard, IndicatorId, Window
from service.indicators.figure import Figure as Found
from service.indicators.outlook import Outlooks
from service.monitors import Monitor
from service.statements import PromiseDesk
from service.stores import PostStore
from service.stories import StoryBook

LEAST = DEFINITIONS[IndicatorId.NEGATIVE_SHARE].least
"""A change is no number over fewer cases: the smallest n of the indicators that are shares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """Where everything is read; nothing is changed."""

    database: Database
    store: PostStore
    library: Callable[[], Library]
    zone: tzinfo
    incidents: IncidentDesk
    board: IndicatorBoard
    outlooks: Outlooks
    stories: StoryBook
    coverage: Coverage
    complaints: ComplaintReport
    promises: PromiseDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which time, of which monitors. `ahead` is what is coming; `now` when it is prepared."""

    kind: Kind
    window: Window
    before: Window
    ahead: Window
    monitors: tuple[Monitor, ...]
    language: Language
    now: datetime

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.monitors)

    def named(self, name: Text) -> str:
        """A name of the content, in the language of the briefing where it has one."""
        return name.en if self.language is Language.EN and name.en else name.zh

    def tier(self, library: Library, tier_id: str) -> str:
        """What a tier is called; its id where the table has it no longer."""
        names = [self.named(item.name) for item in library.tiers.tiers if item.id == tier_id]
        return names[0] if names else tier_id

    @property
    def reader(self) -> Principal:
        """Everything is read with the eyes of somebody who may look, at these monitors alone: what
        is private to a rota is in no briefing, whoever prepares it."""
        return Principal(
            id="briefing",
            kind=PrincipalKind.KEY,
            name="briefing",
            roles=frozenset({Role.VIEWER}),
            monitors=frozenset(self.ids),
        )


def of_indicator(indicator: IndicatorId, found: Found, link: str) -> Figure:
    """A figure of the board; without a value it says that there is not enough data."""
    unit = Unit(DEFINITIONS[indicator].unit.value)
    if found.value is None:
        return too_few(unit, link, n=found.n)
    return Figure(value=found.value, unit=unit, n=found.n, link=link)


def change(now: Figure, then: Figure) -> Figure:
    """How much it has changed: a count as a part of what it was, a share or balance by points.

    Of counts below LEAST in the period before it is no number.
    """
    by_points = now.unit in (Unit.SHARE, Unit.BALANCE)
    unit = Unit.POINTS if by_points else Unit.CHANGE
    n = min(now.n, then.n)
    if now.value is None or then.value is None:
        return too_few(unit, now.link, n=n)
    if by_points:
        return Figure(value=now.value - then.value, unit=unit, n=n, link=now.link)
    if not then.value or then.n < LEAST:
        return too_few(unit, now.link, n=then.n)
    return Figure(
        value=(now.value - then.value) / abs(then.value), unit=unit, n=then.n, link=now.link
    )


def left_out(number: int, unit: Unit, link: str) -> Figure | None:
    """How many rows a table does not show; None where it shows all."""
    return counted(number, unit, link) if number > 0 else None
