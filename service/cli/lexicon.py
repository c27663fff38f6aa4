"""`fengsui lexicon stats | lint | scan | preview | import | export`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from nlp.errors import BadTable, TableIssue
from nlp.lexicon import CATEGORIES, Lexicon
from service.auth import SYSTEM
from service.cli.lexicon_opening import life, serving, shelf_of_environment
from service.cli.lexicon_places import checked, checked_files
from service.cli.lexicon_shown import hit_line, preview_json, preview_lines
from service.cli.opening import run, settings_of_environment
from service.lexicon import Defaults, ImportFormat, ImportReport, Preview, read_import, table_of
from service.lexicon.imports import Imported
from service.lexicon.preview import Progress

_FILE = click.Path(allow_dash=True, path_type=Path)


@click.group()
def lexicon() -> None:
    """The lexicon: what ships, with what was changed at run time over it."""


@lexicon.command("stats")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def stats(as_json: bool) -> None:
    """How many entries there are, by category and severity."""
    figures = _serving().stats()
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
        return
    click.echo(f"version {figures['version']}, {figures['active']} entries")
    for category, row in figures["categories"].items():
        click.echo(f"{category:<22} {row['entries']:>5}  severity {row['severity']}")


@lexicon.command("lint")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def lint(files: tuple[Path, ...]) -> None:
    """Check examples, common, shadowed and double entries, of FILES or of the lexicon that serves.

    Every fault is a line `file:line: what`, and exit 2.
    """
    try:
        report = checked_files(files) if files else checked(run(shelf_of_environment()))
    except BadTable as error:
        _tell(error.issues)
        sys.exit(2)
    _tell(report.issues)
    if report.issues:
        click.echo(f"{len(report.issues)} faults in {report.entries} entries", err=True)
        sys.exit(2)
    click.echo(f"{report.entries} entries, nothing wrong")


@lexicon.command("scan")
@click.argument("text", default="-")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def scan(text: str, as_json: bool) -> None:
    """The entries in TEXT, or in what stdin holds: place, surface, category, severity, entry, what
    hid it, what excuses it."""
    found = _serving()
    content = sys.stdin.buffer.read().decode("utf-8", "replace") if text == "-" else text
    hits = found.match(content)
    if as_json:
        click.echo(json.dumps({"version": found.version, "hits": [asdict(hit) for hit in hits]}))
        return
    for hit in hits:
        click.echo(hit_line(hit))


@lexicon.command("preview")
@click.argument("file", type=_FILE)
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 90))
@click.option("--seconds", default=30.0, show_default=True, help="Time for one entry.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def preview(file: Path, days: int, seconds: float, as_json: bool) -> None:
    """What the entries of FILE, a table, would have hit in the stored posts. Saves nothing."""
    entries = _read(file, format=ImportFormat.TSV).entries

    async def work() -> list[Preview]:
        async with life(settings_of_environment()) as opened:
            return [
                await opened.previewer.preview(
                    entry, days=days, seconds=seconds, progress=_progress(entry.term)
                )
                for entry in entries
            ]

    for found in run(work()):
        for line in (preview_json(found),) if as_json else preview_lines(found):
            click.echo(line)


@lexicon.command("import")
@click.argument("file", type=_FILE)
@click.option("--format", "format_name", type=click.Choice([item.value for item in ImportFormat]))
@click.option("--category", type=click.Choice(sorted(CATEGORIES)), help="Of bare words.")
@click.option("--severity", type=click.IntRange(1, 5), help="Of bare words.")
@click.option("--confirm", is_flag=True, help="Save; without it nothing is.")
@click.option("--reason", help="Why; needed to save.")
def import_file(
    file: Path,
    format_name: str | None,
    category: str | None,
    severity: int | None,
    confirm: bool,
    reason: str | None,
) -> None:
    """Take in FILE: a table as exported, Discourse's watched words, or a word a line.

    Without --confirm it only says what would happen. One bad line keeps all of it out.
    """
    if confirm and not (reason or "").strip():
        raise click.UsageError("--confirm needs --reason: why, for those who come after")
    imported = _read(
        file,
        format=None if format_name is None else ImportFormat(format_name),
        defaults=Defaults(category=category, severity=severity),
    )

    async def work() -> ImportReport:
        async with life(settings_of_environment()) as opened:
            tried = await opened.desk.import_rows(SYSTEM, imported, reason=None, confirm=False)
            if not confirm or tried.issues:
                return tried
            return await opened.desk.import_rows(SYSTEM, imported, reason=reason, confirm=True)

    report = run(work())
    _tell((*report.skipped, *report.advice, *report.issues))
    did = "" if report.saved else "would be "
    click.echo(
        f"{len(report.added)} {did}added, {len(report.changed)} {did}changed, "
        f"{len(report.unchanged)} unchanged, {len(report.skipped)} skipped"
    )
    if report.issues:
        click.echo(f"{len(report.issues)} lines to mend first; nothing was saved", err=True)
        sys.exit(2)
    if report.saved:
        click.echo(f"saved as version {report.saved.number}")


@lexicon.command("export")
@click.option("--category", type=click.Choice(sorted(CATEGORIES)), help="Only this one.")
def export(category: str | None) -> None:
    """Print the active entries as a table, which `import` takes back."""
    entries = run(shelf_of_environment()).active()
    table = table_of(entry for entry in entries if category in (None, entry.category))
    sys.stdout.buffer.write(table.encode())
    sys.stdout.buffer.flush()


def _serving() -> Lexicon:
    return serving(run(shelf_of_environment()))


def _read(
    file: Path,
    *,
    format: ImportFormat | None,  # noqa: A002 - what the import calls it
    defaults: Defaults | None = None,
) -> Imported:
    """The rows of a file. Exits 2 with every bad line where it has any."""
    dash = str(file) == "-"
    content = sys.stdin.buffer.read() if dash else file.read_bytes()
    name = "stdin" if dash else str(file)
    imported = read_import(content, file=name, format=format, defaults=defaults)
    if imported.issues:
        _tell(imported.issues)
        sys.exit(2)
    return imported


def _tell(issues: tuple[TableIssue, ...]) -> None:
    for issue in issues:
        click.echo(str(issue), err=True)


def _progress(term: str) -> Progress:
    def show(done: int, of: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{term}: search {done} of {of}\x1b[K", err=True, nl=done == of)

    return show
