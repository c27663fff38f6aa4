"""A whole system for tests of backup: a state database and a post store."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from nlp.text.search_tokens import search_phrases
from service.backup import Manifest, Restored, back_up, read_manifest, restore
from service.db import Database
from service.stores import PostStore
from service.stores.sqlite import SqlitePostStore
from tests.support.clock import SteppingClock
from tests.support.database import open_database
from tests.support.elasticsearch import OTHER, drop, elastic_store, opened_cluster


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A state database and a post store."""

    database: Database
    store: PostStore
    folder: Path
    clock: SteppingClock

    async def back_up(self, folder: Path) -> Manifest:
        return await back_up(
            folder,
            database=self.database,
            store=self.store,
            clock=self.clock,
            keys=None,
            tell=lambda _line: None,
        )

    async def restore(self, folder: Path) -> Restored:
        return await restore(
            folder,
            read_manifest(folder),
            database=self.database,
            store=self.store,
            clock=self.clock,
            scratch=self.folder,
            tell=lambda _line: None,
        )


async def opened(
    stack: AsyncExitStack, engine: str, folder: Path, clock: SteppingClock, *, elastic: bool = False
) -> System:
    """A system without tables in `folder`, which is there; its posts in Elasticsearch if asked."""
    database = await stack.enter_async_context(open_database(engine, folder, tables=False))
    if elastic:
        cluster = await stack.enter_async_context(opened_cluster())
        await drop(cluster, prefix=OTHER)
        stack.push_async_callback(drop, cluster, prefix=OTHER)
        store: PostStore = elastic_store(cluster, prefix=OTHER)
    else:
        store = SqlitePostStore(
            folder / "posts.db",
            query_phrases=lambda text: search_phrases(text.lower()),
            durable=False,
        )
        stack.push_async_callback(store.close)
    return System(database=database, store=store, folder=folder, clock=clock)
