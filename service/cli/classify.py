"""`fengsui classify`: JSONL in, one answer a line out, in order, streaming."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import orjson

from nlp import Analysis, Analyzer
from nlp.lexicon import LiveLexicon
from service.cli.counting import counting
from service.cli.lexicon_opening import serving, shelf_of
from service.cli.lines import Line, batches
from service.cli.models_kept import switched_settings
from service.cli.opening import run, settings_of_environment
from service.clock import SystemClock
from service.errors import InvalidInput
from service.moderation import (
    ClassifyItem,
    Policies,
    alone,
    answer_of,
    load_policies,
    open_analyzer,
    open_encoder,
)
from service.settings import Settings

MOST_LINES = 64
"""Lines judged together; fewer when the input has no more to give yet."""


@click.command()
@click.argument("file", default="-", type=click.Path(allow_dash=True, path_type=Path))
def classify(file: Path) -> None:
    """Classify each line {"id", "text"} of FILE (or stdin), with the lexicon of the installation.

    A line that cannot be read is answered by {"id", "error"}, so that the answers keep the order;
    blank lines are passed over.
    """
    settings = run(switched_settings(settings_of_environment()))
    policies = load_policies(settings.policies_dir)
    encoder = open_encoder(settings)
    if encoder.absent:
        click.echo(f"warning: {encoder.absent}", err=True)
    analyzer = open_analyzer(settings, encoder=encoder, lexicon=_lexicon(settings))
    bad = 0
    with counting("classified", unit="lines", monotonic=SystemClock().monotonic) as count:
        for lines in batches(file, most=MOST_LINES):
            read = [_read(line, policies) for line in lines if line.content.strip()]
            for item in read:
                if item.problem is not None:
                    click.echo(f"{file}:{item.number}: {item.problem}", err=True)
                    bad += 1
            for answer in _answers(analyzer, policies, read):
                sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
            sys.stdout.buffer.flush()
            count(len(read))
    if bad:
        click.echo(f"{bad} lines could not be read", err=True)
        sys.exit(1)


def _lexicon(settings: Settings) -> LiveLexicon:
    """What ships, or what was made of it here, which is said on stderr: other answers follow."""
    shelf = run(shelf_of(settings))
    lexicon = serving(shelf)
    if shelf.number:
        click.echo(f"lexicon: version {shelf.number} saved here, {lexicon.version}", err=True)
    return LiveLexicon(lexicon)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What a line holds: an item, or what is wrong with it and the id that was given."""

    number: int
    item: ClassifyItem | None = None
    problem: str | None = None
    given: str | None = None


def _read(line: Line, policies: Policies) -> _Read:
    data: Any = None
    try:
        data = orjson.loads(line.content)
        item = ClassifyItem.from_json(data, policies=policies.by_name)
        return _Read(number=line.number, item=item)
    except ValueError as error:
        given = data.get("id") if isinstance(data, Mapping) else None
        return _Read(
            number=line.number,
            problem=str(error),
            given=None if given is None else str(given),
        )


def _answers(analyzer: Analyzer, policies: Policies, read: Sequence[_Read]) -> list[dict[str, Any]]:
    analyses = iter(analyzer.analyze_batch([each.item.text for each in read if each.item]))
    return [
        _answer(each.item, next(analyses), policies)
        if each.item
        else {"id": each.given, "error": {"code": InvalidInput.code, "detail": each.problem}}
        for each in read
    ]


def _answer(item: ClassifyItem, analysis: Analysis, policies: Policies) -> dict[str, Any]:
    """Judged by its policy alone: holds and accounts are the service's."""
    verdict = alone(item, analysis, policy=policies.named(item.policy))
    return answer_of(item, analysis, verdict=verdict)
