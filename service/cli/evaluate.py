"""`fengsui models evaluate`: what would change, before anything does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import orjson

from service.auth import SYSTEM
from service.cli.backtest import teller
from service.cli.evaluate_shown import print_evaluated
from service.cli.instants import read_instant
from service.cli.opening import opened, run, settings_of_environment
from service.learning import (
    Candidate,
    Evaluated,
    Span,
    Split,
    TrainingSet,
    encoder_candidate,
    lexicon_candidate,
    read_set,
    rules_candidate,
)
from service.log import configure_logging
from service.settings import LogLevel, Settings

_USUAL = timedelta(days=7)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    candidate: Candidate | None
    given: TrainingSet | None
    split: Split | None
    span: Span | None


@click.command()
@click.option(
    "--candidate",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of a served model, as `models export` makes one.",
)
@click.option("--lexicon", "words", type=_FILE, help="Rows, as `lexicon import` takes them.")
@click.option(
    "--rules",
    type=click.Path(exists=True, path_type=Path),
    help="YAML with a section `rules`, as `apply` takes it.",
)
@click.option("--set", "set_file", type=_FILE, help="A set as `corrections export` prints it.")
@click.option(
    "--split",
    type=click.Choice([split.value for split in Split]),
    help="Only this part of the set: `test` for a model that was trained on it.",
)
@click.option("--from", "since", help="Play posts from this day or instant; the last seven days.")
@click.option("--to", "until", help="Play posts up to this day or instant.")
@click.option("--monitor", help="Play only this monitor's posts.")
@click.option("--no-posts", is_flag=True, help="Play no posts: only the set is read.")
@click.option("--json", "as_json", is_flag=True, help="The whole answer as one JSON object.")
def evaluate(
    folder: Path | None,
    words: Path | None,
    rules: Path | None,
    set_file: Path | None,
    split: str | None,
    since: str | None,
    until: str | None,
    monitor: str | None,
    no_posts: bool,
    as_json: bool,
) -> None:
    """Compare what serves with a candidate, on what people said and on stored posts.

    Says how right each is, which decisions would move, which incidents would be gained and lost.
    Nothing is switched; that it was compared is remembered, and `models switch` asks for that.
    Without a candidate it says how right that is what serves.
    """
    if sum(item is not None for item in (folder, words, rules)) > 1:
        raise click.UsageError("one of --candidate, --lexicon and --rules at a time")
    asked = (since, until, monitor) != (None, None, None)
    if asked and no_posts:
        raise click.UsageError("--no-posts plays none; leave out --from, --to and --monitor")
    settings = settings_of_environment()
    configure_logging(log_format=settings.log_format, level=LogLevel.ERROR)
    zone = ZoneInfo(settings.timezone)
    span = Span(
        since=None if since is None else read_instant("--from", since, zone),
        until=None if until is None else read_instant("--to", until, zone),
        monitor=monitor,
        asked=asked,
    )
    ask = _Ask(
        candidate=_candidate(folder, words, rules),
        given=None if set_file is None else read_set(set_file.read_bytes(), file=str(set_file)),
        split=None if split is None else Split(split),
        span=None if no_posts else span,
    )
    evaluated = run(_compared(settings, ask))
    if as_json:
        told = {"evaluation": evaluated.evaluation_id, **evaluated.result}
        click.echo(orjson.dumps(told).decode())
    else:
        print_evaluated(evaluated)


def _candidate(folder: Path | None, words: Path | None, rules: Path | None) -> Candidate | None:
    if folder is not None:
        return encoder_candidate(folder)
    if words is not None:
        return lexicon_candidate(words.read_bytes(), file=words)
    return None if rules is None else rules_candidate(rules)


async def _compared(settings: Settings, ask: _Ask) -> Evaluated:
    async with opened(settings) as container:
        span = ask.span
        if span is not None and not span.asked:
            span = replace(span, since=container.clock.now() - _USUAL)
        return await container.learning.evaluator.evaluate(
            SYSTEM,
            ask.candidate,
            given=ask.given,
            split=ask.split,
            span=span,
            tell=teller(),
        )
