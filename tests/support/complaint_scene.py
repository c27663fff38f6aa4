"""Complaints with real clocks, timers, audit and outbox on one database; posts from a mapping."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from nlp.causes import load_causes
from service.auth import SYSTEM, KeyRing, Principal, Role
from service.complaints import (
    Complaint,
    ComplaintDesk,
    ComplaintFile,
    ComplaintForgetting,
    ComplaintReport,
    ComplaintRuleDraft,
    ComplaintWatch,
    Deed,
    Hand,
    Handling,
    Intake,
    NewComplaint,
    Published,
    Replies,
    RuleBook,
    Timing,
    limits_of,
)
from service.complaints.rule import shipped_rule
from service.complaints.rules import body_of
from service.db import Database, tables
from service.jobs import advance
from service.monitors import ChannelDraft, ChannelKind, Channels
from service.oncall import ContactDraft, Contacts
from service.oncall.model import ContactChannel
from service.statements import Linter
from service.stores.post_store import StoredPost
from service.timers import TimerEngine, Timers
from tests.support.clock import START, SteppingClock
from tests.support.incident_scene import person, shipped_library
from tests.support.statement_scene import WordReader
from tests.support.stored_posts import stored_post

RUI = person("rui", Role.RESPONDER)
MEI = person("mei", Role.RESPONDER)
LIN = person("lin", Role.LEAD)
WEI = person("wei", Role.VIEWER)
ANA = person("ana", Role.ANALYST)
LONG = "买回来三天屏幕就花了，联系客服一直说在排队，等了一个星期没有任何人给我回复，退款也不处理"
"""Words enough that their copy is a copy."""


def complaining(number: int = 1, **changes: Any) -> StoredPost:
    """A post that complains, just published, each by an author of its own."""
    post = stored_post(
        number,
        "客服不给退款，等了一个星期",
        author=f"au_{number:020x}",
        followers=120,
        published_at=START,
        fetched_at=START,
        stored_at=START,
        url=f"https://weibo.example/{number}",
        sentiment="negative",
        scenario="pricing_refunds",
        categories=("complaint", "refund_refusal"),
        analysis={
            "intent": {"label": "complaint", "scores": {"complaint": 0.95}},
            "emotion": {"label": "angry", "scores": {"angry": 0.7}},
        },
    )
    return replace(post, **changes)


class Shelf:
    """Posts by id."""

    def __init__(self) -> None:
        self.posts: dict[str, StoredPost] = {}

    async def get(self, post_id: str) -> StoredPost | None:
        return self.posts.get(post_id)


class ComplaintScene:
    """The line from a post to the person who was told; every method is one transaction."""

    def __init__(self, database: Database, clock: SteppingClock) -> None:
        library = shipped_library()
        self.database = database
        self.clock = clock
        self.shelf = Shelf()
        self.brands: dict[str, str] = {"tea": "qingyou", "tea2": "qingyou", "milk": "shanlan"}
        self.rules = RuleBook(library=library, database=database, clock=clock)
        self.timing = Timing(timers=Timers(), rules=self.rules, limits=limits_of(library))
        self.intake = Intake(timing=self.timing, causes=load_causes, library=library)
        self.hand = Hand(database=database, clock=clock, timing=self.timing, rules=self.rules)
        self.desk = ComplaintDesk(
            self.hand, store=self.shelf, intake=self.intake, brand_of=self.brands.get
        )
        self.handling = Handling(self.hand)
        self.watch = ComplaintWatch(
            database=database,
            clock=clock,
            rules=self.rules,
            intake=self.intake,
            brand_of=self.brands.get,
        )
        self.report = ComplaintReport(database=database, clock=clock)
        self.forgetting = ComplaintForgetting(database, clock=clock)
        zone = ZoneInfo("Asia/Shanghai")
        self.reader = WordReader()
        self.replies = Replies(
            self.hand,
            library=library,
            linter=Linter(reader=self.reader, library=library, zone=zone),
        )
        self.engine = TimerEngine(
            database, clock=clock, owner="test", handlers=self.timing.handlers(), recheck=None
        )

    async def rule(self, **changes: Any) -> ComplaintRuleDraft:
        """Change the rule that ships."""
        draft = replace(shipped_rule(), **changes)
        async with self.database.write() as connection:
            table, now = tables.complaint_rule, self.clock.now()
            await connection.execute(table.delete().where(table.c.id == draft.id))
            await connection.execute(
                table.insert().values(
                    id=draft.id,
                    name=draft.name,
                    body=body_of(draft),
                    created_at=now,
                    updated_at=now,
                    version=1,
                )
            )
        return draft

    async def crisis(self, name: str, **changes: Any) -> str:
        """An incident with nothing behind it; answers its id."""
        row = {
            "id": name,
            "kind": "crisis",
            "drill": False,
            "monitor_id": "tea",
            "scenario": "pricing_refunds",
            "title": "退款",
            "tier": "yellow",
            "tier_rank": 1,
            "state": "new",
            "reasons": [],
            "posts": 9,
            "first_post_at": START,
            "opened_at": START,
            "taking_ended_at": START,
            "updated_at": START,
            "version": 1,
        }
        async with self.database.write() as connection:
            await connection.execute(tables.incident.insert().values(**row | changes))
        return name

    async def account(self, *people: Principal, disabled: bool = False) -> None:
        """Give people an account, with a contact and a channel of their own name."""
        ring = KeyRing.from_secret("a secret of at least thirty-two characters")
        ranks = {"yellow": 1, "orange": 2, "red": 3}
        for one in people:
            async with self.database.write() as connection:
                await connection.execute(
                    tables.user.insert().values(
                        id=one.id,
                        name=one.name,
                        password_hash="-",
                        roles=sorted(one.roles),
                        must_change_password=False,
                        disabled=disabled,
                        failures=0,
                        created_at=START,
                        version=1,
                    )
                )
            if disabled:
                continue
            await Channels(self.database, self.clock, ring, ranks=ranks).put(
                SYSTEM, ChannelDraft(id=one.name, kind=ChannelKind.RECORDING, name=one.name)
            )
            at = (ContactChannel(channel=one.name),)
            await Contacts(self.database, self.clock, ring).put(
                SYSTEM, ContactDraft(id=one.name, name=one.name, user=one.name, channels=at)
            )

    async def notice(self, *posts: StoredPost) -> tuple[Complaint, ...]:
        """What the ingest does with posts; answers every real complaint there is, by opening."""
        self.shelf.posts |= {post.id: post for post in posts}
        await self.watch.notice(posts)
        return await self.every()

    async def one(self, **changes: Any) -> Complaint:
        """A complaint that a rule has just opened."""
        found = await self.notice(complaining(published_at=self.clock.now(), **changes))
        return found[-1]

    async def by_hand(self, post: StoredPost, **named: Any) -> Complaint:
        self.shelf.posts[post.id] = post
        return await self.desk.open(RUI, NewComplaint(post_id=post.id, **named))

    async def every(self) -> tuple[Complaint, ...]:
        table = tables.complaint
        async with self.database.read() as connection:
            rows = await connection.execute(select(table.c.id).order_by(table.c.opened_at))
            ids = list(rows.scalars())
        return tuple([(await self.file(item)).complaint for item in ids])

    async def file(self, complaint_id: str) -> ComplaintFile:
        return await self.desk.file(LIN, complaint_id)

    async def now(self, complaint: Complaint) -> Complaint:
        return (await self.file(complaint.id)).complaint

    async def say(self, complaint: Complaint, *deeds: Deed, by: Any = RUI) -> Complaint:
        """Record each in turn."""
        for deed in deeds:
            said = Published(channel="weibo", text=f"{deed.value}：您好，我在跟进")
            complaint = await self.handling.say(by, complaint.id, deed, said)
        return complaint

    async def settled(self, complaint: Complaint) -> Complaint:
        """All the way until the person was told."""
        deeds = (Deed.ANSWER, Deed.RESPOND, Deed.RESOLVE, Deed.TELL)
        return await self.say(complaint, *deeds)

    async def wait(self, **duration: float) -> None:
        """Let the timers fire that fall due in so long."""
        await advance(self.clock, [self.engine], self.clock.now() + timedelta(**duration))

    async def kinds(self, complaint: Complaint) -> list[str]:
        return [event.kind for event in (await self.file(complaint.id)).history]

    async def addressed(self, event: str) -> list[tuple[str, ...] | None]:
        """To which channels the events of a type went, by time; None is whoever wants them."""
        table = tables.outbox
        async with self.database.read() as connection:
            rows = await connection.execute(
                select(table.c.only_channels)
                .where(table.c.type == event)
                .order_by(table.c.occurred_at, table.c.id)
            )
            return [None if item is None else tuple(item) for item in rows.scalars()]

    async def told(self) -> list[str]:
        """Events in the outbox, in their order."""
        table = tables.outbox
        async with self.database.read() as connection:
            rows = await connection.execute(
                select(table.c.type).order_by(table.c.occurred_at, table.c.type)
            )
            return list(rows.scalars())
