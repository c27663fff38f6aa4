"""The lexicon as commands reach it: with the state database where there is one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from nlp import load_lexicon
from nlp.lexicon import Lexicon
from service.bootstrap import open_database, open_store
from service.cli.opening import settings_of_environment
from service.clock import SystemClock
from service.db import Database
from service.db import migrate as migrations
from service.errors import SchemaOutdated
from service.lexicon import LexiconLife, Shelf, Shelves
from service.settings import Settings


async def shelf_of_environment() -> Shelf:
    """What serves in the installation of the environment."""
    return await shelf_of(settings_of_environment())


async def shelf_of(settings: Settings) -> Shelf:
    """What serves: the shipped tables, and what was saved over them where there is a database.

    A database of another schema is not read, which is said on stderr.
    """
    shipped = load_lexicon().entries
    if is_new(settings):
        return Shelf.of(shipped)
    database = open_database(settings)
    try:
        return await _saved(database, Shelves(database, shipped), Shelf.of(shipped))
    finally:
        await database.close()


def serving(shelf: Shelf) -> Lexicon:
    """The lexicon of a shelf."""
    return Lexicon(shelf.active()) if shelf.number else load_lexicon()


@asynccontextmanager
async def life(settings: Settings) -> AsyncIterator[LexiconLife]:
    """Desk and preview over the databases of the settings, without the rest of the service.

    Raises SchemaOutdated.
    """
    database, store = open_database(settings), open_store(settings)
    try:
        await migrations.check(database)
        await store.check()
        yield await LexiconLife.begin(
            load_lexicon(),
            database=database,
            store=store,
            clock=SystemClock(),
            zone=settings.zone,
        )
    finally:
        await store.close()
        await database.close()


def is_new(settings: Settings) -> bool:
    """Whether there is no file yet, which opening it would make."""
    url = make_url(settings.database_url.get_secret_value())
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


async def _saved(database: Database, shelves: Shelves, shipped: Shelf) -> Shelf:
    if await migrations.current(database) is None:
        return shipped
    try:
        await migrations.check(database)
    except SchemaOutdated as error:
        click.echo(f"warning: only what ships is looked at: {error.detail}", err=True)
        return shipped
    return await shelves.current()
