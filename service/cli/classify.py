"""`fengsui classify`: JSONL in, one answer a line out, in order, streaming."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import orjson

from nlp import load_analyzer
from service.errors import InvalidInput
from service.moderation import ClassifyItem, classify_item
from service.settings import load_settings


@click.command()
@click.argument("file", default="-", type=click.Path(allow_dash=True, path_type=Path))
def classify(file: Path) -> None:
    """Classify each line {"id", "text"} of FILE (or stdin).

    A line that cannot be read is answered by {"id", "error"}, so that the answers keep the order;
    blank lines are passed over.
    """
    load_settings({})
    analyzer = load_analyzer()
    bad = 0
    for number, line in _lines(file):
        if not line.strip():
            continue
        data: Any = None
        answer: dict[str, Any]
        try:
            data = orjson.loads(line)
            answer = classify_item(analyzer, ClassifyItem.from_json(data))
        except ValueError as error:
            click.echo(f"{file}:{number}: {error}", err=True)
            bad += 1
            answer = _refusal(data, str(error))
        sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
        sys.stdout.buffer.flush()
    if bad:
        click.echo(f"{bad} lines could not be read", err=True)
        sys.exit(1)


def _refusal(data: Any, detail: str) -> dict[str, Any]:
    given = data.get("id") if isinstance(data, Mapping) else None
    item_id = None if given is None else str(given)
    return {"id": item_id, "error": {"code": InvalidInput.code, "detail": detail}}


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    if str(file) == "-":
        yield from enumerate(sys.stdin.buffer, start=1)
        return
    try:
        with file.open("rb") as stream:
            yield from enumerate(stream, start=1)
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
