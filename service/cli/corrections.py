"""`fengsui models corrections`: what people said of how texts were read."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from service.auth import SYSTEM
from service.cli.instants import read_instant
from service.cli.opening import opened, run, settings_of_environment
from service.learning import CORRECTED, Correction, TrainingSet, content_of
from service.settings import Settings


@click.group()
def corrections() -> None:
    """What people said of how texts were read, as a training set."""


@corrections.command("export")
@click.option("--until", help="A day or an instant: what was said up to then; without it, to now.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file, not stdout."
)
def export(until: str | None, output: Path | None) -> None:
    """Print verdicts, appeals, corrections and posts "not about us" as JSON Lines.

    Personal information in texts is masked. The same words of people give the same bytes; their
    sha256 is told on stderr.
    """
    settings = settings_of_environment()
    edge = None if until is None else read_instant("--until", until, ZoneInfo(settings.timezone))
    found = run(_gathered(settings, edge))
    content = content_of(found.rows)
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        try:
            output.write_bytes(content)
        except OSError as error:
            raise click.ClickException(f"{output}: {error.strerror}") from error
    click.echo(f"{len(found.rows)} rows, sha256 {found.sha256}", err=True)


@corrections.command("add")
@click.argument("post")
@click.option("--head", required=True, type=click.Choice([head.value for head in CORRECTED]))
@click.option("--label", required=True, help="What it should have been read as.")
@click.option("--note", help="Why, for those who come after.")
def add(post: str, head: str, label: str, note: str | None) -> None:
    """Say what the stored POST (its id) should have been read as."""
    made = run(_corrected(settings_of_environment(), post, head=head, label=label, note=note))
    click.echo(f"{made.post_id}: {made.head.value} is {made.label}, it was read as {made.machine}")


async def _gathered(settings: Settings, until: datetime | None) -> TrainingSet:
    async with opened(settings) as container:
        return await container.learning.export.start(SYSTEM, until=until)


async def _corrected(
    settings: Settings, post: str, *, head: str, label: str, note: str | None
) -> Correction:
    async with opened(settings) as container:
        return await container.learning.corrections.correct(
            SYSTEM, post, head=head, label=label, note=note
        )
