"""The real service on one database in virtual time, as one or two processes that may die."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Table, select, text

from playbooks import DeadlineKind
from service.audit import Sealer
from service.auth import SYSTEM, KeyRing
from service.bootstrap.books import open_books
from service.bootstrap.ground import Ground, open_store
from service.bootstrap.responding import open_responding
from service.bootstrap.standings import StandingsNow
from service.clock import VirtualClock
from service.delivery import Deliverer, Router, Sender, WebhookSender
from service.delivery.channels import (
    Cards,
    DingTalkSender,
    Exchange,
    FeishuSender,
    Links,
    PagerDutySender,
    SlackSender,
    WeComSender,
    limits_of,
    terms_of,
)
from service.jobs import Job, advance
from service.monitors import ChannelDraft, ChannelKind, Channels
from service.oncall import ContactDraft, DutyDraft, RotaDraft
from service.oncall.model import ContactChannel, Layer, Target, TargetKind
from service.response import timer_kind
from service.settings import load_settings
from service.timers import TimerEngine
from tests.simulation.faults import Faults, FragileDatabase, Killed, SimulatedError
from tests.simulation.providers import Announced, Providers
from tests.support.database import create_tables
from tests.support.incident_scene import shipped_library
from tests.support.providers.robots import ROUTING_KEY, TOKEN

START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
SECRET = "simulated-" * 4
RANKS = {"yellow": 1, "orange": 2, "red": 3}
PAUSE = timedelta(seconds=1)
"""How long a job rests after the database has failed it, as the worker has it."""

# Kept by the database itself, in the very transaction that moves a timer: what the engine says of
# itself would be no witness.
_HISTORY = (
    """CREATE TABLE timer_history (place INTEGER PRIMARY KEY, id TEXT, kind TEXT, incident TEXT,
       generation INTEGER, due_at TEXT, before TEXT, after TEXT, payload TEXT)""",
    """CREATE TRIGGER timer_made AFTER INSERT ON timer BEGIN INSERT INTO timer_history
       (id, kind, incident, generation, due_at, before, after, payload) VALUES (NEW.id, NEW.kind,
       NEW.incident_id, NEW.generation, NEW.due_at, NULL, NEW.state, NEW.payload); END""",
    """CREATE TRIGGER timer_moved AFTER UPDATE ON timer
       WHEN OLD.state <> NEW.state OR OLD.generation <> NEW.generation BEGIN
       INSERT INTO timer_history (id, kind, incident, generation, due_at, before, after, payload)
       VALUES (NEW.id, NEW.kind, NEW.incident_id, NEW.generation, NEW.due_at, OLD.state,
       NEW.state, NEW.payload); END""",
)
_ADDRESSES: Mapping[str, tuple[ChannelKind, str | None, tuple[str, ...] | None]] = {
    "duty": (ChannelKind.WEBHOOK, "https://hook.example/duty", None),
    "ding": (
        ChannelKind.DINGTALK,
        f"https://ding.example/robot/send?access_token={TOKEN}",
        ("SECabc123",),
    ),
    "feishu": (ChannelKind.FEISHU, f"https://feishu.example/hook/{TOKEN}", ("feishu-s3cret",)),
    "wecom": (ChannelKind.WECOM, f"https://wecom.example/send?key={TOKEN}", None),
    "slack": (ChannelKind.SLACK, f"https://slack.example/services/{TOKEN}", None),
    "pager": (ChannelKind.PAGERDUTY, None, (ROUTING_KEY,)),
}
_HEARD = ("incident.opened", "incident.tier_changed", "incident.closed", "incident.unreached")
_ADDRESSED = ("channel.disabled",)
"""Chosen by channels that are to hear hardly anything which is not addressed to them."""


class Process:
    """What a worker has in memory; `restart` throws it away and begins anew over the database."""

    def __init__(self, world: World, name: str) -> None:
        self.name = name
        self.down_until = START
        self.lives = 0
        self._world = world
        self._begin()

    def restart(self) -> None:
        """It was killed: a new one begins some seconds later."""
        self.lives += 1
        self.down_until = self._world.clock.now() + timedelta(
            seconds=self._world.chance.choice((0, 1, 20, 90))
        )
        self._begin()

    def _begin(self) -> None:
        world = self._world
        database, clock = world.database, world.clock
        self.responding = open_responding(world.ground)
        self.jobs: Mapping[str, Job] = {
            job.name: job
            for job in (
                TimerEngine(
                    database,
                    clock=clock,
                    owner=self.name,
                    handlers={
                        **{
                            timer_kind(kind): self.responding.responses.deadline_passed
                            for kind in DeadlineKind
                        },
                        **self.responding.handlers,
                        **world.books.hand_overs.handlers(),
                    },
                    recheck=None,
                ),
                self.responding.watching,
                Router(database, clock=clock, channels=world.channels.targets, recheck=None),
                Deliverer(
                    database,
                    clock=clock,
                    owner=self.name,
                    channels=world.channels.targets,
                    senders=world.senders,
                    random=world.chance.random,
                    announce=self.responding.reach.heard,
                    disable=world.channels.switch_off,
                    limits_of=limits_of,
                    concurrency=1,
                    recheck=None,
                ),
                Sealer(database, owner=self.name),
            )
        }


class Kept:
    """A job of a process, kept going as the worker does: it rests after an error, a kill restarts
    the process."""

    def __init__(self, world: World, process: Process, name: str) -> None:
        self._world = world
        self._process = process
        self._clock = world.clock
        self._rests_until = START
        self.name = name

    async def next_at(self) -> datetime | None:
        """Not before the process is up again and the job has rested."""
        try:
            at = await self._process.jobs[self.name].next_at()
        except (Killed, BaseExceptionGroup, SimulatedError) as error:
            self._take(error)
            at = self._clock.now()
        return None if at is None else max(at, self._rests_until, self._process.down_until)

    async def run(self, now: datetime) -> int:
        """Run it; a fault ends the run and is no failure of the simulation."""
        if max(self._rests_until, self._process.down_until) > now:
            return 0
        self._world.at_work = self._process
        try:
            return await self._process.jobs[self.name].run(now)
        except (Killed, BaseExceptionGroup, SimulatedError) as error:
            self._take(error)
            return 0

    def _take(self, error: BaseException) -> None:
        causes = list(_causes(error))
        if not all(isinstance(cause, Killed | SimulatedError) for cause in causes):
            raise error
        if any(isinstance(cause, Killed) for cause in causes):
            self._process.restart()
        else:
            self._rests_until = self._clock.now() + PAUSE


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What a task group has gathered, one by one."""
    if not isinstance(error, BaseExceptionGroup):
        yield error
        return
    for inner in error.exceptions:
        yield from _causes(inner)


