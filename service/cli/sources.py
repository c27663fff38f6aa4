"""`fengsui source add | test | list | pause | resume | backfill`: places to pull posts from."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from crawlers import kinds
from service.auth import SYSTEM
from service.bootstrap import Container
from service.cli.instants import read_instant
from service.cli.opening import opened, run, settings_of_environment
from service.cli.source_asking import TRIES, ask_again, ask_kind, ask_missing, ask_secret
from service.cli.source_settings import BadFlag, Setting, read_flags, read_secrets, settings_of
from service.cli.source_trial import check_line, tell_of_trial
from service.errors import InvalidInput
from service.ingest.past import PastRead, PastState
from service.ingest.trial import Trial, try_source
from service.monitors import SaveChange, SourceDraft

_TURN_S = 1.0


@click.group()
def source() -> None:
    """Sources."""


@source.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice(sorted(kinds())), help="Asked for where it is left out.")
@click.option(
    "--set", "flags", multiple=True, metavar="KEY=VALUE", help="Repeat it for more; also in a list."
)
@click.option(
    "--settings-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A JSON object of settings; --set goes on top.",
)
@click.option("--secret", "asked", multiple=True, metavar="KEY", help="Asked for, not shown.")
@click.option(
    "--secret-file", "files", multiple=True, metavar="KEY=PATH", help="A secret kept in a file."
)
@click.option("--interval", "interval_s", default=300, show_default=True, help="Seconds.")
@click.option("--paused", is_flag=True, help="Make it, and pull it when it is resumed.")
@click.option(
    "--ask/--no-ask", default=None, help="Ask for what is missing; by default on a terminal."
)
@click.option(
    "--check/--no-check",
    default=None,
    help="Pull once to see whether it lets us in; by default where there are secrets.",
)
def add_source(
    name: str,
    kind: str | None,
    flags: tuple[str, ...],
    settings_file: Path | None,
    asked: tuple[str, ...],
    files: tuple[str, ...],
    interval_s: int,
    paused: bool,
    ask: bool | None,
    check: bool | None,
) -> None:
    """Add a source or change it, such as `source add news --kind rss --set url=https://…`.

    Secrets never stand on the command line, where others could read them.
    """
    asking = sys.stdin.isatty() if ask is None else ask
    if kind is None:
        if not asking:
            raise click.UsageError(f"--kind: give one of {', '.join(sorted(kinds()))}")
        kind = ask_kind()
    known = settings_of(kinds()[kind])
    try:
        settings = read_flags(flags, known, given=_read_object(settings_file))
        secrets = read_secrets(
            [*map(_read_file, files), *((key, ask_secret(key)) for key in asked)]
        )
    except BadFlag as error:
        raise click.UsageError(str(error)) from error
    if asking:
        ask_missing(known, settings, secrets)

    async def work() -> bool:
        async with opened(settings_of_environment()) as container:
            for attempt in range(TRIES):
                draft = SourceDraft(
                    id=name,
                    kind=kind,
                    name=name,
                    settings=settings,
                    secrets=secrets or None,
                    interval_s=interval_s,
                    enabled=not paused,
                )
                try:
                    change = (await container.sources.put(SYSTEM, draft)).change
                    break
                except InvalidInput as error:
                    last = attempt == TRIES - 1
                    if last or not asking or not ask_again(error, known, settings, secrets):
                        raise
            click.echo(f"{change.value} {name}")
            return await _checked(container, name, change, secrets, known, check=check)

    if not run(work()):
        sys.exit(1)


async def _checked(
    container: Container,
    name: str,
    change: SaveChange,
    secrets: dict[str, Any],
    known: dict[str, Setting],
    *,
    check: bool | None,
) -> bool:
    """Whether it let us in; what failed unasked is told, and the source is kept all the same."""
    wanted = bool(secrets) and change is not SaveChange.UNCHANGED if check is None else check
    if not wanted:
        return True
    trial = await _try(container, name)
    needs = [item.key for item in known.values() if item.secret]
    click.echo(check_line(name, trial, needs=needs), err=True)
    return trial.is_good or not check


@source.command("test")
@click.argument("name")
def test_source(name: str) -> None:
    """Pull a source once and show what came; nothing is stored and no cursor moves."""

    async def work() -> bool:
        async with opened(settings_of_environment()) as container:
            item = await container.sources.get(name)
            trial = await _try(container, name)
        tell_of_trial(trial, kind=kinds()[item.kind], interval_s=item.interval_s)
        return trial.is_good

    if not run(work()):
        sys.exit(1)


async def _try(container: Container, name: str) -> Trial:
    built = await container.sources.build(name)
    return await try_source(built, container.fetcher, monotonic=container.clock.monotonic)


@source.command("list")
def list_sources() -> None:
    """Every source with its kind, whether it is pulled, and how its last pull ended."""

    async def work() -> None:
        async with opened(settings_of_environment()) as container:
            for item in await container.sources.every():
                known = await container.checkpoints.load(item.id)
                outcome = None if known is None else known.last_outcome
                last = "never pulled" if outcome is None else outcome.value
                state = "on" if item.enabled else "paused"
                click.echo(f"{item.id}\t{item.kind}\t{state}\t{item.interval_s} s\t{last}")

    run(work())


@source.command("pause")
@click.argument("name")
def pause_source(name: str) -> None:
    """Pull a source no more; its cursor stays where it is."""
    _switch(name, enabled=False)


@source.command("resume")
@click.argument("name")
def resume_source(name: str) -> None:
    """Pull a source again, from where it was."""
    _switch(name, enabled=True)


def _switch(name: str, *, enabled: bool) -> None:
    async def work() -> None:
        async with opened(settings_of_environment()) as container:
            saved = await container.sources.switch(SYSTEM, name, enabled=enabled)
            click.echo(f"{saved.change.value} {name}")

    run(work())


@source.command("backfill")
@click.argument("name")
@click.option("--since", help="A day or an instant; without it, how far the last one has come.")
@click.option("--until", help="Before this day or instant; left out, up to now.")
@click.option("--here", is_flag=True, help="Read it in this process, and wait until it is done.")
@click.option("--stop", "stopping", is_flag=True, help="Stop the one that is running.")
def backfill_source(
    name: str, since: str | None, until: str | None, here: bool, stopping: bool
) -> None:
    """Read what a source published in the past, or show how far that is.

    Days begin in FENGSUI_TIMEZONE. Without --here, `fengsui serve` or `fengsui crawl` reads it.
    """
    settings = settings_of_environment()

    async def work() -> bool:
        async with opened(settings) as container:
            desk = container.source_backfill
            if stopping:
                past = await desk.stop(SYSTEM, name)
            elif since is None:
                past = await desk.progress(name)
            else:
                past = await desk.begin(
                    SYSTEM,
                    name,
                    since=read_instant("--since", since, settings.zone),
                    until=None if until is None else read_instant("--until", until, settings.zone),
                )
            while here and past.state is PastState.RUNNING:
                at = await desk.next_at()
                if at is None or at <= container.clock.now():
                    await desk.run(container.clock.now())
                    past = await desk.progress(name)
                    click.echo(_progress_line(past), err=True)
                else:
                    await container.clock.sleep(_TURN_S)
        click.echo(_progress_line(past))
        return past.state is not PastState.FAILED

    if not run(work()):
        sys.exit(1)


def _progress_line(past: PastRead) -> str:
    why = "" if past.reason is None else f": {past.reason}"
    return (
        f"{past.state.value} {past.source_id} {past.share:.0%}, {past.pages} pages, "
        f"{past.posts} posts, {past.stored} new{why}"
    )


def _read_object(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise click.UsageError(f"--settings-file {path}: is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise click.UsageError(f"--settings-file {path}: give a JSON object")
    return found


def _read_file(pair: str) -> tuple[str, str]:
    key, equals, path = pair.partition("=")
    if not equals or not key or not path:
        raise BadFlag(f"--secret-file {key}: give KEY=PATH")
    return key, Path(path).read_text(encoding="utf-8").strip()
