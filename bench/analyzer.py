"""Posts and megabytes per second of the analyser and its stages, one thread.

Run as `python -m bench.analyzer POSTS.jsonl.gz [COUNT]`; the lines hold a `text`.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from nlp import copy_key, detect_language, load_analyzer, load_lexicon, normalize
from nlp.sentiment import load_sentiment
from nlp.text import JiebaTokenizer


def read_texts(path: Path, *, count: int) -> list[str]:
    """The texts of the first `count` lines of a JSONL file, gzipped or not."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        return [json.loads(line)["text"] for line in islice(lines, count)]


def main(arguments: Sequence[str]) -> None:
    """Prints a line a stage: the best of three passes after a warm-up."""
    texts = read_texts(Path(arguments[0]), count=int(arguments[1]) if arguments[1:] else 5_000)
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
    normals = [normalize(text) for text in texts]
    tokenizer, lexicon, sentiment = JiebaTokenizer(), load_lexicon(), load_sentiment()
    stages: dict[str, Callable[[], object]] = {
        "normalize": lambda: [normalize(text) for text in texts],
        "language": lambda: [detect_language(normal.text) for normal in normals],
        "tokenize": lambda: [tokenizer.tokens(normal.text) for normal in normals],
        "copy_key": lambda: [copy_key(normal.text) for normal in normals],
        "lexicon": lambda: [lexicon.match(normal) for normal in normals],
        "sentiment": lambda: [sentiment.label(normal.text) for normal in normals],
    }
    analyzer = load_analyzer()
    stages["whole"] = lambda: analyzer.analyze_batch(texts)
    characters = sum(map(len, texts)) / len(texts)
    print(f"{len(texts)} posts of {characters:.0f} characters, {size / len(texts):.0f} bytes")
    for name, stage in stages.items():
        stage()
        seconds = min(_timed(stage) for _ in range(3))
        print(f"{name:10} {len(texts) / seconds:>10,.0f} posts/s {size / seconds / 1e6:>8.1f} MB/s")


def _timed(stage: Callable[[], object]) -> float:
    start = time.perf_counter()
    stage()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(sys.argv[1:])
