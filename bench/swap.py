"""How long a new version of the lexicon takes to be built and to be swapped in.

    python -m bench.swap [--entries 3000 --entries 100000] [--rounds 3] [--json FILE]

Entries are pairs of common words: nothing that anybody would look for, but of real lengths and
characters. While one thread builds, another matches a short text over and over, as a server would:
its slowest answer tells what callers feel.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice, product
from pathlib import Path
from threading import Event, Thread

from bench.memory import resident
from bench.timing import Latency
from nlp import load_lexicon
from nlp.lexicon import Entry, Lexicon, LiveLexicon
from nlp.lexicon.background import load_background

_TEXT = "在这家店买的衣服，洗了两次就起球，客服一直说再等等，真的很生气"
_SIZES = (3_000, 100_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapFigures:
    """Seconds to build (medians), microseconds to swap; milliseconds of a match meanwhile."""

    entries: int
    build_s: float
    build_cpu_s: float
    swap_us: float
    match_alone: Latency
    match_meanwhile: Latency
    slowest_meanwhile_ms: float
    resident_mib: float

    def __str__(self) -> str:
        return (
            f"{self.entries:>7} entries: built in {self.build_s:6.2f} s "
            f"({self.build_cpu_s:.2f} s of CPU), "
            f"swapped in {self.swap_us:4.1f} µs; a match takes "
            f"{self.match_alone.p50:.3f} ms, while building {self.match_meanwhile.p50:.3f} "
            f"(p99 {self.match_meanwhile.p99:.1f}, slowest {self.slowest_meanwhile_ms:.1f}); "
            f"{self.resident_mib:.0f} MiB"
        )


def made(count: int) -> tuple[Entry, ...]:
    """So many entries of two words each."""
    words = [word for word in load_background().counts if len(word) == 2][:1_000]
    pattern = load_lexicon().entries[0]
    return tuple(
        replace(pattern, id=f"lex_{place}", term=term, normal=term)
        for place, term in enumerate(islice(map("".join, product(words, words)), count))
    )


def measured(count: int, *, rounds: int) -> SwapFigures:
    """The figures of one size."""
    entries = made(count)
    live = LiveLexicon(load_lexicon())
    alone = _matching(live, Event(), most=2_000)
    runs = [_swap(live, entries) for _ in range(rounds)]
    meanwhile = [seconds for run in runs for seconds in run.matches]
    return SwapFigures(
        entries=count,
        build_s=statistics.median(run.build_s for run in runs),
        build_cpu_s=statistics.median(run.build_cpu_s for run in runs),
        swap_us=1e6 * statistics.median(run.swap_s for run in runs),
        match_alone=Latency.of(alone),
        match_meanwhile=Latency.of(meanwhile),
        slowest_meanwhile_ms=1e3 * max(meanwhile),
        resident_mib=resident().now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Swap:
    """One build and swap, and the seconds of each match meanwhile."""

    build_s: float
    build_cpu_s: float
    swap_s: float
    matches: Sequence[float]


def _swap(live: LiveLexicon, entries: tuple[Entry, ...]) -> _Swap:
    done = Event()
    matches: list[float] = []
    matching = Thread(target=lambda: matches.extend(_matching(live, done)))
    matching.start()
    started, cpu = time.perf_counter(), time.thread_time()
    lexicon = Lexicon(entries)
    built, cpu = time.perf_counter(), time.thread_time() - cpu
    live.swap(lexicon)
    swapped = time.perf_counter()
    done.set()
    matching.join()
    live.swap(load_lexicon())
    return _Swap(build_s=built - started, build_cpu_s=cpu, swap_s=swapped - built, matches=matches)


def _matching(live: LiveLexicon, done: Event, *, most: int = 10**9) -> list[float]:
    """Seconds of each match until `done`, or so many."""
    seconds: list[float] = []
    while not done.is_set() and len(seconds) < most:
        started = time.perf_counter()
        live.current.match(_TEXT)
        seconds.append(time.perf_counter() - started)
        time.sleep(0.001)
    return seconds


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, action="append")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    figures = []
    for count in given.entries or _SIZES:
        figures.append(measured(count, rounds=given.rounds))
        print(figures[-1])
    if given.json:
        given.json.write_text(json.dumps([asdict(item) for item in figures], indent=1), "utf-8")


if __name__ == "__main__":
    main()
