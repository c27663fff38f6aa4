"""How early and how quietly a crisis is found: real cascades in the usual talk about a brand.

    python -m bench.detection --data DIR [--cascades 20] [--seed 1] [--posts-a-day 150] [--each 10]

Streams of `--each` cascades are replayed through the whole service under the shipped rules and one
monitor, `--config` those of its own. An incident that opens within a day of a cascade's first post
answers it; one that answers none is false.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.mixed_streams import Cascade, Mixed, mixed
from service.log import configure_logging
from service.replay import replay_stream
from service.settings import LogFormat, LogLevel

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was found of one cascade; `share` of it was there when the incident opened."""

    cascade: Cascade
    delay: timedelta | None = None
    share: float | None = None
    incident: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The answers to the cascades of a stream, and the incidents that answer none."""

    answers: tuple[Answer, ...]
    false: tuple[datetime, ...]
    weeks: float


def judge(stream: Mixed, incidents: Sequence[Any]) -> Judged:
    """Sort the crises of a replay's answer by the cascades they answer."""
    opened = sorted(
        (datetime.fromisoformat(one["opened_at"]), number)
        for number, one in enumerate(incidents)
        if one["kind"] == "crisis"
    )
    answered: dict[str, tuple[datetime, int]] = {}
    false = []
    for at, number in opened:
        cascade = _behind(stream, at)
        if cascade is None:
            false.append(at)
        else:
            answered.setdefault(cascade.name, (at, number))
    answers = []
    for cascade in stream.cascades:
        if cascade.name not in answered:
            answers.append(Answer(cascade=cascade))
            continue
        at, number = answered[cascade.name]
        answers.append(
            Answer(
                cascade=cascade,
                delay=at - cascade.first,
                share=cascade.seen_by(at),
                incident=f"{incidents[number]['scenario']} {incidents[number]['tier']}",
            )
        )
    span = stream.stream.end - stream.stream.start
    return Judged(tuple(answers), tuple(false), span / timedelta(weeks=1))


def _behind(stream: Mixed, at: datetime) -> Cascade | None:
    """The cascade that filled the hour before an instant; None where most posts are background."""
    posts = sum(at - HOUR < post.published_at <= at for post in stream.stream.posts)
    brought = [
        (sum(at - HOUR < one <= at for one in cascade.instants), place)
        for place, cascade in enumerate(stream.cascades)
    ]
    most, place = max(brought)
    return stream.cascades[place] if most and 2 * most >= posts else None


def table(judged: Sequence[Judged]) -> str:
    """Every cascade on a line, and the three figures that are promised."""
    answers = [answer for one in judged for answer in one.answers]
    found = [answer for answer in answers if answer.share is not None]
    weeks = sum(one.weeks for one in judged)
    false = sum(len(one.false) for one in judged)
    lines = [f"{'cascade':<16} {'posts':>6} {'minutes':>8} {'share':>6}  incident"]
    for answer in answers:
        minutes = "" if answer.delay is None else f"{answer.delay / timedelta(minutes=1):.0f}"
        share = "missed" if answer.share is None else f"{answer.share:.1%}"
        lines.append(
            f"{answer.cascade.name:<16} {answer.cascade.size:>6} {minutes:>8} {share:>6}  "
            f"{answer.incident}"
        )
    for one in judged:
        lines += [f"false            {at:%Y-%m-%d %H:%M}" for at in one.false]
    middle = (
        statistics.median(answer.share for answer in found if answer.share is not None)
        if found
        else float("nan")
    )
    lines.append(
        f"\n{len(found)} of {len(answers)} found, at {middle:.1%} of their final size (median of "
        f"those found); {false} false incidents in {weeks:.1f} weeks, {false / weeks:.2f} a week"
    )
    return "\n".join(lines)


async def replayed(stream: Mixed, config: Path | None) -> Judged:
    answer = await replay_stream(stream.stream, config=config)
    return judge(stream, answer["incidents"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cascades", type=int, default=20)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--posts-a-day", type=int, default=150)
    parser.add_argument("--config", type=Path)
    arguments = parser.parse_args()
    configure_logging(log_format=LogFormat.CONSOLE, level=LogLevel.ERROR)
    files = sorted((arguments.data / "streams" / "cascades").glob("*.jsonl.gz"))
    files = random.Random(arguments.seed).sample(files, arguments.cascades)
    corpus = arguments.data / "topics" / "weibo_2020.jsonl.gz"
    judged = []
    for first in range(0, len(files), arguments.each):
        stream = mixed(
            corpus,
            files[first : first + arguments.each],
            posts_a_day=arguments.posts_a_day,
            seed=arguments.seed * 1000 + first,
        )
        judged.append(asyncio.run(replayed(stream, arguments.config)))
        print(table(judged), flush=True)


if __name__ == "__main__":
    main()
