"""The one place that names concrete classes: everything the service is made of, put together."""

from __future__ import annotations

import random as random_module
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

from crawlers.fetch import FetchPolicy, GuardPolicy, HttpFetcher, guarded_client
from nlp import Analyzer, load_lexicon, normalize, search_phrases
from nlp.batching import Limits
from nlp.targeted import load_weights
from playbooks import DeadlineKind, Library, load_library
from service.audit import Sealer
from service.auth import (
    ApiKeys,
    Handles,
    KeyRing,
    Passwords,
    Sessions,
    SignIn,
    Users,
)
from service.clock import Clock
from service.db import Database
from service.db import migrate as migrations
from service.delivery import (
    Deliverer,
    Deliveries,
    Heartbeat,
    RecordingSender,
    Router,
    Sender,
    WebhookSender,
)
from service.incidents import Incidents
from service.incidents.desk import IncidentDesk
from service.incidents.pages import note_page
from service.ingest import Ingest
from service.ingest.backfill import Backfill
from service.ingest.crawl import Crawl
from service.ingest.pseudonyms import HandlePseudonyms
from service.jobs import Job
from service.lexicon import LexiconLife
from service.moderation import (
    Batched,
    Encoder,
    Inline,
    Judgement,
    TextReader,
    load_policies,
    open_analyzer,
    open_encoder,
)
from service.moderation.accounts import Accounts
from service.moderation.aftermath import Aftermath
from service.moderation.at_risk import PeopleAtRisk
from service.moderation.backlog import Backlogs
from service.moderation.holds import Holds
from service.moderation.review import (
    AuthorVerdicts,
    Consequences,
    HoldVerdicts,
    ReviewOffice,
    keyed_draw,
    open_office,
)
from service.moderation.sightings import Sightings
from service.monitoring import (
    Actions,
    Baselines,
    Gathering,
    MonitoringTick,
    Planner,
    Situations,
)
from service.monitoring.at_risk import RiskWatch
from service.monitors import (
    BrandDirectory,
    Brands,
    Channels,
    DurableCheckpoints,
    Importer,
    MonitorDirectory,
    Monitors,
    Sources,
)
from service.posts import Posts
from service.response import Effects, ResponseDesk, Responses, timer_kind
from service.settings import Settings
from service.stores import PostStore
from service.stores.sqlite import SqlitePostStore
from service.timers import DeadlineAuditor, TimerEngine, Timers
from service.timers.repository import earliest_due
from service.version import VERSION


class Closable(Protocol):
    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """What the entry points, the API and the console reach. Jobs are in the order of a tick."""

    settings: Settings
    clock: Clock
    database: Database
    store: PostStore
    library: Library
    encoder: Encoder
    lexicon: LexiconLife
    analyzer: Analyzer
    reader: TextReader
    """The analyser, as API and ingest share it."""
    judgement: Judgement
    """What the API tells callers of their texts."""
    keyring: KeyRing
    handles: Handles
    passwords: Passwords
    users: Users
    sign_in: SignIn
    sessions: Sessions
    keys: ApiKeys
    brands: Brands
    monitors: Monitors
    sources: Sources
    channels: Channels
    importer: Importer
    checkpoints: DurableCheckpoints
    directory: MonitorDirectory
    timers: Timers
    ingest: Ingest
    posts: Posts
    desk: IncidentDesk
    response_desk: ResponseDesk
    people_at_risk: PeopleAtRisk
    backlogs: Backlogs
    review: ReviewOffice
    recorder: RecordingSender
    senders: Mapping[str, Sender]
    """By channel kind; what the deliverer sends with."""
    line: tuple[Job, ...]
    """From stored posts to pages: what replay runs as well."""
    upkeep: tuple[Job, ...]
    """Signs of life, watchdogs, back-fills: real time only."""
    crawl: Crawl
    fetcher: HttpFetcher
    webhook_client: Closable

    async def close(self) -> None:
        """Give back every connection, file and thread."""
        await self.reader.aclose()
        await self.fetcher.aclose()
        await self.webhook_client.aclose()
        await self.store.close()
        await self.database.close()


async def prepare(database: Database, store: PostStore) -> None:
    """Bring both databases to the present schema."""
    await migrations.upgrade(database)
    await store.migrate()


def open_database(settings: Settings, *, virtual: bool = False) -> Database:
    """The state database of the settings; its folder is made when it is a file."""
    url = settings.database_url.get_secret_value()
    database = Database(url, durable=not virtual, inline=virtual)
    path = database.url.database
    if database.is_sqlite and path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    return database


