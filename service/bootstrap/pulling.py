"""What goes out to sites: reading what is new, hot posts again, and a source's past on request."""

from __future__ import annotations

from dataclasses import dataclass

from service.bootstrap.catalogue import Catalogue
from service.bootstrap.ground import Ground
from service.bootstrap.network import Network
from service.bootstrap.seeing import Seeing
from service.db.leases import Tenure
from service.ingest import Deletions, Ingest
from service.ingest.crawl import Crawl
from service.ingest.gate import StoreGate
from service.ingest.rereading import Rereading
from service.ingest.source_backfill import SourceBackfill
from service.jobs import Job

_LEASE = "pulling"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulling:
    """They share one fetcher, and so one pace towards each site: they belong into one process."""

    crawl: Crawl
    rereading: Rereading
    source_backfill: SourceBackfill
    tenure: Tenure
    """One for all three, kept between their runs: two processes would double the pace."""

    @property
    def jobs(self) -> tuple[Job, ...]:
        return self.crawl, self.rereading, self.source_backfill


def open_pulling(
    ground: Ground,
    *,
    catalogue: Catalogue,
    network: Network,
    seeing: Seeing,
    ingest: Ingest,
    deletions: Deletions,
    gate: StoreGate,
) -> Pulling:
    """The three jobs, which all wait while the gate before the post store is shut."""
    settings, database, clock = ground.settings, ground.database, ground.clock
    tenure = Tenure(database, _LEASE, owner=settings.worker_id, now=clock.now)
    return Pulling(
        crawl=Crawl(
            database=database,
            clock=clock,
            sources=catalogue.sources,
            checkpoints=catalogue.checkpoints,
            fetcher=network.fetcher,
            ingest=ingest,
            deletions=deletions,
            random=ground.chance,
            concurrency=settings.crawl_concurrency,
            tenure=tenure,
            gate=gate,
            journal=seeing.journal,
            canary=seeing.canary,
        ),
        rereading=Rereading(
            database=database,
            clock=clock,
            sources=catalogue.sources,
            checkpoints=catalogue.checkpoints,
            fetcher=network.fetcher,
            store=ground.store,
            ingest=ingest,
            gate=gate,
            tenure=tenure,
        ),
        source_backfill=SourceBackfill(
            database=database,
            clock=clock,
            sources=catalogue.sources,
            fetcher=network.fetcher,
            ingest=ingest,
            gate=gate,
            tenure=tenure,
        ),
        tenure=tenure,
    )
