"""How much is passed and blocked without a person, and how often that is right.

    python -m bench.decision_figures [--set DIR] [--model DIR] [--every-component] [--errors tune]
        [--json FILE]

The labelled set of `bench/decisions` goes through the classify code with the default policy. Of
texts whose gold is pass or block, an automatic decision is right or wrong, and a review is neither.
Texts whose gold is review count apart: nobody is right to decide them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bench.decision_rows import DEFAULT_SET, Row, Split, read_set
from bench.shipped import analyzer_over, shipped_backend
from nlp import Analysis, NlpError
from service.moderation import ClassifyItem, Suggestion, answer_of
from service.moderation.item import COMPONENTS
from service.moderation.quality.precision import wilson_interval


class Outcome(StrEnum):
    """What a decision was worth."""

    RIGHT = "right"
    WRONG_PASS = "wrong pass"
    WRONG_BLOCK = "wrong block"
    LEFT_OPEN = "left to a person"
    """Gold is pass or block, and a person was asked."""
    FOR_A_PERSON = "for a person"
    """Gold is review, and a person was asked."""
    OVER_A_PERSON = "decided without a person"
    """Gold is review, and nobody was asked."""


_WRONG = (Outcome.WRONG_PASS, Outcome.WRONG_BLOCK, Outcome.LEFT_OPEN, Outcome.OVER_A_PERSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was said of a row; `labels` are `label/source`."""

    row: Row
    said: Suggestion
    labels: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        if self.row.gold is Suggestion.REVIEW:
            asked = self.said is Suggestion.REVIEW
            return Outcome.FOR_A_PERSON if asked else Outcome.OVER_A_PERSON
        if self.said is Suggestion.REVIEW:
            return Outcome.LEFT_OPEN
        if self.said is self.row.gold:
            return Outcome.RIGHT
        return Outcome.WRONG_PASS if self.said is Suggestion.PASS else Outcome.WRONG_BLOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Counts and shares over some rows; `low` and `high` are Wilson's 95 % around `accuracy`.

    `accuracy` is None where nothing was decided. `strict` counts every decision on a text that a
    person must see as wrong too.
    """

    rows: int
    automatic: int
    right: int
    wrong_passes: int
    wrong_blocks: int
    left_open: int
    for_a_person: int
    over_a_person: int
    accuracy: float | None
    low: float
    high: float
    strict: float | None

    @property
    def decidable(self) -> int:
        """Rows whose gold is pass or block."""
        return self.automatic + self.left_open


def figures(decisions: Iterable[Decision]) -> Figures:
    """The figures of these decisions together."""
    count = Counter(decision.outcome for decision in decisions)
    right, wrong = count[Outcome.RIGHT], count[Outcome.WRONG_PASS] + count[Outcome.WRONG_BLOCK]
    low, high = wilson_interval(right, right + wrong)
    return Figures(
        rows=count.total(),
        automatic=right + wrong,
        right=right,
        wrong_passes=count[Outcome.WRONG_PASS],
        wrong_blocks=count[Outcome.WRONG_BLOCK],
        left_open=count[Outcome.LEFT_OPEN],
        for_a_person=count[Outcome.FOR_A_PERSON],
        over_a_person=count[Outcome.OVER_A_PERSON],
        accuracy=_share(right, right + wrong),
        low=low,
        high=high,
        strict=_share(right, right + wrong + count[Outcome.OVER_A_PERSON]),
    )


def by(decisions: Iterable[Decision], key: Callable[[Row], str]) -> dict[str, Figures]:
    """The figures of each group, by name."""
    groups: dict[str, list[Decision]] = {}
    for decision in decisions:
        groups.setdefault(key(decision.row), []).append(decision)
    return {name: figures(group) for name, group in sorted(groups.items())}


def confusion(decisions: Iterable[Decision]) -> dict[str, dict[str, int]]:
    """Rows by gold, then by what was said, in the order pass, review, block."""
    count = Counter((decision.row.gold, decision.said) for decision in decisions)
    return {gold: {said: count[gold, said] for said in Suggestion} for gold in Suggestion}


def components_of(analyses: Iterable[Analysis]) -> tuple[str, ...]:
    """The components that no analysis lacks."""
    missing = {name for analysis in analyses for name in analysis.degraded}
    return tuple(name for name in COMPONENTS if name not in missing)


def decided(
    rows: Sequence[Row], analyses: Sequence[Analysis], components: tuple[str, ...] | None
) -> list[Decision]:
    """What the classify code answers when it is asked for these components; None is all of them."""
    decisions = []
    for row, analysis in zip(rows, analyses, strict=True):
        item = ClassifyItem(text=row.text, id=row.id, kind=row.kind, components=components)
        answer = answer_of(item, analysis)
        labels = tuple(f"{label['label']}/{label['source']}" for label in answer["labels"])
        said = Suggestion(answer["suggestion"])
        decisions.append(Decision(row=row, said=said, labels=labels))
    return decisions


def printed(decisions: Sequence[Decision]) -> str:
    """Every table for a person."""
    halves = by(decisions, lambda row: row.split) | {"both": figures(decisions)}
    reasons = by(decisions, lambda row: f"{row.gold} {row.reason}")
    techniques = by(decisions, lambda row: f"{row.gold} {row.technique}")
    kinds = by(decisions, lambda row: row.kind)
    return "\n\n".join(
        [
            *(_summary(name, found) for name, found in halves.items()),
            _confusion(confusion(decisions)),
            _table("kind", kinds),
            _table("gold, category or topic", reasons),
            _table("gold, technique", techniques),
        ]
    )


def printed_errors(decisions: Iterable[Decision], split: Split) -> str:
    """What went wrong in one half, a text a line; line ends are shown as they are written.

    Raises ValueError for the held half: whoever reads its errors fits to them.
    """
    if split is not Split.TUNE:
        raise ValueError("only figures are shown of the held half; ask for the errors of tune")
    wrong = [one for one in decisions if one.row.split is split and one.outcome in _WRONG]
    wrong.sort(key=lambda one: (_WRONG.index(one.outcome), one.row.id))
    return "\n".join(
        "\t".join(
            (
                one.outcome,
                one.row.id,
                f"{one.row.gold} {one.row.reason} {one.row.technique}",
                " ".join(one.labels) or "-",
                one.row.text.replace("\n", "\\n"),
            )
        )
        for one in wrong
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, default=DEFAULT_SET, dest="folder")
    parser.add_argument("--model", type=Path, help="another served folder than the shipped one")
    parser.add_argument(
        "--every-component",
        action="store_true",
        help="ask for all, also for heads that nothing answers: those send every text to review",
    )
    parser.add_argument("--errors", choices=[Split.TUNE], help="list the errors of this half")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    try:
        rows = read_set(arguments.folder)
        analyzer = analyzer_over(shipped_backend(arguments.model))
    except NlpError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    analyses = analyzer.analyze_batch([row.text for row in rows])
    asked = COMPONENTS if arguments.every_component else components_of(analyses)
    decisions = decided(rows, analyses, asked)
    print(f"asked for: {', '.join(asked)}\n\n{printed(decisions)}")
    if arguments.errors:
        print(f"\n{printed_errors(decisions, Split(arguments.errors))}")
    if arguments.json:
        report = _report(decisions, asked) | {"versions": dict(analyzer.versions)}
        arguments.json.write_text(json.dumps(report, indent=1, ensure_ascii=False), "utf-8")


def _report(decisions: Sequence[Decision], asked: Sequence[str]) -> dict[str, Any]:
    keys: dict[str, Callable[[Row], str]] = {
        "split": lambda row: row.split,
        "kind": lambda row: row.kind,
        "reason": lambda row: f"{row.gold} {row.reason}",
        "technique": lambda row: f"{row.gold} {row.technique}",
    }
    return {
        "components": list(asked),
        "all": asdict(figures(decisions)),
        "confusion": confusion(decisions),
        **{
            name: {group: asdict(found) for group, found in by(decisions, key).items()}
            for name, key in keys.items()
        },
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.2f}"


def _summary(name: str, found: Figures) -> str:
    decidable, persons = found.decidable, found.for_a_person + found.over_a_person
    return "\n".join(
        (
            f"{name}: {found.rows} texts, {decidable} to be passed or blocked",
            f"  decided automatically {found.automatic} ({_of(found.automatic, decidable)}), "
            f"sent to review {found.left_open} ({_of(found.left_open, decidable)})",
            f"  right {_percent(found.accuracy)} % [{_percent(found.low)}, {_percent(found.high)}]:"
            f" {found.wrong_passes} wrong passes, {found.wrong_blocks} wrong blocks",
            f"  for a person: {persons}, sent to one {_of(found.for_a_person, persons)}; "
            f"right were these wrong too: {_percent(found.strict)} %",
        )
    )


def _of(part: int, whole: int) -> str:
    return f"{_percent(_share(part, whole))} %"


def _confusion(counts: Mapping[str, Mapping[str, int]]) -> str:
    lines = [f"{'gold / said':12}" + "".join(f"{said:>8}" for said in Suggestion)]
    lines += [
        f"{gold:12}" + "".join(f"{said[name]:8d}" for name in Suggestion)
        for gold, said in counts.items()
    ]
    return "\n".join(lines)


def _table(title: str, groups: Mapping[str, Figures]) -> str:
    columns = ("texts", "auto", "right", "pass!", "block!", "review", "right %")
    lines = [f"{title:34}" + "".join(f"{name:>8}" for name in columns)]
    for name, found in groups.items():
        counts = (
            found.rows,
            found.automatic + found.over_a_person,
            found.right,
            found.wrong_passes,
            found.wrong_blocks,
            found.left_open + found.for_a_person,
        )
        shown = "".join(f"{count:8d}" for count in counts)
        lines.append(f"{name:34}{shown}{_percent(found.accuracy):>8}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