def open_store(settings: Settings, *, virtual: bool = False) -> PostStore:
    """The post store of the settings."""
    return SqlitePostStore(
        settings.posts_path,
        query_phrases=lambda text: search_phrases(normalize(text).text),
        durable=not virtual,
        inline=virtual,
    )


async def build(
    settings: Settings,
    *,
    clock: Clock,
    virtual: bool = False,
    random: Callable[[], float] | None = None,
    deliver: bool | None = None,
) -> Container:
    """Put the service together over migrated databases.

    `virtual` is for replay, drill and tests: no waiting for the disk, no threads, one delivery at
    a time. `deliver` says whether messages leave the process or go to the recorder; left out, they
    leave in real time only. Raises ContentErrors, BadPolicies, BadTable, BadTargetedWeights,
    KeyRingError, and SchemaOutdated when `fengsui migrate` has not been run.
    """
    chance = random or random_module.SystemRandom().random
    database = open_database(settings, virtual=virtual)
    store = open_store(settings, virtual=virtual)
    try:
        if virtual:
            await prepare(database, store)
        await migrations.check(database)
        await store.check()
        return await _assemble(
            settings,
            clock,
            database,
            store,
            chance=chance,
            virtual=virtual,
            leaving=not virtual if deliver is None else deliver,
        )
    except BaseException:
        await store.close()
        await database.close()
        raise


