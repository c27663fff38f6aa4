"""Five real cascades in quiet talk, through `fengsui replay`, each incident with its explanation.

    python -m bench.five_cascades [--data ../shared/data] [--seed 7] [--posts-a-day 150]
        [--config DIR] [--keep STREAM.jsonl.gz]

The cascades are drawn by seed from `streams/cascades` and dropped into `topics/weibo_2020` as
`bench.detection` does. The stream is written as a file and replayed by the command itself, in a
process of its own. An incident is of the cascade that brought most posts of the hour before it
opened, of none where that is less than half: then it is false. A second incident of one cascade is
named as such. Takes about two minutes on one core.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from bench.mixed_streams import Cascade, Mixed, mixed
from crawlers import Post

COUNT = 5
_HOUR = timedelta(hours=1)
_TEXT = 60
_NEAREST = 2


def drawn(data: Path, *, seed: int, posts_a_day: int) -> Mixed:
    """The stream with five cascades."""
    files = sorted((data / "streams" / "cascades").glob("*.jsonl.gz"))
    return mixed(
        data / "topics" / "weibo_2020.jsonl.gz",
        random.Random(seed).sample(files, COUNT),
        posts_a_day=posts_a_day,
        seed=seed,
    )


def wire(post: Post) -> bytes:
    """The post as a line of a stream."""
    line: dict[str, Any] = {
        "source": post.source,
        "native_id": post.native_id,
        "published_at": post.published_at.isoformat(),
        "text": post.text,
    }
    if post.author is not None:
        author = {"id": post.author.id, "name": post.author.name}
        line["author"] = author | {
            "followers": post.author.followers,
            "verified": post.author.verified,
        }
    if post.repost_of is not None:
        line["repost_of"] = post.repost_of
    return orjson.dumps(line)


def write(stream: Mixed, path: Path) -> None:
    """One line a post, by time; equal streams are equal bytes."""
    lines = b"".join(wire(post) + b"\n" for post in stream.stream.posts)
    path.write_bytes(gzip.compress(lines, compresslevel=6, mtime=0))


def replayed(path: Path, config: Path | None) -> dict[str, Any]:
    """The answer of `fengsui replay STREAM --json`. Raises CalledProcessError when it fails."""
    command = [sys.executable, "-m", "service", "replay", str(path), "--json"]
    if config is not None:
        command += ["--config", str(config)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def cascade_of(stream: Mixed, opened: datetime) -> Cascade | None:
    """The cascade that brought at least half of the hour before an incident opened."""
    hour = sum(opened - _HOUR < post.published_at <= opened for post in stream.stream.posts)
    most, place = max(
        (sum(opened - _HOUR < at <= opened for at in cascade.instants), place)
        for place, cascade in enumerate(stream.cascades)
    )
    return stream.cascades[place] if most and 2 * most >= hour else None


def report(stream: Mixed, incidents: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Every crisis with its explanation and its cascade, then what was missed and what is false."""
    texts = {post.key.id: post.text for post in stream.stream.posts}
    found: dict[str, int] = {}
    false = 0
    crises = [one for one in incidents if one["kind"] == "crisis"]
    for number, incident in enumerate(sorted(crises, key=lambda one: str(one["opened_at"])), 1):
        opened = datetime.fromisoformat(incident["opened_at"])
        cascade = cascade_of(stream, opened)
        if cascade is None:
            false += 1
            of = "FALSE: most posts of the hour are background"
        else:
            again = found.get(cascade.name, 0)
            found[cascade.name] = again + 1
            minutes = (opened - cascade.first) / timedelta(minutes=1)
            of = (
                f"cascade {cascade.name} of {cascade.size} posts, {minutes:.0f} min after its first"
                f" post, {cascade.seen_by(opened):.1%} of it there"
            )
            if again:
                of += f"; incident {again + 1} of this cascade"
        yield f"\n{number}. {incident['tier']} {incident['scenario']} · {incident['posts']} posts"
        yield f"   is {of}"
        yield f"   opened {incident['opened_at']}, first post {incident['first_post_at']}"
        for change in incident["tiers"]:
            yield from _tier(change, texts)
    for one in stream.cascades:
        if one.name not in found:
            yield f"\nMISSED {one.name}: {one.size} posts from {one.first:%Y-%m-%d %H:%M} UTC"
    others = [one for one in incidents if one["kind"] != "crisis"]
    for other in others:
        yield f"\nbeside them: {other['kind']} {other['tier']} at {other['opened_at']}"
    span = (stream.stream.end - stream.stream.start) / timedelta(weeks=1)
    yield (
        f"\n{len(found)} of {len(stream.cascades)} cascades found, {false} false, "
        f"{sum(found.values()) - len(found)} more of a cascade that had one, "
        f"{len(others)} of other kinds, in {span:.1f} weeks"
    )


