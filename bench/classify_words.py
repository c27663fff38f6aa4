"""How long one caller waits over HTTP for the lexicon alone.

    python -m bench.classify_words POSTS.jsonl.gz [--texts 2000] [--rounds 3] [--json FILE]

Starts `fengsui serve` on loopback and sends one post a request, one after another; the lines of
POSTS hold a `text`. Medians of the rounds; no text is sent twice.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from bench.analyzer import read_texts
from bench.classify_http import ask
from bench.http_figures import Case, NothingAnswered, Row, printed, row_of
from bench.http_load import Outcome
from bench.served import NoServer, Served, served

COMPONENTS = ("lexicon",)
TARGET_MS = 3.0
"""The 99th percentile."""
_WARM_UP = 200
_SETTINGS = {"FENGSUI_CLASSIFY_PER_MINUTE": "0", "FENGSUI_ENCODER": "lexical"}
"""No quota, as in the other figures; no model, which these requests would not reach anyway."""


def measure(send: Callable[[Sequence[str]], Outcome], texts: Sequence[str], *, rounds: int) -> Row:
    """The median row over as many parts of the texts. Raises NothingAnswered."""
    send(texts[:_WARM_UP])
    part = (len(texts) - _WARM_UP) // rounds
    rows = []
    for number in range(rounds):
        start = _WARM_UP + number * part
        chosen = texts[start : start + part]
        case = Case(name="1 caller, lexicon alone", callers=1, texts=len(chosen))
        rows.append(row_of(case, send(chosen), None))
        print(f"round {number + 1}", file=sys.stderr)
    return Row.median(rows)


def _ask(server: Served, texts: Sequence[str]) -> Outcome:
    return ask(server, texts, callers=1, items=1, components=COMPONENTS)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("posts", type=Path)
    parser.add_argument("--texts", type=int, default=2_000, help="in a round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    texts = read_texts(given.posts, count=_WARM_UP + given.texts * given.rounds)
    try:
        with served(_SETTINGS) as server:
            row = measure(partial(_ask, server), texts, rounds=given.rounds)
    except (NoServer, NothingAnswered) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    print(printed([row]))
    met = row.latency.p99 <= TARGET_MS
    said = "met" if met else "not met"
    print(f"p99 {row.latency.p99:.2f} ms; the target is {TARGET_MS:.0f}: {said}")
    if given.json:
        given.json.write_text(json.dumps(asdict(row), indent=1), "utf-8")


if __name__ == "__main__":
    main()
