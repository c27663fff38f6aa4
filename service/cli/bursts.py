"""`fengsui bursts COUNTS.csv`: counts in, the same rows with a score out, strictly causal."""

from __future__ import annotations

import csv
import io
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from nlp.trends import BurstDetector

_COLUMNS = ("timestamp", "value")
_SHOWN_PROBLEMS = 1_000


@dataclass(frozen=True, slots=True)
class Count:
    """A row: as it was written, and read."""

    timestamp: str
    value: str
    at: datetime
    count: float


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that is no count; lines count from 1."""

    line: int
    message: str


@click.command()
@click.argument("file", type=click.Path(allow_dash=True, path_type=Path))
def bursts(file: Path) -> None:
    """Score each count of FILE (CSV with the columns timestamp and value; - is stdin).

    Writes timestamp,value,score, a row for each row and in its order; the score lies in [0, 1] and
    depends on its own and earlier rows alone. The width of the buckets is inferred. A file with a
    bad row is refused as a whole: each is named, and the command ends with 2.
    """
    rows, problems = _read(file)
    for problem in problems[:_SHOWN_PROBLEMS]:
        click.echo(f"{file}:{problem.line}: {problem.message}", err=True)
    if len(problems) > _SHOWN_PROBLEMS:
        click.echo(f"{file}: {len(problems) - _SHOWN_PROBLEMS} more bad rows", err=True)
    if problems:
        sys.exit(2)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow((*_COLUMNS, "score"))
    detector = BurstDetector.of()
    for row in rows:
        score = detector.update(row.at, row.count).score
        writer.writerow((row.timestamp, row.value, f"{score:.12g}"))


def _read(file: Path) -> tuple[list[Count], list[Problem]]:
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return [], [Problem(line, "this is no UTF-8: save the file as UTF-8")]
    rows: list[Count] = []
    problems: list[Problem] = []
    for row in parsed(text):
        if isinstance(row, Count):
            rows.append(row)
        else:
            problems.append(row)
    return rows, problems


def parsed(text: str) -> Iterator[Count | Problem]:
    """Every row of a table below its header, blank lines apart, or what is wrong with it."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if any(names.count(column) != 1 for column in _COLUMNS):
            yield Problem(1, "the first line must name the columns: timestamp,value")
            return
        places = [names.index(column) for column in _COLUMNS]
        for cells in reader:
            if cells:
                yield _row(cells, places, columns=len(names), line=reader.line_num)
    except csv.Error as error:
        yield Problem(reader.line_num, f"this is no CSV ({error}): quote cells that hold a quote")


def _row(
    cells: Sequence[str], places: Sequence[int], *, columns: int, line: int
) -> Count | Problem:
    if len(cells) != columns:
        return Problem(line, f"{len(cells)} cells, but the header names {columns} columns")
    timestamp, value = (cells[place] for place in places)
    try:
        at = datetime.fromisoformat(timestamp.strip())
        # Years 1 and 9999 may lie outside what a clock in UTC can say.
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at
        at.timestamp()
    except (ValueError, OverflowError):
        return Problem(line, f"timestamp {timestamp!r}: write YYYY-MM-DD HH:MM:SS or ISO 8601")
    try:
        count = float(value)
    except ValueError:
        count = math.nan
    if not (math.isfinite(count) and count >= 0.0):
        return Problem(line, f"value {value!r}: write a count, a finite number from 0 up")
    return Count(timestamp, value, at, count)
