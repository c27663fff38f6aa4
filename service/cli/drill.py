"""`fengsui drill`: a recorded crisis for practice, and the score sheet of the team."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click
import orjson

from service.auth import SYSTEM
from service.bootstrap import Container, build
from service.bootstrap.drilling import Tell, bundled_tape, stream_tape
from service.cli.drill_shown import print_drill
from service.cli.opening import opened, run, settings_of_environment
from service.demo import config_path, drill_script_path, stream_path
from service.drill import GOING_ON, TAIL, Drill, Tape, drill_view, read_script
from service.log import configure_logging
from service.replay import configure, drill_virtually, read_stream
from service.settings import LogLevel, Settings

_STEPS = 10
_POLL_S = 5.0
_NEWEST = "latest"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Played:
    """What is played, and how it is watched; `stream` None is the bundled one."""

    stream: Path | None
    config: Path | None
    tail: timedelta

    @property
    def name(self) -> str:
        return (self.stream or stream_path()).name


@click.command()
@click.argument("stream", required=False, type=_FILE)
@click.option("--virtual", is_flag=True, help="In seconds, with a script of acts; the default.")
@click.option("--speed", type=float, help="Live, into this installation's queue: 1 as it was.")
@click.option("--script", "script_path", type=_FILE, help="YAML of who does what, for --virtual.")
@click.option(
    "--config",
    type=click.Path(exists=True, path_type=Path),
    help="YAML of `apply`, for a STREAM: brands, monitors, rules in force.",
)
@click.option("--monitor", help="Live: whose incidents they are; without it, as in the stream.")
@click.option(
    "--hours",
    type=click.FloatRange(0.1, 14 * 24),
    default=TAIL.total_seconds() / 3600,
    show_default=True,
    help="It ends so long after detection's last move.",
)
@click.option("--show", help="The score sheet of a drill by its id, or `latest`.")
@click.option("--stop", help="Stop a drill by its id, or `latest`.")
@click.option("--clear", help="Delete the incidents of an ended drill by its id, or `latest`.")
@click.option("--yes", is_flag=True, help="Do not ask before --clear deletes.")
@click.option("--json", "as_json", is_flag=True, help="The whole answer as one JSON object.")
def drill(
    stream: Path | None,
    virtual: bool,
    speed: float | None,
    script_path: Path | None,
    config: Path | None,
    monitor: str | None,
    hours: float,
    show: str | None,
    stop: str | None,
    clear: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Play STREAM (JSONL, plain or gzip; the bundled crisis without one) as a drill.

    With --speed it goes into the queue of this installation, whose service must be running: its
    incidents are marked as drills, only channels for drills are paged, and people work them as
    they would a real one. Else it is over in seconds, worked by a script, and touches nothing.
    """
    said = [
        name for name, given in (("--show", show), ("--stop", stop), ("--clear", clear)) if given
    ]
    if virtual and speed is not None:
        raise click.UsageError("--virtual has no speed: leave one of the two out")
    if len(said) > 1 or (said and (stream is not None or speed is not None or virtual)):
        raise click.UsageError("--show, --stop and --clear each stand alone")
    if script_path is not None and speed is not None:
        raise click.UsageError("--script is for --virtual; live, people act")
    if monitor is not None and speed is None:
        raise click.UsageError("--monitor is for a live drill: give --speed too")
    if config is not None and stream is None:
        raise click.UsageError("--config belongs to a STREAM; the bundled one has its own")
    settings = settings_of_environment()
    configure_logging(log_format=settings.log_format, level=LogLevel.ERROR)
    show_answer = partial(_show, as_json=as_json)
    if show is not None:
        show_answer(run(_shown(settings, show)))
    elif stop is not None:
        show_answer(run(_stopped(settings, stop)))
    elif clear is not None:
        _clear(settings, clear, yes=yes)
    else:
        played = _Played(stream=stream, config=config, tail=timedelta(hours=hours))
        if speed is None:
            show_answer(run(_virtual(settings, played, script_path or drill_script_path())))
        else:
            _live(settings, played, speed=speed, monitor=monitor, show_answer=show_answer)