def _tier(change: Mapping[str, Any], texts: Mapping[str, str]) -> Iterator[str]:
    yield f"   {change['at']} {change['tier']} because"
    for reason in change["reasons"]:
        yield f"     {reason['clause']}: {_number(reason['value'])}"
    said = change["explanation"]
    if said is None:
        yield "     no explanation: a person decided"
        return
    following = said["next"]
    if following is None:
        yield "     no tier above"
    else:
        for rule in following["rules"][:_NEAREST]:
            gaps = ", ".join(
                f"{gap['clause']} now {_number(gap['value'])}" for gap in rule["missing"]
            )
            yield f"     {following['tier']} would take {rule['rule']}: {gaps}"
    for name in ("posts", "negative"):
        base = said["baseline"][name]
        hours = base["hours"][-6:]
        yield (
            f"     baseline of {name}: {_number(base['seen'])} in the hour, expected "
            f"{_number(base['expected'])}, score {_number(base['score'])}, hours like it {hours}"
        )
    terms = [f"{term['term']} {term['posts']}/{term['background']}" for term in said["terms"] or ()]
    yield f"     new terms (posts/before): {', '.join(terms) or 'none'}"
    first = said["first_post"]
    yield f"     first post {first['at']}: {_short(texts.get(first['post'] or '', '?'))}"
    for one in said["spreaders"] or ():
        followers = "unknown" if one["followers"] is None else f"{one['followers']:,}"
        yield (
            f"     spreader {one['author'][:10]}: {one['below']} below, "
            f"{one['children']} directly, followers {followers}: "
            f"{_short(texts.get(one['post'], '?'))}"
        )
    origin = said["origin"]
    if origin is not None:
        yield (
            f"     most said text began {origin['at']}, {origin['posts_1h']} posts in the hour: "
            f"{_short(texts.get(origin['post'] or '', '?'))}"
        )
    copies = said["copies"]
    if copies is not None:
        sizes = [group["posts"] for group in copies["groups"]]
        yield f"     {copies['posts']} posts in {copies['distinct']} texts; copy groups {sizes}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TEXT else f"{line[:_TEXT]}…"


def _number(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.five_cascades", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--posts-a-day", type=int, default=150)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--keep", type=Path, help="where the stream is to stay")
    given = parser.parse_args(arguments)
    if not (given.data / "streams" / "cascades").is_dir():
        parser.error(f"{given.data} has no streams/cascades; name another --data")
    stream = drawn(given.data, seed=given.seed, posts_a_day=given.posts_a_day)
    with tempfile.TemporaryDirectory() as folder:
        path = given.keep or Path(folder) / "five.jsonl.gz"
        write(stream, path)
        print(f"{len(stream.stream.posts):,} posts, seed {given.seed}; cascades in order:")
        for one in stream.cascades:
            print(f"  {one.name}, {one.size} posts from {one.first:%Y-%m-%d %H:%M} UTC")
        for line in report(stream, replayed(path, given.config)["incidents"]):
            print(line)


if __name__ == "__main__":
    main()
