"""`fengsui store`: the post store by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

import click

from service.bootstrap import open_store
from service.cli.opening import run, settings_of_environment
from service.settings import Settings


@runtime_checkable
class Movable(Protocol):
    """A post store that can be copied into new indices while it is used."""

    async def move(self, *, rebuild: bool, tell: Callable[[str], None]) -> int: ...


@click.group()
def store() -> None:
    """The post store."""


@store.command()
@click.option(
    "--rebuild", is_flag=True, help="Copy every month, for settings that you changed yourself."
)
def migrate(rebuild: bool) -> None:
    """Bring the post store to the schema of this version, while the service runs.

    In Elasticsearch each month of an older schema is copied into a new index, which then takes its
    place: searches go on, and who stores waits for seconds. An interrupted run may be begun again.
    """
    settings = settings_of_environment()
    moved = run(_migrate(settings, rebuild=rebuild))
    click.echo(f"the post store is up to date; {moved} months were copied", err=True)


async def _migrate(settings: Settings, *, rebuild: bool) -> int:
    opened = open_store(settings)
    try:
        if isinstance(opened, Movable):
            return await opened.move(rebuild=rebuild, tell=lambda line: click.echo(line, err=True))
        if rebuild:
            raise click.UsageError("--rebuild is for Elasticsearch (FENGSUI_POSTS_URL)")
        await opened.migrate()
        return 0
    finally:
        await opened.close()
