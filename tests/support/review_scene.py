"""A review queue on a database and a clock that a test moves, with people for every line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, select

from nlp import CopyKey
from service.auth import Principal, PrincipalKind, Role
from service.db import Database, tables
from service.jobs import advance
from service.moderation.backlog import Backlog
from service.moderation.case import Case, CaseLabel
from service.moderation.quality import PatrolEstimate
from service.moderation.review import (
    AgeWatch,
    Appeals,
    BacklogAlarm,
    Consequences,
    Entry,
    Intake,
    ItemFilter,
    Limits,
    Opinions,
    ReviewDesk,
    ReviewExport,
    ReviewItem,
    Ruling,
    State,
    VerdictDraft,
    Verdicts,
    load_rubric,
)
from service.moderation.review.intake import case_id
from service.moderation.review.patrol import PatrolWatch
from service.moderation.review.telling import Telling
from service.timers import TimerEngine, Timers
from tests.support.clock import START, SteppingClock


def person(name: str, *roles: Role) -> Principal:
    return Principal(
        id=f"usr_{name}", kind=PrincipalKind.USER, name=name, roles=frozenset(roles), monitors=None
    )


ANNA = person("anna", Role.REVIEWER)
BO = person("bo", Role.REVIEWER)
EVE = person("eve", Role.EXPERT)
LAW = person("law", Role.LEGAL)
LEAD = person("lead", Role.LEAD)
VIEWER = person("viewer", Role.VIEWER)
BOTH = person("both", Role.REVIEWER, Role.EXPERT)
GATEWAY = Principal(
    id="key_gateway",
    kind=PrincipalKind.KEY,
    name="gateway",
    roles=frozenset({Role.CLASSIFIER}),
    monitors=None,
)
BLOCK = VerdictDraft(ruling=Ruling.BLOCK, reason="fraud")
PASS = VerdictDraft(ruling=Ruling.PASS, reason="misread")
OVERDUE_MANY = 3


def case(text: str = "加微信领红包", **given: Any) -> Case:
    """A text that the machine wants reviewed."""
    values: dict[str, Any] = {
        "text": text,
        "item_id": "42",
        "kind": "post",
        "caller": GATEWAY.id,
        "policy": "default@1234abcd",
        "suggestion": "review",
        "held": False,
        "hold_id": None,
        "risk_level": "medium",
        "labels": (CaseLabel(label="diversion", score=0.6, source="lexicon"),),
        "copy_key": CopyKey(exact="e0", simhash=0, bands=()),
        "author": None,
        "at": START,
        "versions": {"lexicon": "1"},
    }
    return Case(**values | given)


@dataclass
class Heard:
    """Remembers what holds, accounts and the alarm are told."""

    holds: list[tuple[str, Ruling]] = field(default_factory=list)
    authors: list[tuple[str, Ruling, bool]] = field(default_factory=list)
    backlogs: list[tuple[Backlog, datetime]] = field(default_factory=list)
    estimates: list[PatrolEstimate] = field(default_factory=list)
    broken: bool = False

    async def report(self, connection: Any, backlog: Backlog, *, now: datetime) -> None:
        self.backlogs.append((backlog, now))


@dataclass
class HeardHolds:
    heard: Heard

    async def decided(
        self, connection: Any, hold_id: str, verdict: Ruling, *, by: str, now: datetime
    ) -> None:
        if self.heard.broken:
            raise RuntimeError("holds are broken")
        self.heard.holds.append((hold_id, verdict))


@dataclass
class HeardAuthors:
    heard: Heard

    async def judged(
        self, connection: Any, author: str, verdict: Ruling, *, overturned: bool, now: datetime
    ) -> None:
        self.heard.authors.append((author, verdict, overturned))


class ReviewScene:
    """`chance` below 0.05 asks for a second opinion."""

    def __init__(self, database: Database, clock: SteppingClock) -> None:
        self.database = database
        self.clock = clock
        self.heard = Heard()
        self.chance = 0.5
        self.entry = Entry(timers=Timers(), limits=Limits())
        self.opinions = Opinions(entry=self.entry, share=0.05, random=lambda: self.chance)
        consequences = Consequences(
            holds=HeardHolds(self.heard),
            authors=HeardAuthors(self.heard),
        )
        self.rubric = load_rubric()
        telling = Telling(self.rubric)
        self.intake = Intake(
            database=database,
            clock=clock,
            entry=self.entry,
            consequences=consequences,
            telling=telling,
        )
        self.desk = ReviewDesk(
            database=database,
            clock=clock,
            entry=self.entry,
            verdicts=Verdicts(
                entry=self.entry,
                opinions=self.opinions,
                consequences=consequences,
                telling=telling,
                patrol=PatrolWatch(observe=self.heard.estimates.append),
            ),
            rubric=self.rubric,
            lease=timedelta(minutes=15),
        )
        self.appeals = Appeals(database=database, clock=clock, entry=self.entry, intake=self.intake)
        self.export = ReviewExport(database=database, clock=clock, batch=2)
        self.watch(self.heard)

    def watch(self, alarm: BacklogAlarm | None) -> None:
        """Let this alarm, or none, hear of backlogs."""
        watch = AgeWatch(opinions=self.opinions, alarm=alarm, most_overdue=OVERDUE_MANY)
        self.engine = TimerEngine(
            self.database, clock=self.clock, owner="test", handlers=watch.handlers()
        )

    async def filed(self, *cases: Case) -> ReviewItem:
        """File the cases (one by default); answers the first item."""
        wanted = cases or (case(),)
        await self.intake.file(wanted)
        return await self.item(case_id(wanted[0]))

    async def item(self, item_id: str) -> ReviewItem:
        return (await self.desk.file(LEAD, item_id)).item

    async def decide(
        self, item: ReviewItem, who: Principal = ANNA, draft: VerdictDraft = BLOCK
    ) -> ReviewItem:
        """Claim it and rule on it."""
        await self.desk.claim(who, item.id)
        return await self.desk.decide(who, item.id, draft)

    async def pass_time(self, **duration: float) -> None:
        """Let time pass, firing what falls due at its own instant."""
        await advance(self.clock, [self.engine], self.clock.now() + timedelta(**duration))

    async def pending(self, who: Principal) -> tuple[ReviewItem, ...]:
        """What waits, in the order in which it is due."""
        return await self.desk.page(who, ItemFilter(states=(State.PENDING,)))

    async def rows(self, table: Table, *order: Any) -> Sequence[Any]:
        async with self.database.read() as connection:
            return (await connection.execute(select(table).order_by(*order))).all()

    async def outbox(self) -> list[dict[str, Any]]:
        """The data of what the outside is told."""
        return [row.data for row in await self.rows(tables.outbox, tables.outbox.c.created_at)]

    async def kinds(self, item_id: str) -> list[str]:
        """What happened to an item, in order."""
        return [event.kind for event in (await self.desk.file(LEAD, item_id)).history]
