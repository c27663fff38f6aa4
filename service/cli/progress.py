"""Progress of long work, on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from service.replay import Progress

_STEPS = 20


@contextmanager
def replay_progress(posts: int) -> Iterator[Callable[[Progress], None]]:
    """A bar on a terminal; elsewhere a line for every twentieth part."""
    if sys.stderr.isatty():
        latest: list[Progress] = []
        with click.progressbar(
            range(posts),
            label="replaying",
            file=sys.stderr,
            item_show_func=lambda _: f"{latest[-1].now:%Y-%m-%d %H:%M} UTC" if latest else "",
        ) as bar:

            def show(progress: Progress) -> None:
                done = latest[-1].posts if latest else 0
                latest[:] = [progress]
                bar.update(progress.posts - done, progress.posts)

            yield show
        return
    told = 0

    def tell(progress: Progress) -> None:
        nonlocal told
        part = progress.posts * _STEPS // max(1, progress.of)
        if part > told:
            told = part
            click.echo(
                f"replayed {progress.posts} of {progress.of} posts, "
                f"{progress.now:%Y-%m-%d %H:%M} UTC",
                err=True,
            )

    yield tell
