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
        with click.progressbar(
            length=posts,
            label="replaying",
            file=sys.stderr,
            item_show_func=lambda progress: f"{progress.now:%Y-%m-%d %H:%M} UTC" if progress else "",
        ) as bar:
            done = 0

            def show(progress: Progress) -> None:
                nonlocal done
                bar.update(progress.posts - done, progress)
                done = progress.posts

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
