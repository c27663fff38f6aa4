"""How many disguised terms the shipped lexicon finds, technique by technique, and what it lets by.

    python -m bench.evasion [--each 300] [--seed 1] [--missed 0]

The cases are those of `tests.support.evasion_suite`; the innocent look-alikes are a table of the
tests. A case is found when its entry counts, alone or inside a longer one of its category.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from nlp import load_lexicon
from nlp.analysis import Hit
from nlp.lexicon import MODERATION
from tests.support.evasion_suite import Case, cases

INNOCENT = Path(__file__).parent.parent / "tests" / "nlp" / "evasion" / "innocent.tsv"


def is_found(case: Case, hits: Sequence[Hit]) -> bool:
    """Whether the entry of the case is among the hits and nothing but a longer one covers it."""
    return any(
        hit.entry_id == case.entry.id
        and (hit.suppressed_by is None or hit.suppressed_by.startswith("covered:"))
        for hit in hits
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints a line a technique, with its first misses if wanted, then the look-alikes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missed", type=int, default=0)
    given = parser.parse_args(arguments)
    lexicon = load_lexicon()
    made: dict[str, int] = defaultdict(int)
    missed: dict[str, list[str]] = defaultdict(list)
    for case in cases(lexicon.entries, each=given.each, seed=given.seed):
        made[case.technique] += 1
        if not is_found(case, lexicon.match(case.text)):
            missed[case.technique].append(f"{case.surface} for {case.entry.term}: {case.text}")
    for technique, count in made.items():
        print(f"{technique:22} {count:5} {1 - len(missed[technique]) / count:8.2%}")
        for line in missed[technique][: given.missed]:
            print(f"    {line!r}")
    lost = sum(map(len, missed.values()))
    print(f"{'all':22} {sum(made.values()):5} {1 - lost / sum(made.values()):8.2%}")
    lines = [line.split("\t")[1] for line in INNOCENT.read_text("utf-8").splitlines()[1:]]
    wrong = [
        text
        for text, hits in zip(lines, lexicon.match_batch(lines), strict=True)
        if any(hit.suppressed_by is None and hit.category in MODERATION for hit in hits)
    ]
    print(f"{'look-alikes passed':22} {len(lines):5} {1 - len(wrong) / len(lines):8.2%}")
    for text in wrong:
        print(f"    {text!r}")


if __name__ == "__main__":
    main()