async def _virtual(settings: Settings, played: _Played, script_path: Path) -> Mapping[str, Any]:
    script = read_script(script_path)
    tape = await _tape(settings, played)
    config = config_path() if played.stream is None else played.config
    answer = await drill_virtually(
        tape, script, stream=played.name, config=config, tail=played.tail
    )
    if answer["refused"]:
        click.echo(f"{len(answer['refused'])} acts of the script were refused", err=True)
    return answer


def _live(
    settings: Settings,
    played: _Played,
    *,
    speed: float,
    monitor: str | None,
    show_answer: Callable[[Mapping[str, Any]], None],
) -> None:
    begun = run(_begin(settings, played, speed=speed, monitor=monitor))
    click.echo(f"drill {begun.id} is on; `fengsui drill --stop {begun.id}` ends it", err=True)
    if not begun.channels:
        click.echo("no channel is for drills: nobody is paged", err=True)
    try:
        show_answer(run(_until_over(settings, begun.id)))
    except KeyboardInterrupt:
        click.echo(f"it goes on; `fengsui drill --show {begun.id}` has the score sheet", err=True)


async def _begin(
    settings: Settings, played: _Played, *, speed: float, monitor: str | None
) -> Drill:
    tape = await _tape(settings, played)
    async with opened(settings) as container:
        return await container.drills.begin(
            SYSTEM,
            stream=played.name,
            speed=speed,
            monitor=monitor,
            tail=played.tail,
            tape=tape,
        )


async def _until_over(settings: Settings, drill_id: str) -> Mapping[str, Any]:
    async with opened(settings) as container:
        found = await container.drills.get(SYSTEM, drill_id)
        while found.state in GOING_ON:
            # The service plays it, in another process: the database is all that tells.
            await container.clock.sleep(_POLL_S)
            found = await container.drills.get(SYSTEM, drill_id)
    return drill_view(found)


async def _tape(settings: Settings, played: _Played) -> Tape:
    tell = _teller()
    if played.stream is None:
        return await bundled_tape(settings, build=build, tell=tell)
    return await stream_tape(
        read_stream(played.stream).posts,
        settings=settings,
        build=build,
        configure=lambda container: configure(container, played.config),
        tell=tell,
    )


async def _shown(settings: Settings, wanted: str) -> Mapping[str, Any]:
    async with opened(settings) as container:
        found = await _find(container, wanted)
        return drill_view(found, await container.drills.sheet(SYSTEM, found.id))


async def _stopped(settings: Settings, wanted: str) -> Mapping[str, Any]:
    async with opened(settings) as container:
        found = await _find(container, wanted)
        return drill_view(await container.drills.stop(SYSTEM, found.id))


def _clear(settings: Settings, wanted: str, *, yes: bool) -> None:
    """Asks first; the audit trail and the score sheet stay."""

    async def look() -> Drill:
        async with opened(settings) as container:
            return await _find(container, wanted)

    async def clear(drill_id: str) -> int:
        async with opened(settings) as container:
            return await container.drills.clear(SYSTEM, drill_id)

    found = run(look())
    if not yes:
        count = len(found.incidents)
        click.confirm(f"delete the {count} incidents of drill {found.id}?", abort=True, err=True)
    click.echo(f"{run(clear(found.id))} incidents of drill {found.id} deleted; its sheet stays")


async def _find(container: Container, wanted: str) -> Drill:
    if wanted == _NEWEST:
        return await container.drills.latest(SYSTEM)
    return await container.drills.get(SYSTEM, wanted)


def _show(answer: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(orjson.dumps(answer).decode())
    else:
        print_drill(answer)


def _teller() -> Tell:
    """A line on stderr for every tenth of each stage."""
    told: dict[str, int] = {}

    def tell(stage: str, done: int, of: int) -> None:
        part = done * _STEPS // max(1, of)
        if told.get(stage, -1) < part:
            told[stage] = part
            click.echo(f"{stage}: {done} of {of}", err=True)

    return tell
