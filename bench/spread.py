"""Copies and spread: near-duplicates, coordination, size of cascades, speed, memory.

    python -m bench.spread [--data ../shared/data] [--each 400] [--posts 1000000] [--seed 11]

Takes about four minutes on one core, most of them for the million posts. Precision and F1 of a
kind of edit are at as many negatives as positives, the false share being the mean of the kinds of
negatives. Campaigns are synthetic: nobody has labelled real ones for us.
"""

from __future__ import annotations

import argparse
import gzip
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean, median

import orjson

from bench.memory import resident
from bench.spread_campaigns import CAMPAIGNS, ordinary_pasting, shared
from bench.spread_pairs import Pair, is_different, negatives, positives
from bench.spread_simhash import were_copies
from nlp import copy_key, is_copy, normalize
from nlp.spread.coordination import judge_coordination
from nlp.spread.groups import CopyStream
from nlp.spread.growth import WINDOWS
from nlp.training.cascade import FEWEST, compared
from nlp.training.cascade_rows import GrownCascade, large_enough, read_cascades

SUSPICIOUS = 0.5
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_COPIES = 0.3
_POINTS = 10
_CROWD, _EVERY = 36_000, 20


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.spread", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("..") / "shared" / "data")
    parser.add_argument("--each", type=int, default=400)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=11)
    given = parser.parse_args(arguments)
    with gzip.open(given.data / "topics" / "weibo_2020.jsonl.gz", "rt", encoding="utf-8") as file:
        posts = [orjson.loads(line)["text"] for line in file]
    _print_pairs(posts, each=given.each, seed=given.seed)
    cascades = read_cascades(given.data)
    _print_coordination(cascades, seed=given.seed)
    _print_sizes(cascades)
    _print_stream(posts, count=given.posts, seed=given.seed)


def are_copies(left: str, right: str) -> bool:
    """By the keys that are stored."""
    return is_copy(copy_key(normalize(left).text), copy_key(normalize(right).text))


def _print_pairs(posts: Sequence[str], *, each: int, seed: int) -> None:
    alike = positives(posts, each=each, seed=seed)
    apart = negatives(posts, each=each, seed=seed)
    schemes: tuple[Callable[[str, str], bool], ...] = (are_copies, were_copies)
    false = [{kind: _share(pairs, scheme) for kind, pairs in apart.items()} for scheme in schemes]
    print(f"\n{'negatives':28} {'pairs':>5} {'false':>7} {'before':>7}")
    for kind, pairs in apart.items():
        print(f"{kind:28} {len(pairs):5} {false[0][kind]:7.2%} {false[1][kind]:7.2%}")
    print(f"\n{'copies by':28} {'pairs':>5} {'recall':>7} {'prec.':>6} {'F1':>6} {'F1 before':>9}")
    recalls: list[list[float]] = [[], []]
    for kind, pairs in alike.items():
        found = [_share(pairs, scheme) for scheme in schemes]
        for column, recall in zip(recalls, found, strict=True):
            column.append(recall)
        _print_found(kind, len(pairs), found, false)
    _print_found("all", sum(map(len, alike.values())), [mean(one) for one in recalls], false)
    _print_crowd(posts, seed=seed)


def _print_crowd(posts: Sequence[str], *, seed: int) -> None:
    """Near copies among posts on one subject that are none by their letters."""
    normals = [normalize(post).text for post in random.Random(seed).sample(posts, k=_CROWD)]
    keys = [copy_key(normal) for normal in normals]
    holders: dict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        for band in key.bands:
            holders[band].append(place)
    asked, met, wrong = range(0, _CROWD, _EVERY), 0, 0
    for place in asked:
        near = {other for band in keys[place].bands for other in holders[band]}
        copies = [other for other in near - {place} if is_copy(keys[place], keys[other])]
        met += bool(copies)
        wrong += any(is_different(normals[place], normals[other]) for other in copies)
    print(
        f"\namong {_CROWD:,} posts, of {len(asked):,} asked: {met / len(asked):.2%} meet copies,"
        f" {wrong / len(asked):.2%} one that shares less than half"
    )


def _print_found(
    kind: str, pairs: int, recalls: Sequence[float], false: Sequence[dict[str, float]]
) -> None:
    precision, now = _precision_and_f1(recalls[0], mean(false[0].values()))
    _, before = _precision_and_f1(recalls[1], mean(false[1].values()))
    print(f"{kind:28} {pairs:5} {recalls[0]:7.1%} {precision:6.3f} {now:6.3f} {before:9.3f}")


def _precision_and_f1(recall: float, false: float) -> tuple[float, float]:
    if recall == 0:
        return 0.0, 0.0
    precision = recall / (recall + false)
    return precision, 2 * precision * recall / (precision + recall)


def _share(pairs: Sequence[Pair], scheme: Callable[[str, str], bool]) -> float:
    return mean(scheme(one, other) for one, other in pairs)


def _print_coordination(cascades: Sequence[GrownCascade], *, seed: int) -> None:
    draw = random.Random(seed)
    kinds = {name: [make(draw) for _ in range(100)] for name, make in CAMPAIGNS.items()}
    kinds["ordinary people paste it, 2 days"] = [ordinary_pasting(draw) for _ in range(100)]
    for name, window in (("first hour", WINDOWS[-1]), ("whole", timedelta.max)):
        kinds[f"real cascade, {name}"] = [shared(one, window=window) for one in cascades]
    print(f"\n{'coordination of':34} groups median  least   most  >= {SUSPICIOUS}")
    for name, groups in kinds.items():
        scores = [judge_coordination(group).score for group in groups]
        high = mean(score >= SUSPICIOUS for score in scores)
        print(
            f"{name:34} {len(scores):6} {median(scores):6.2f} {min(scores):6.2f}"
            f" {max(scores):6.2f} {high:7.1%}"
        )


def _print_sizes(cascades: Sequence[GrownCascade]) -> None:
    print(
        f"\n{'final size by':22} {'cascades':>8}  {'median error':20} {'Kendall tau':19} within x2"
    )
    for window in WINDOWS:
        known = large_enough(cascades, window=window, fewest=FEWEST)
        for name, found in compared(known, window).items():
            cells = [
                f"{one.value:5.2f} ({one.low:5.2f}-{one.high:4.2f})"
                for one in (found.error, found.order, found.twofold)
            ]
            label = f"{name}, {window // timedelta(minutes=1)} min"
            print(f"{label:22} {found.cascades:8}  {'  '.join(cells)}")


def _print_stream(posts: Sequence[str], *, count: int, seed: int) -> None:
    """Real posts multiplied by small edits, five a second, as a stream."""
    draw = random.Random(seed)
    stream = CopyStream()
    print(f"\n{'posts':>9} {'groups':>7} {'MiB':>6} {'posts/s, one core':>18}")
    spent = 0.0
    for number in range(count):
        text = draw.choice(posts)
        if draw.random() > _COPIES:
            text = f"{draw.choice(posts)[:12]}{number}{text[:100]}"
        before = time.process_time()
        key = copy_key(normalize(text).text)
        stream.add(str(number), key=key, at=_BEGAN + timedelta(seconds=number / 5))
        spent += time.process_time() - before
        if (number + 1) % max(1, count // _POINTS) == 0:
            speed = (number + 1) / spent
            print(f"{number + 1:9,} {len(stream):7,} {resident().now:6.0f} {speed:18,.0f}")


if __name__ == "__main__":
    main()
