"""What every part stands on: settings, clock, the two databases, the playbooks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from nlp import SearchPhrase, normalize, search_phrases
from playbooks import Library
from service.clock import Clock, SystemClock
from service.db import Database
from service.db import migrate as migrations
from service.settings import Settings
from service.stores import PostStore
from service.stores.sqlite import SqlitePostStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """`chance` answers a number in [0, 1). `virtual` is without threads and waiting, `leaving` says
    whether messages leave the process."""

    settings: Settings
    clock: Clock
    database: Database
    store: PostStore
    library: Library
    chance: Callable[[], float]
    virtual: bool
    leaving: bool

    @property
    def recheck(self) -> timedelta | None:
        """How often a job looks for what other processes wrote; None where there are none."""
        return None if self.virtual else timedelta(seconds=1)


async def prepare(database: Database, store: PostStore, *, virtual: bool = False) -> None:
    """Bring both databases to the present schema; in virtual time they live briefly."""
    await (migrations.lay if virtual else migrations.upgrade)(database)
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
    """The post store of the settings. Raises StoreMismatch for a CA file that cannot be read."""
    if settings.post_nodes:
        # Its client takes half a second to import: who keeps posts in a file does not wait for it.
        from service.stores.elastic.opening import open_elastic

        return open_elastic(settings, clock=SystemClock(), query_phrases=_query_phrases)
    return SqlitePostStore(
        settings.posts_path,
        query_phrases=_query_phrases,
        durable=not virtual,
        inline=virtual,
    )


def _query_phrases(text: str) -> tuple[SearchPhrase, ...]:
    return search_phrases(normalize(text).text)
