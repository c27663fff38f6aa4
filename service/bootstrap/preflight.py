"""The catalogue of sources and what fetches for them, without anything that reads texts."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from crawlers.fetch import HttpFetcher
from service.auth import KeyRing
from service.bootstrap.network import open_fetcher
from service.clock import Clock
from service.db import Database
from service.monitors import DurableCheckpoints, Sources
from service.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRoom:
    """Enough to try sources out."""

    sources: Sources
    checkpoints: DurableCheckpoints
    fetcher: HttpFetcher


@asynccontextmanager
async def open_sources(
    settings: Settings, database: Database, *, clock: Clock
) -> AsyncIterator[SourceRoom]:
    """Raises KeyRingError when the keys are not those that the database knows."""
    keyring = KeyRing.open(
        data_dir=settings.data_dir,
        secret=settings.secret_key.get_secret_value() if settings.secret_key else None,
    )
    await keyring.bind(database)
    fetcher = open_fetcher(settings, clock=clock, chance=random.SystemRandom().random)
    try:
        yield SourceRoom(
            sources=Sources(database, clock, keyring),
            checkpoints=DurableCheckpoints(database),
            fetcher=fetcher,
        )
    finally:
        await fetcher.aclose()
