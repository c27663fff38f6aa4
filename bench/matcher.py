"""The lexicon matcher against the raw automaton and a plain loop: speed, memory, time to build.

Run as `python -m bench.matcher POSTS.jsonl.gz [COUNT [LEXICON_FOLDER]]`; the lines hold a `text`.
Speeds are of one thread's CPU time, the best of three passes after a warm-up.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from ahocorasick_rs import AhoCorasick, MatchKind

from bench.analyzer import read_texts
from nlp import load_lexicon, normalize
from nlp.lexicon import MODERATION, Lexicon
from nlp.text.encodable import encodable

Answer = TypeVar("Answer")

BATCH = 256
LOOPED = 300
"""Posts for the plain loop, which is some hundred times slower."""


def main(arguments: Sequence[str]) -> None:
    """Prints a line a way of matching, then the cost of a build and the share of posts hit."""
    texts = read_texts(Path(arguments[0]), count=int(arguments[1]) if arguments[1:] else 5_000)
    lexicon = Lexicon.load(Path(arguments[2])) if arguments[2:] else load_lexicon()
    words = list(dict.fromkeys(entry.normal for entry in lexicon.entries))
    normals = [encodable(normalize(text).text) for text in texts]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    built, matcher = _timed(lambda: Lexicon(lexicon.entries))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    raw = AhoCorasick(words, matchkind=MatchKind.Standard)
    batches = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    ways: dict[str, tuple[Sequence[str], Callable[[], object]]] = {
        "raw automaton": (
            texts,
            lambda: [raw.find_matches_as_indexes(normal, True) for normal in normals],
        ),
        "post by post": (texts, lambda: [matcher.match(text) for text in texts]),
        f"batches of {BATCH}": (
            texts,
            lambda: [matcher.match_batch(batch) for batch in batches],
        ),
        "plain loop": (
            texts[:LOOPED],
            lambda: [[word for word in words if word in normal] for normal in normals[:LOOPED]],
        ),
    }
    print(f"{len(texts)} posts, {len(lexicon.entries)} entries")
    for name, (read, way) in ways.items():
        way()
        seconds = min(_timed(way)[0] for _ in range(3))
        size = sum(len(text.encode("utf-8", "surrogatepass")) for text in read)
        print(f"{name:16} {size / seconds / 1e6:8.2f} MB/s {len(read) / seconds:10,.0f} posts/s")
    print(f"build {built * 1_000:.0f} ms, {grown / 1024:.0f} MiB more")
    _print_shares(matcher, texts)


def _print_shares(matcher: Lexicon, texts: Sequence[str]) -> None:
    """Share of posts with a counted moderation hit, and with one found through a disguise only."""
    counted = [
        [hit.evasion for hit in hits if hit.suppressed_by is None and hit.category in MODERATION]
        for hits in matcher.match_batch(texts)
    ]
    hit = sum(map(bool, counted)) / len(texts)
    disguised = sum(bool(found) and None not in found for found in counted) / len(texts)
    print(f"moderation hits in {hit:.3%} of the posts, disguised ones only in {disguised:.3%}")


def _timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    before = time.process_time()
    answer = work()
    return time.process_time() - before, answer


if __name__ == "__main__":
    main(sys.argv[1:])
