"""The long-running roles of one image, and what prepares and examines an installation."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click
import structlog

from nlp import NlpError
from service.bootstrap import Container, library_of, open_database, open_store, prepare
from service.cli.demo import announce_first_admin
from service.cli.opening import opened, run, settings_of_environment
from service.cli.preflight import last_resort, preflight
from service.cli.seen import look, overlays
from service.clock import SystemClock
from service.db import migrate as migrations
from service.db.engine import Database
from service.errors import ServiceError
from service.moderation import open_encoder
from service.settings import Settings
from service.stores import PostStore
from service.worker import run_worker

log = structlog.get_logger(__name__)


@click.command()
@click.option("--no-worker", is_flag=True, help="API and console only; jobs run elsewhere.")
def serve(no_worker: bool) -> None:
    """Serve API and console; on SQLite also run every job."""
    # The console's toolkit takes a second to import; other commands need not wait for it.
    from uvicorn.loops.auto import auto_loop_factory

    from service.app import serve_until_stopped

    settings = settings_of_environment()

    async def role() -> None:
        if not no_worker and await _is_new(settings):
            await _prepare(settings)
        async with opened(settings) as container:
            _warn_of_missing_model(container)
            await announce_first_admin(container)
            click.echo(f"console: {settings.public_url}/console", err=True)
            await serve_until_stopped(container, with_jobs=not no_worker)

    # uvloop where it is installed: a request costs about a sixth less than on the standard loop.
    run(role(), loop_factory=auto_loop_factory())


def _warn_of_missing_model(container: Container) -> None:
    if container.encoder.absent:
        log.warning("encoder.absent", detail=container.encoder.absent)


async def _is_new(settings: Settings) -> bool:
    """Whether the state is a SQLite file with nothing in it: there is no old schema to refuse, and
    one command must be enough to start."""
    database = open_database(settings)
    try:
        return database.is_sqlite and await migrations.current(database) is None
    finally:
        await database.close()


async def _prepare(settings: Settings) -> None:
    database, store = open_database(settings), open_store(settings)
    try:
        await prepare(database, store)
    finally:
        await store.close()
        await database.close()


@click.command()
def work() -> None:
    """Run the jobs: monitoring, timers, deliveries, audit, back-fill. No HTTP, no crawling."""
    # The API's own job; importing it takes a second that other commands need not wait for.
    from service.api import Forgetting

    settings = settings_of_environment()

    async def role() -> None:
        async with opened(settings) as container:
            forgetting = Forgetting(container.database)
            await run_worker(container.clock, (*container.line, *container.upkeep, forgetting))

    run(role())


@click.command()
def crawl() -> None:
    """Pull the configured sources when they are due."""
    settings = settings_of_environment()

    async def role() -> None:
        async with opened(settings) as container:
            _warn_of_missing_model(container)
            followers = (container.lexicon.follower, container.learning.follower)
            await run_worker(container.clock, (*container.pulls, *followers))

    run(role())


@click.command()
@click.option("--back-to", metavar="REVISION", help="The state's schema of an earlier version.")
@click.option("--yes", is_flag=True, help="Do not ask before --back-to.")
def migrate(back_to: str | None, yes: bool) -> None:
    """Bring the databases to the schema of this version, or the state's to an earlier one."""
    settings = settings_of_environment()
    if back_to is None:
        run(_prepare(settings))
        click.echo("both databases are up to date", err=True)
        return
    if not yes:
        click.confirm(f"go back to {back_to}, and lose what only later ones keep?", abort=True)
    run(_go_back(settings, back_to))
    click.echo(f"the state database is at {back_to}: install that version now", err=True)


async def _go_back(settings: Settings, revision: str) -> None:
    database = open_database(settings)
    try:
        await migrations.downgrade(database, revision)
    finally:
        await database.close()


@click.command()
@click.option("--offline", is_flag=True, help="Ask no site whether it lets our sources in.")
def doctor(offline: bool) -> None:
    """Examine settings, databases, models and content; say what is wrong and what to do."""
    settings = settings_of_environment()
    library = library_of(settings)
    problems = 0
    code = 1

    def tell(name: str, problem: str | None) -> None:
        nonlocal problems
        problems += problem is not None
        click.echo(f"{'bad ' if problem else 'good'}  {name}{': ' + problem if problem else ''}")

    async def examine() -> None:
        database, store = open_database(settings), open_store(settings)
        try:
            outdated = await _problem(database)
            tell("state database", outdated)
            try:
                await store.check()
                tell("post store", None)
                if outdated is None:
                    await _tell_of_sources(database, store, tell)
                    for finding in await overlays(database, library):
                        tell(finding.name, finding.problem)
                    if settings.fallback_channel:
                        finding = await last_resort(settings, database)
                        tell(finding.name, finding.problem)
                    for finding in await preflight(settings, database, offline=offline):
                        tell(finding.name, finding.problem)
            except ServiceError as error:
                tell("post store", error.detail)
        finally:
            await store.close()
            await database.close()
        tell(f"content {library.version[:12]}", None)

    run(examine())
    try:
        encoder = open_encoder(settings)
    except NlpError as error:
        # A mistake in the settings, which no other command would start with either.
        code = 2
        tell("encoder", str(error))
    else:
        versions = ", ".join(backend.version for backend in encoder.backends)
        tell(f"encoder {versions or settings.encoder.value}", None)
        if encoder.degraded:
            why = encoder.absent or "as FENGSUI_ENCODER=lexical says"
            click.echo(f"note  encoder: degraded to words alone: {why}")
    if problems:
        sys.exit(code)


async def _tell_of_sources(
    database: Database, store: PostStore, tell: Callable[[str, str | None], None]
) -> None:
    found, lags = await look(database, store, SystemClock())
    for finding in found:
        tell(finding.name, finding.problem)
    if lags is not None:
        click.echo(f"note  {lags}")


async def _problem(database: Database) -> str | None:
    try:
        await migrations.check(database)
    except ServiceError as error:
        return error.detail
    return None
