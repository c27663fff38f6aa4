"""`fengsui demo`: the bundled stream, shifted to end now, replayed; then it all goes on live."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import click

from crawlers import Post
from service.bootstrap import Container, build
from service.cli.opening import run
from service.cli.progress import replay_progress
from service.cli.replay import print_answer
from service.clock import SystemClock, VirtualClock
from service.demo import config_path, stream_path
from service.log import configure_logging
from service.replay import Replay, Stream, build_answer, configure, read_stream
from service.settings import LogLevel, Settings, load_settings

_PLACES = frozenset({"FENGSUI_DATABASE_URL_FILE"})
"""The variables that would name another database than the demo's own."""


@click.command()
@click.option("--once", is_flag=True, help="Exit after the replay instead of serving.")
def demo(once: bool) -> None:
    """Replay a bundled crisis of a fictional brand, print its incidents, serve API and console.

    Everything lives in the folder `demo` of the data directory, which is made anew each time.
    """
    settings = _demo_settings(load_settings(os.environ))
    configure_logging(log_format=settings.log_format, level=LogLevel.ERROR)
    run(_demo(settings, once=once))


def _demo_settings(settings: Settings) -> Settings:
    folder = settings.data_dir / "demo"
    return load_settings(
        {name: value for name, value in os.environ.items() if name not in _PLACES}
        | {
            "FENGSUI_DATA_DIR": str(folder),
            "FENGSUI_DATABASE_URL": f"sqlite:///{folder / 'state.db'}",
            "FENGSUI_POSTS_PATH": str(folder / "posts.db"),
        }
    )


async def _demo(settings: Settings, *, once: bool) -> None:
    shutil.rmtree(settings.data_dir, ignore_errors=True)
    settings.data_dir.mkdir(parents=True)
    stream = shifted(read_stream(stream_path()), end=SystemClock().now())
    clock = VirtualClock(stream.start)
    click.echo(
        f"replaying {len(stream.posts)} synthetic posts about the fictional brand 澄屿", err=True
    )
    container = await build(settings, clock=clock, virtual=True, random=lambda: 0.5)
    try:
        await configure(container, config_path())
        player = Replay(
            clock=clock,
            ingest=container.ingest,
            jobs=container.line,
            watches=(container.coverage_watch,),
            tail=timedelta(0),
        )
        with replay_progress(len(stream.posts)) as report:
            result = await player.run(stream, on_progress=report)
        sent = container.recorder.sent
        print_answer(
            await build_answer(
                container.database, stream, result, sent, coverage=container.coverage
            )
        )
    finally:
        await container.close()
    if once:
        return
    await _serve(settings)


async def _serve(settings: Settings) -> None:
    # The console's toolkit takes a second to import; `--once` need not wait for it.
    from service.app import serve_until_stopped

    container = await build(settings, clock=SystemClock())
    try:
        await announce_first_admin(container)
        click.echo(f"\nconsole: {settings.public_url}/console", err=True)
        await serve_until_stopped(container)
    finally:
        await container.close()


async def announce_first_admin(container: Container) -> None:
    """Make the first account of an installation and print its one-time password, once."""
    made = await container.users.first_admin()
    if made is not None:
        click.echo(
            f"\nfirst account: {made.user.name}, one-time password: {made.password}\n"
            "it must be changed at the first sign-in",
            err=True,
        )


def shifted(stream: Stream, *, end: datetime) -> Stream:
    """The stream moved by whole minutes: its last post is at `end` or less than one before."""
    late = (end - stream.end).total_seconds()
    shift = timedelta(minutes=late // 60)

    def move(post: Post) -> Post:
        return replace(post, published_at=(post.published_at + shift).astimezone(UTC))

    return Stream(tuple(move(post) for post in stream.posts), stream.rejected)
