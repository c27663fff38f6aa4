"""Makes the bundled stream of the demo: `python -m service.demo.generate [--seed N] [OUT]`.

Everything in it is made up: the brand, the people, the town, the papers, the accident.
The same seed gives the same stream.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import click

from service.demo import stream_path
from service.demo.cast import Cast
from service.demo.crisis import BUCKET, BUCKETS, Crisis
from service.demo.draft import Draft, lines
from service.demo.hours import ZONE
from service.demo.ordinary import Ordinary
from service.demo.refund import refund_episode

SEED = 20260306
FIRST_DAY = date(2026, 3, 6)
DAYS = 5
REFUND_BEGINS = datetime.combine(FIRST_DAY + timedelta(days=2), time(20, 2), ZONE)
CRISIS_BEGINS = datetime.combine(FIRST_DAY + timedelta(days=4), time(14, 3, 20), ZONE)
ENDS = CRISIS_BEGINS + BUCKET * BUCKETS


def generate(seed: int = SEED) -> Iterator[str]:
    """The stream's JSON lines by time, for a seed."""
    yield from lines(_drafts(seed))


def packed(seed: int = SEED) -> bytes:
    """The stream as a gzip file without a time stamp, so that equal streams are equal bytes."""
    content = "".join(f"{line}\n" for line in generate(seed))
    return gzip.compress(content.encode("utf-8"), compresslevel=9, mtime=0)


def _drafts(seed: int) -> Iterator[Draft]:
    cast = Cast(_dice(seed, "cast"))
    ordinary = Ordinary(
        cast, _dice(seed, "ordinary"), cooled_from=CRISIS_BEGINS + timedelta(hours=1)
    )
    for number in range(DAYS):
        for draft in ordinary.day(FIRST_DAY + timedelta(days=number)):
            if draft.at < ENDS:
                yield draft
    yield from refund_episode(REFUND_BEGINS, cast=cast, rng=_dice(seed, "refund"))
    yield from Crisis(CRISIS_BEGINS, cast=cast, rng=_dice(seed, "crisis")).drafts()


def _dice(seed: int, part: str) -> Random:
    """Dice of one part, so that a new phrase in one leaves the others as they were."""
    return Random(f"{seed}:{part}")  # noqa: S311 - a reproducible play, not a secret


@click.command()
@click.option("--seed", default=SEED, show_default=True, help="What the dice start from.")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False), required=False)
def main(seed: int, out: Path | None) -> None:
    """Write the demo's stream to OUT, or over the bundled one."""
    target = out or stream_path()
    content = packed(seed)
    target.write_bytes(content)
    posts = gzip.decompress(content).count(b"\n")
    click.echo(f"{target}: {posts} posts, {len(content)} bytes", err=True)


if __name__ == "__main__":
    main()
