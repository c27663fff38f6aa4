"""`fengsui import FILE`: posts out of CSV, XLSX or JSON lines; looked at first, or stored."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import click

from crawlers import Channel, Post
from crawlers.tabular import Preview, ReadRow, preview
from nlp.pii import masked
from service.bootstrap import Container
from service.cli.counting import counting
from service.cli.opening import opened, run, settings_of_environment
from service.ingest.imports import PIECE, VIA, ImportOptions, explained, rows_of

_SHOWN_PROBLEMS = 1_000


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="Such as text=正文; repeatable."
)
@click.option("--source", help="The platform, where no column says it, such as weibo.")
@click.option("--channel", type=click.Choice([item.value for item in Channel]))
@click.option("--timezone", help="Of times that name no zone; else FENGSUI_TIMEZONE.")
@click.option("--sheet", help="Of a workbook; else the first with anything in it.")
@click.option("--preview", "looking", is_flag=True, help="Show what would be read; store nothing.")
def import_file(
    file: Path,
    pairs: tuple[str, ...],
    source: str | None,
    channel: str | None,
    timezone: str | None,
    sheet: str | None,
    looking: bool,
) -> None:
    """Store the posts of FILE: CSV, XLSX or JSON lines, told by its content.

    Columns are understood by their headings; --map says what they are where that fails. A row that
    is no post is named as FILE:ROW:COLUMN and left out, and the command ends with 1. Posts that are
    known already change nothing: an import that was stopped is simply run again.
    """
    settings = settings_of_environment()
    options = ImportOptions.of(
        name=str(file),
        pairs=pairs,
        source=source,
        channel=channel,
        timezone=timezone,
        sheet=sheet,
        zone=ZoneInfo(settings.timezone),
    )
    if looking:
        with explained(), file.open("rb") as stream:
            found = preview(
                stream,
                name=options.name,
                pairs=options.pairs,
                given=options.given,
                sheet=options.sheet,
            )
        sys.exit(_show(found))

    async def work() -> tuple[Counter[str], _Rows]:
        async with opened(settings) as container:
            return await _store(container, file, options)

    changes, rows = run(work())
    said = ", ".join(f"{number} {change}" for change, number in sorted(changes.items()))
    click.echo(f"{sum(changes.values())} posts: {said or 'nothing'}; {rows.rejected} rows left out")
    if rows.repeated:
        click.echo(
            f"{rows.repeated} rows have the id of an earlier row: they are the same posts, read "
            "later",
            err=True,
        )
    if rows.rejected:
        sys.exit(1)


async def _store(
    container: Container, file: Path, options: ImportOptions
) -> tuple[Counter[str], _Rows]:
    """What storing did, by change, and what became of rows that are no new posts."""
    changes: Counter[str] = Counter()
    rows = _Rows()
    with (
        file.open("rb") as stream,
        counting("imported", unit="posts", monotonic=container.clock.monotonic) as count,
    ):
        posts = _posts(stream, options, rows)
        while piece := list(islice(posts, PIECE)):
            report = await container.ingest.ingest(piece, via=VIA, arriving=False)
            changes.update(change.value for change in report.changes.values())
            count(len(piece))
    rows.close()
    return changes, rows


class _Rows:
    """Tells of bad rows as they come, the first thousand of them; counts all, and repeated ids."""

    def __init__(self) -> None:
        self.rejected = 0
        self.repeated = 0
        self._told = 0
        self._ids: set[int] = set()

    def note(self, post: Post) -> None:
        """Count a post whose id an earlier row had; 64 bits of each are kept, for large files."""
        key = int(post.id[:16], 16)
        self.repeated += key in self._ids
        self._ids.add(key)

    def tell(self, row: ReadRow) -> None:
        self.rejected += 1
        for item in row.rejected:
            self._told += 1
            if self._told <= _SHOWN_PROBLEMS:
                click.echo(f"{item.place}: {item.reason}", err=True)

    def close(self) -> None:
        if self._told > _SHOWN_PROBLEMS:
            click.echo(f"… and {self._told - _SHOWN_PROBLEMS} more mistakes", err=True)


def _posts(stream: IO[bytes], options: ImportOptions, rows: _Rows) -> Iterator[Post]:
    for row in rows_of(stream, options):
        if row.post is None:
            rows.tell(row)
        else:
            rows.note(row.post)
            yield row.post


def _show(found: Preview) -> int:
    """Print what was understood; 1 where something is missing or a shown row is no post."""
    seen = found.survey
    click.echo(f"{seen.table.format.value}: {seen.table.dialect}")
    for field, column in seen.mapped_columns.items():
        click.echo(f"  {field:<20} = {column}")
    if seen.wire:
        click.echo("  lines in the shape of posts: no mapping is needed")
    if seen.unused_columns:
        click.echo(f"  left out: {', '.join(seen.unused_columns)}")
    for field in seen.missing:
        hint = "--source NAME, or " if field == "source" else ""
        click.echo(f"{seen.table.name}: {field} is missing: {hint}--map {field}=COLUMN", err=True)
    bad = bool(seen.missing)
    for row in found.rows:
        if row.post is None:
            bad = True
            for item in row.rejected:
                click.echo(f"{item.place}: {item.reason}", err=True)
        else:
            text = masked(row.post.text)[:60]
            click.echo(f"{row.number:>6}  {row.post.published_at:%Y-%m-%d %H:%M} UTC  {text!r}")
    return int(bad)
