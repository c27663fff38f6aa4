"""`fengsui classify`: JSONL in, one answer a line out, in order, streaming."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import orjson

from nlp import load_analyzer
from service.moderation import ClassifyItem, classify_item
from service.settings import load_settings


@click.command()
@click.argument("file", default="-", type=click.Path(allow_dash=True, path_type=Path))
def classify(file: Path) -> None:
    """Classify each line {"id", "text"} of FILE (or stdin)."""
    load_settings({})
    analyzer = load_analyzer()
    bad = 0
    for number, line in _lines(file):
        try:
            item = ClassifyItem.from_json(orjson.loads(line))
        except ValueError as error:
            click.echo(f"{file}:{number}: {error}", err=True)
            bad += 1
            continue
        sys.stdout.buffer.write(orjson.dumps(classify_item(analyzer, item)) + b"\n")
        sys.stdout.buffer.flush()
    if bad:
        click.echo(f"{bad} lines could not be read", err=True)
        sys.exit(1)


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    if str(file) == "-":
        yield from enumerate(sys.stdin.buffer, start=1)
        return
    try:
        with file.open("rb") as stream:
            yield from enumerate(stream, start=1)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