async def _assemble(
    settings: Settings,
    clock: Clock,
    database: Database,
    store: PostStore,
    *,
    chance: Callable[[], float],
    virtual: bool,
    leaving: bool,
) -> Container:
    library = load_library()
    policies = load_policies(settings.policies_dir)
    keyring = KeyRing.open(
        data_dir=settings.data_dir,
        secret=settings.secret_key.get_secret_value() if settings.secret_key else None,
    )
    await keyring.bind(database)
    brands = Brands(database, clock, keyring)
    monitors = Monitors(database, clock, keyring)
    sources = Sources(database, clock, keyring)
    ranks = {tier: rank for rank, tier in enumerate(library.tiers.ids, start=1)}
    channels = Channels(database, clock, keyring, ranks=ranks)
    handles = Handles(database, clock, keyring)
    directory = MonitorDirectory(database, monitors)
    brand_directory = BrandDirectory(database, brands)
    # Read now, so that broken ones stop the start and not the first post that names a rival.
    load_weights()
    lexicon = await LexiconLife.begin(
        load_lexicon(),
        database=database,
        store=store,
        clock=clock,
        zone=settings.zone,
        virtual=virtual,
    )
    encoder = open_encoder(settings)
    analyzer = open_analyzer(settings, await brands.words(), encoder=encoder, lexicon=lexicon.live)
    reader = _reader(analyzer, settings, clock, virtual=virtual)
    passwords = Passwords()
    checkpoints = DurableCheckpoints(database)
    timers = Timers()
    responses = Responses(
        library=library, effects=Effects(timers=timers, public_url=settings.public_url)
    )
    incidents = Incidents(reactions=responses, public_url=settings.public_url)
    backlogs = Backlogs(incidents=incidents, tiers=library.tiers.ids)
    holds = Holds(database, clock=clock)
    accounts = Accounts(database, clock=clock)
    patrol_key = keyring.pseudonym("fengsui", "patrol").encode()
    review = open_office(
        settings,
        database=database,
        clock=clock,
        timers=timers,
        consequences=Consequences(holds=HoldVerdicts(holds), authors=AuthorVerdicts(accounts)),
        alarm=backlogs,
        draw=keyed_draw(patrol_key, rate=settings.patrol_rate),
        random=chance,
    )
    people_at_risk = PeopleAtRisk(incidents=incidents, tiers=library.tiers.ids)
    judgement = Judgement(
        policies=policies,
        holds=holds,
        accounts=accounts,
        reader=reader,
        clock=clock,
        pseudonym=keyring.pseudonym,
        aftermath=Aftermath(
            database,
            holds=holds,
            accounts=accounts,
            intake=review.intake,
            patrol=review.patrol,
            at_risk=Sightings(database, clock=clock, people=people_at_risk),
        ),
    )
    ingest = Ingest(
        reader=reader,
        monitors=directory,
        brands=brand_directory,
        pseudonyms=HandlePseudonyms(database=database, keyring=keyring, handles=handles),
        store=store,
        clock=clock,
        risk_watch=RiskWatch(database=database, clock=clock, people=people_at_risk),
    )
    fetcher = _fetcher(settings, clock, chance)
    webhook_client = guarded_client(
        GuardPolicy(allow_networks=settings.webhook_allow_networks), timeout=20.0
    )
    recorder = RecordingSender()
    senders: dict[str, Sender] = {
        "recording": recorder,
        "webhook": WebhookSender(webhook_client, clock=clock) if leaving else recorder,
    }
    owner = settings.worker_id
    recheck = None if virtual else timedelta(seconds=1)
    situations = Situations(store=store, baselines=Baselines(store, settings.zone), library=library)
    tick = MonitoringTick(
        database=database,
        store=store,
        clock=clock,
        directory=directory,
        situations=situations,
        planner=Planner(situations=situations, gathering=Gathering(store), tiers=library.tiers),
        actions=Actions(incidents),
        owner=owner,
    )
    timer_engine = TimerEngine(
        database,
        clock=clock,
        owner=owner,
        handlers={
            **{timer_kind(kind): responses.deadline_passed for kind in DeadlineKind},
            **review.watch.handlers(),
        },
        recheck=recheck,
    )
    router = Router(database, clock=clock, channels=channels.targets, recheck=recheck)
    deliverer = Deliverer(
        database,
        clock=clock,
        owner=owner,
        channels=channels.targets,
        senders=senders,
        random=chance,
        announce=note_page,
        disable=channels.switch_off,
        concurrency=1 if virtual else 16,
        recheck=recheck,
    )
    return Container(
        settings=settings,
        clock=clock,
        database=database,
        store=store,
        library=library,
        encoder=encoder,
        lexicon=lexicon,
        analyzer=analyzer,
        reader=reader,
        judgement=judgement,
        keyring=keyring,
        handles=handles,
        passwords=passwords,
        users=Users(database, clock, passwords),
        sign_in=SignIn(database, clock, passwords),
        sessions=Sessions(
            database,
            clock,
            idle=timedelta(hours=settings.session_idle_h),
            absolute=timedelta(hours=settings.session_absolute_h),
        ),
        keys=ApiKeys(database, clock),
        brands=brands,
        monitors=monitors,
        sources=sources,
        channels=channels,
        importer=Importer(
            database, brands=brands, monitors=monitors, sources=sources, channels=channels
        ),
        checkpoints=checkpoints,
        directory=directory,
        timers=timers,
        ingest=ingest,
        posts=Posts(store),
        desk=IncidentDesk(database=database, clock=clock, incidents=incidents, library=library),
        response_desk=ResponseDesk(database=database, clock=clock, responses=responses),
        people_at_risk=people_at_risk,
        backlogs=backlogs,
        review=review,
        recorder=recorder,
        senders=senders,
        line=(
            lexicon.follower,
            tick,
            timer_engine,
            router,
            deliverer,
            Sealer(database, owner=owner),
        ),
        upkeep=(
            Heartbeat(
                database,
                worker=owner,
                version=VERSION,
                lags=partial(_lags, database, clock),
                clock=clock,
            ),
            DeadlineAuditor(database, clock=clock),
            Backfill(
                database=database,
                clock=clock,
                monitors=monitors,
                brands=brand_directory,
                store=store,
            ),
        ),
        crawl=Crawl(
            database=database,
            clock=clock,
            sources=sources,
            checkpoints=checkpoints,
            fetcher=fetcher,
            ingest=ingest,
            random=chance,
            concurrency=settings.crawl_concurrency,
        ),
        fetcher=fetcher,
        webhook_client=webhook_client,
    )


def _reader(analyzer: Analyzer, settings: Settings, clock: Clock, *, virtual: bool) -> TextReader:
    if virtual:
        return Inline(analyzer)
    limits = Limits(
        batch_tokens=settings.batch_tokens,
        max_wait_s=settings.batch_wait_ms / 1000,
        most_items=settings.queue_texts,
        most_tokens=settings.queue_tokens,
    )
    return Batched(analyzer, clock=clock, limits=limits)


def _fetcher(settings: Settings, clock: Clock, random: Callable[[], float]) -> HttpFetcher:
    policy = FetchPolicy(
        contact=settings.user_agent_contact or None,
        guard=GuardPolicy(allow_networks=settings.fetch_allow_networks),
    )
    return HttpFetcher(policy, now=clock.now, sleep=clock.sleep, random=random)


async def _lags(database: Database, clock: Clock) -> dict[str, float]:
    """Seconds that pages and deadlines lag behind."""
    now = clock.now()
    async with database.read() as connection:
        backlog = await Deliveries().backlog(connection, now=now)
        earliest = await earliest_due(connection)
    overdue = timedelta(0) if earliest is None else max(timedelta(0), now - earliest)
    return {
        "delivery": backlog.lag.total_seconds(),
        "timers": overdue.total_seconds(),
    }