class World:
    """Everything that outlives a process: the database, the providers, people's addresses."""

    def __init__(
        self, folder: Path, chance: Random, *, faults: Faults, trouble: float, processes: int
    ) -> None:
        self.chance = chance
        self.faults = faults
        self.clock = VirtualClock(START)
        self.database = FragileDatabase(folder / "state.db", faults)
        self.providers = Providers(chance, self.clock, trouble=trouble)
        settings = load_settings(
            {
                "FENGSUI_DATA_DIR": str(folder),
                "FENGSUI_SECRET_KEY": SECRET,
                "FENGSUI_FALLBACK_CHANNEL": "wecom",
            }
        )
        self.ground = Ground(
            settings=settings,
            clock=self.clock,
            database=self.database,
            store=open_store(settings, virtual=True),
            library=shipped_library(),
            chance=chance.random,
            virtual=True,
            leaving=True,
        )
        keyring = KeyRing.from_secret(SECRET)
        self.books = open_books(self.ground, keyring)
        self.channels = Channels(self.database, self.clock, keyring, ranks=RANKS)
        self._client = self.providers.client()
        self.senders = self._senders(keyring)
        self.processes = [Process(self, f"worker-{number}") for number in range(processes)]
        self.at_work = self.processes[0]
        self.providers.meanwhile = self._others_go_on

    def _senders(self, keyring: KeyRing) -> Mapping[str, Sender]:
        cards = Cards(
            terms=terms_of(self.ground.library),
            zone=self.ground.settings.zone,
            links=Links(
                sign=partial(keyring.signature, "acknowledge links"),
                public_url=self.ground.settings.public_url,
            ),
        )
        exchange = Exchange(self._client, clock=self.clock)
        senders: Mapping[str, Sender] = {
            "webhook": WebhookSender(self._client, clock=self.clock),
            "dingtalk": DingTalkSender(exchange, cards),
            "feishu": FeishuSender(exchange, cards),
            "wecom": WeComSender(exchange, cards),
            "slack": SlackSender(exchange, cards),
            "pagerduty": PagerDutySender(exchange, cards, standings=StandingsNow(self.database)),
        }
        return {kind: Announced(sender) for kind, sender in senders.items()}

    async def settle_in(self) -> None:
        """Tables, channels with their fall-backs, contacts, a rota and duties."""
        await create_tables(self.database)
        async with self.database.write() as connection:
            for statement in _HISTORY:
                await connection.execute(text(statement))
        for name, events in {
            "slack": _HEARD,
            "wecom": _ADDRESSED,
            "pager": _ADDRESSED,
            "feishu": _ADDRESSED,
            "ding": _HEARD,
            "duty": (),
        }.items():
            kind, url, secrets = _ADDRESSES[name]
            draft = ChannelDraft(
                id=name,
                kind=kind,
                name=name,
                url=url,
                secrets=secrets,
                events=events,
                settings={"fallback": "slack"} if name == "ding" else {},
            )
            await self.channels.put(SYSTEM, draft)
        for name, channel in {"lin": "feishu", "rui": "pager", "fa": "ding"}.items():
            await self.books.contacts.put(
                SYSTEM,
                ContactDraft(id=name, name=name, channels=(ContactChannel(channel=channel),)),
            )
        layer = Layer(members=("lin", "rui"), starts_on=START.date(), shift_days=1)
        await self.books.rotas.put(SYSTEM, RotaDraft(id="desk", name="desk", layers=(layer,)))
        for role, holder in {
            "duty": Target(kind=TargetKind.ROTA, id="desk"),
            "legal": Target(kind=TargetKind.PERSON, id="fa"),
            "pr": Target(kind=TargetKind.PERSON, id="lin"),
        }.items():
            deputy = Target(kind=TargetKind.PERSON, id="rui")
            draft_of = DutyDraft(id=role, name=role, holder=holder, deputy=deputy)
            await self.books.duties.put(SYSTEM, draft_of)

    async def until(self, instant: datetime) -> int:
        """Let time pass; which process is first at each job is chance."""
        order = list(self.processes)
        self.chance.shuffle(order)
        names = list(order[0].jobs)
        kept = [Kept(self, process, name) for name in names for process in order]
        return await advance(self.clock, kept, instant)

    async def _others_go_on(self) -> None:
        """While one process waits for its receiver, longer than its lease, the others work."""
        self.providers.meanwhile = _still
        try:
            self.clock.advance_to(self.clock.now() + timedelta(seconds=60))
            for process in [each for each in self.processes if each is not self.at_work]:
                job = Kept(self, process, "deliverer")
                if (at := await job.next_at()) is not None and at <= self.clock.now():
                    await job.run(self.clock.now())
        finally:
            self.providers.meanwhile = self._others_go_on

    async def rows(self, table: Table) -> list[dict[str, Any]]:
        """Every row of a table, in a fixed order."""
        async with self.database.read() as connection:
            found = await connection.execute(select(table).order_by(*table.primary_key.columns))
            return [dict(row) for row in found.mappings()]

    async def timer_history(self) -> list[dict[str, Any]]:
        """Each state that each timer was ever committed in, oldest first."""
        async with self.database.read() as connection:
            found = await connection.execute(text("SELECT * FROM timer_history ORDER BY place"))
            return [dict(row) for row in found.mappings()]

    async def close(self) -> None:
        """Give back what is open."""
        await self._client.aclose()
        await self.ground.store.close()
        await self.database.close()


async def _still() -> None:
    """One such wait at a time."""
