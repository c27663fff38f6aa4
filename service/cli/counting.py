"""How far work without a known end has come, on one line of a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

_EVERY_S = 0.5


@contextmanager
def counting(
    done: str, *, unit: str, monotonic: Callable[[], float]
) -> Iterator[Callable[[int], None]]:
    """`count(n)` says that n more are done: `classified 1,200 lines, 310 a second` on stderr.

    Silent where stderr is no terminal. `monotonic` in seconds.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    started = monotonic()
    total = 0
    told: float | None = None

    def tell(now: float) -> None:
        nonlocal told
        told = now
        rate = total / max(now - started, 1e-3)
        line = f"\r{done} {total:,} {unit}, {rate:,.0f} a second\x1b[K"
        click.echo(line, file=sys.stderr, nl=False)

    def count(more: int) -> None:
        nonlocal total
        total += more
        now = monotonic()
        if told is None or now - told >= _EVERY_S:
            tell(now)

    try:
        yield count
    finally:
        tell(monotonic())
        click.echo(file=sys.stderr)
