"""`fengsui backtest`: stored history, or a recorded stream, through other rules and words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import orjson

from service.backtest import (
    Answer,
    Candidate,
    Outcome,
    Tell,
    answer_of,
    parse_budget,
    read_scene,
    run_backtest,
)
from service.bootstrap import build
from service.bootstrap.rehearsing import rehearser
from service.bootstrap.rewording import record_stream, rereader
from service.cli.backtest_shown import print_answer
from service.cli.instants import read_instant
from service.cli.opening import opened, run, settings_of_environment
from service.lexicon import read_import
from service.log import configure_logging
from service.monitors import read_rules
from service.replay import configure, read_stream
from service.settings import LogLevel, Settings

_STEPS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """Which posts: of a recorded stream, or the stored ones of a time."""

    stream: Path | None
    config: Path | None
    since: datetime | None
    until: datetime | None
    monitor: str | None


@click.command()
@click.argument(
    "stream", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--from", "since", help="A day or an instant; without it, from the first post.")
@click.option("--to", "until", help="A day or an instant; without it, up to now.")
@click.option("--monitor", help="Only this monitor's posts.")
@click.option(
    "--config",
    type=click.Path(exists=True, path_type=Path),
    help="YAML of `apply`, for a STREAM: brands, monitors, rules in force.",
)
@click.option(
    "--rules",
    "rules_path",
    type=click.Path(exists=True, path_type=Path),
    help="The candidate: YAML with a `rules` section, as `apply` takes it.",
)
@click.option(
    "--lexicon",
    "lexicon_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Rows over the lexicon, as `lexicon import` takes them.",
)
@click.option("--budget", help="At most so many pages a night, such as 3/night.")
@click.option("--json", "as_json", is_flag=True, help="The whole answer as one JSON object.")
def backtest(
    stream: Path | None,
    since: str | None,
    until: str | None,
    monitor: str | None,
    config: Path | None,
    rules_path: Path | None,
    lexicon_path: Path | None,
    budget: str | None,
    as_json: bool,
) -> None:
    """Say what other rules would have done: incidents gained, lost and changed, pages, delays.

    Plays the stored posts of this installation, or STREAM (JSONL, plain or gzip), through the
    rules in force and through the candidate. Nothing is written and nobody is paged.
    """
    if stream is None and config is not None:
        raise click.UsageError("--config belongs to a STREAM; stored posts have their monitors")
    if stream is not None and (since, until, monitor) != (None, None, None):
        raise click.UsageError("--from, --to and --monitor choose stored posts; leave out STREAM")
    settings = settings_of_environment()
    configure_logging(log_format=settings.log_format, level=LogLevel.ERROR)
    candidate = Candidate(
        rules=() if rules_path is None else tuple(read_rules(rules_path)),
        lexicon=None
        if lexicon_path is None
        else read_import(lexicon_path.read_bytes(), file=str(lexicon_path)),
        budget=None if budget is None else parse_budget(budget),
    )
    zone = ZoneInfo(settings.timezone)
    span = _Span(
        stream=stream,
        config=config,
        since=None if since is None else read_instant("--from", since, zone),
        until=None if until is None else read_instant("--to", until, zone),
        monitor=monitor,
    )
    work = _stored if stream is None else _streamed
    answer: Answer = answer_of(run(work(settings, span, candidate, teller())))
    if as_json:
        click.echo(orjson.dumps(answer).decode())
    else:
        print_answer(answer)


async def _stored(settings: Settings, span: _Span, candidate: Candidate, tell: Tell) -> Outcome:
    async with opened(settings) as container:
        scene = await read_scene(
            container.backtested,
            since=span.since,
            until=span.until,
            monitor=span.monitor,
            tell=lambda done, of: tell("reading", done, of),
        )
        return await run_backtest(
            scene,
            candidate,
            rehearse=rehearser(settings.data_dir),
            reread=container.reread,
            tell=tell,
        )


async def _streamed(settings: Settings, span: _Span, candidate: Candidate, tell: Tell) -> Outcome:
    scene, entries = await record_stream(
        read_stream(span.stream or Path("-")).posts,
        settings=settings,
        build=build,
        configure=lambda container: configure(container, span.config),
        tell=lambda done, of: tell("analysing", done, of),
    )
    return await run_backtest(
        scene,
        candidate,
        rehearse=rehearser(settings.data_dir),
        reread=rereader(build, settings, lambda: entries),
        tell=tell,
    )


def teller() -> Callable[[str, int, int], None]:
    """A line on stderr for every tenth of each stage."""
    told: dict[str, int] = {}

    def tell(stage: str, done: int, of: int) -> None:
        part = done * _STEPS // max(1, of)
        if told.get(stage, -1) < part:
            told[stage] = part
            click.echo(f"{stage}: {done} of {of}", err=True)

    return tell
