"""What the entry points, the API and the console reach."""

from __future__ import annotations

from dataclasses import dataclass

from crawlers.fetch import HttpFetcher
from nlp import Analyzer
from playbooks import Library
from service.auth import ApiKeys, Handles, KeyRing, Passwords, Sessions, SignIn, Users
from service.backtest import BacktestOffice, Installation, Reread
from service.bootstrap.briefings import Briefings
from service.bootstrap.complaining import Complaining
from service.bootstrap.handing_over import HandingOver
from service.bootstrap.handling import Handling
from service.bootstrap.indicators import Indicators
from service.bootstrap.network import Closable
from service.bootstrap.reviewing import Reviewing
from service.bootstrap.risk_register import RiskRegister
from service.bootstrap.ruling import Ruling
from service.bootstrap.stating import Stating
from service.bootstrap.topics import Topics
from service.casefile import CaseFiles
from service.cases import CaseDesk, Precedents
from service.clock import Clock
from service.coverage import Coverage, CoverageWatch
from service.db import Database
from service.db.leases import Tenure
from service.delivery import RecordingSender
from service.delivery.channels import Links, Trials
from service.drill import DrillOffice
from service.evidence import EvidenceDesk
from service.incidents.deliveries import DeliveryDesk
from service.incidents.desk import IncidentDesk
from service.ingest import Deletions, Ingest
from service.ingest.crawl import Crawl
from service.ingest.imports import Imports
from service.ingest.source_backfill import SourceBackfill
from service.jobs import Job
from service.learning import Learning
from service.lexicon import LexiconLife
from service.moderation import Encoder, Judgement, TextReader
from service.moderation.at_risk import PeopleAtRisk
from service.moderation.backlog import Backlogs
from service.moderation.review import ReviewOffice
from service.monitoring import RiskReading
from service.monitoring.outlook import Outlook
from service.monitors import (
    Brands,
    Channels,
    DurableCheckpoints,
    Importer,
    MonitorDirectory,
    Monitors,
    Sources,
)
from service.oncall import Chains, Contacts, Duties, OncallBoard, Rotas, Silences, Team
from service.posts import PostExport, Posts, Revealing, Spreads
from service.recurring import RecurringDesk, RecurringDuties
from service.response import ResponseDesk
from service.series import SeriesBook
from service.settings import Settings
from service.stores import PostStore
from service.stories import StoryBook, StoryClustering
from service.timers import Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """Everything, put together. Jobs are in the order of a tick."""

    settings: Settings
    clock: Clock
    database: Database
    store: PostStore
    library: Library
    encoder: Encoder
    lexicon: LexiconLife
    rules: Ruling
    backtests: BacktestOffice
    backtested: Installation
    """What back-tests read."""
    reread: Reread
    drills: DrillOffice
    learning: Learning
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
    contacts: Contacts
    rotas: Rotas
    duties: Duties
    chains: Chains
    recurring: RecurringDuties
    recurring_desk: RecurringDesk
    importer: Importer
    checkpoints: DurableCheckpoints
    directory: MonitorDirectory
    timers: Timers
    ingest: Ingest
    deletions: Deletions
    imports: Imports
    series: SeriesBook
    topics: Topics
    indicators: Indicators
    posts: Posts
    post_export: PostExport
    spreads: Spreads
    stories: StoryBook
    story_clustering: StoryClustering
    """Among the upkeep; its turn is given back at the end."""
    revealing: Revealing
    desk: IncidentDesk
    cases: CaseDesk
    precedents: Precedents
    casefiles: CaseFiles
    evidence: EvidenceDesk
    deliveries: DeliveryDesk
    response_desk: ResponseDesk
    oncall: OncallBoard
    team: Team
    silences: Silences
    statements: Stating
    complaints: Complaining
    people_at_risk: PeopleAtRisk
    backlogs: Backlogs
    review: ReviewOffice
    reviewing: Reviewing
    """What follows a closed incident: causes, improvements, departments."""
    handing_over: HandingOver
    recorder: RecordingSender
    trials: Trials
    """Tries channels out."""
    links: Links
    """Acknowledge links of pages."""
    line: tuple[Job, ...]
    """From stored posts to pages: what replay runs as well."""
    upkeep: tuple[Job, ...]
    """Signs of life, watchdogs, back-fills, forgetting: real time only."""
    crawl: Crawl
    source_backfill: SourceBackfill
    pulls: tuple[Job, ...]
    """What goes out to sites, `crawl` first: real time only, in one process."""
    pulling_tenure: Tenure
    """That process's, until it is closed."""
    coverage: Coverage
    coverage_watch: CoverageWatch
    """Among the upkeep; replay runs it up to the last post."""
    outlook: Outlook
    risks: RiskReading
    risk_register: RiskRegister
    handling: Handling
    briefings: Briefings
    fetcher: HttpFetcher
    webhook_client: Closable

    async def close(self) -> None:
        """Give back every connection, file and thread."""
        await self.reader.aclose()
        await self.fetcher.aclose()
        # Only now may another process go out to the same sites.
        await self.pulling_tenure.close()
        await self.story_clustering.close()
        await self.webhook_client.aclose()
        await self.store.close()
        await self.database.close()
