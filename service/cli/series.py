"""`fengsui series import FILE`: numbers by time that complaints are set against."""

from __future__ import annotations

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from crawlers.tabular import open_table
from service.auth import SYSTEM
from service.bootstrap import Container
from service.cli.counting import counting
from service.cli.opening import opened, run, settings_of_environment
from service.ingest.imports import ImportOptions, explained
from service.series import MOST_POINTS
from service.series.tables import ReadSeries, Wrong, read_rows

_SHOWN_PROBLEMS = 1_000


@click.group()
def series() -> None:
    """Series: numbers by time."""


@series.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", help="Of the series, where no column says it, such as orders.shanghai.")
@click.option("--unit", help="Such as 单; kept from the first import on.")
@click.option("--timezone", help="Of times that name no zone; else FENGSUI_TIMEZONE.")
def import_series(file: Path, name: str | None, unit: str | None, timezone: str | None) -> None:
    """Store the rows of FILE (CSV, XLSX, JSON lines): a time and a value, maybe name and unit.

    A row that is no point is named as FILE:ROW:COLUMN and left out, and the command ends with 1.
    The same point twice is one, so that a file may be imported again.
    """
    settings = settings_of_environment()
    zone = ImportOptions.of(
        name=str(file), timezone=timezone, zone=ZoneInfo(settings.timezone)
    ).given.zone

    async def work() -> tuple[int, int, int, int]:
        async with opened(settings) as container:
            return await _store(container, file, name=name, unit=unit, zone=zone)

    new, changed, unchanged, wrong = run(work())
    click.echo(f"{new} new, {changed} changed, {unchanged} unchanged; {wrong} rows left out")
    if wrong:
        sys.exit(1)


async def _store(
    container: Container, file: Path, *, name: str | None, unit: str | None, zone: ZoneInfo
) -> tuple[int, int, int, int]:
    done = [0, 0, 0]
    wrong = 0

    async def write(found: ReadSeries) -> None:
        points, found.points = found.points, []
        if points:
            written = await container.series.write(SYSTEM, found.name, points, unit=found.unit)
            for place, more in enumerate((written.new, written.changed, written.unchanged)):
                done[place] += more
            count(len(points))

    with (
        explained(),
        counting("stored", unit="points", monotonic=container.clock.monotonic) as count,
        file.open("rb") as stream,
        open_table(stream, name=str(file)) as table,
    ):
        begun: dict[str, ReadSeries] = {}
        for read in read_rows(table, name=name, unit=unit, zone=zone):
            if isinstance(read, Wrong):
                wrong += 1
                if wrong <= _SHOWN_PROBLEMS:
                    click.echo(f"{read.place}: {read.message}", err=True)
                continue
            found, point = read
            begun[found.name] = found
            found.points.append(point)
            if len(found.points) >= MOST_POINTS:
                await write(found)
        for found in begun.values():
            await write(found)
    return done[0], done[1], done[2], wrong
