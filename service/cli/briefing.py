"""`fengsui briefing prepare | show | list`: briefings from the command line."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from service.auth import SYSTEM
from service.bootstrap import Container
from service.briefings import (
    BriefingFilter,
    Kind,
    Language,
    Scope,
    State,
    briefing_item,
    briefing_view,
    document,
)
from service.cli.instants import read_instant
from service.cli.opening import opened, run, settings_of_environment
from service.documents import Form, written

T = TypeVar("T")


@click.group()
def briefing() -> None:
    """Briefings: prepared as drafts, shown, listed."""


@briefing.command()
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), default=Kind.DAILY.value)
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d"]), help="Of a daily or weekly one; else the last."
)
@click.option("--since", help="Of a special one, such as 2026-03-02T08:00:00+08:00.")
@click.option("--until", help="Of a special one; its end.")
@click.option("--brand", help="Its id; else every monitor, or those named.")
@click.option("--monitor", "monitors", multiple=True, help="Its id; may be given again.")
@click.option(
    "--language", type=click.Choice([item.value for item in Language]), default=Language.ZH.value
)
def prepare(
    kind: str,
    day: datetime | None,
    since: str | None,
    until: str | None,
    brand: str | None,
    monitors: tuple[str, ...],
    language: str,
) -> None:
    """Prepare a briefing as a draft; its id is printed."""

    async def work(container: Container) -> str:
        zone = container.settings.zone
        made = await container.briefings.desk.prepare(
            SYSTEM,
            Kind(kind),
            scope=Scope(brand=brand, monitors=monitors),
            day=None if day is None else day.date(),
            since=None if since is None else read_instant("--since", since, zone),
            until=None if until is None else read_instant("--until", until, zone),
            language=Language(language),
        )
        return made.id

    click.echo(_done_with(work))


@briefing.command()
@click.argument("briefing_id")
@click.option(
    "--format", "form", type=click.Choice([form.value for form in Form]), default=Form.JSON.value
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False))
def show(briefing_id: str, form: str, output: Path | None) -> None:
    """Write a briefing as JSON, HTML or DOCX: to stdout unless a file is named."""

    async def work(container: Container) -> bytes:
        found = await container.briefings.desk.export(SYSTEM, briefing_id, form=form)
        view = briefing_view(
            found.briefing,
            found.quotes,
            zone=container.settings.zone,
            public_url=container.settings.public_url,
            to_write=False,
        )
        return written(view, document, Form(form), made_at=container.clock.now())

    content = _done_with(work)
    if output is None:
        sys.stdout.buffer.write(content)
        return
    output.write_bytes(content)
    click.echo(f"{output}: {output.stat().st_size:,} bytes")


@briefing.command("list")
@click.option("--state", "states", type=click.Choice([item.value for item in State]), multiple=True)
@click.option("--limit", type=click.IntRange(1, 200), default=20)
def list_briefings(states: tuple[str, ...], limit: int) -> None:
    """The newest first, a line each: id, state, title."""

    async def work(container: Container) -> list[dict[str, Any]]:
        wanted = BriefingFilter(states=tuple(State(item) for item in states))
        items, _ = await container.briefings.desk.page(SYSTEM, wanted, limit=limit)
        return [briefing_item(item, zone=container.settings.zone) for item in items]

    for item in _done_with(work):
        click.echo(f"{item['id']}  {item['state']:<9}  {item['title']}")


def _done_with(work: Callable[[Container], Awaitable[T]]) -> T:
    async def opened_for_it() -> T:
        async with opened(settings_of_environment()) as container:
            return await work(container)

    return run(opened_for_it())
