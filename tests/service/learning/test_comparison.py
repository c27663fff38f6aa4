"""Two machines on one set: what is mended, what is broken, what moves."""

from __future__ import annotations

from typing import Any

from service.learning import Head
from service.learning.answers import Answers
from service.learning.comparison import MOST_EXAMPLES, Effect, compare, stopped
from tests.service.learning.rows import row

LATE = "2026-03-02T08:00:00.000Z"


def answers(*labels: str, **given: Any) -> Answers:
    heads: dict[Head, str | None] = {
        Head.SENTIMENT: "neutral",
        Head.EMOTION: "neutral",
        Head.INTENT: "other",
        Head.ABUSE: "clean",
        Head.SCENARIO: "none",
        Head.DECISION: "pass",
    }
    return Answers(
        heads=heads | {Head(name): value for name, value in given.items()},
        labels=frozenset(labels),
    )


def decided(text: str, label: str, **given: Any) -> Any:
    return row(text, label, head=Head.DECISION, id=f"review:{text}", **given)


def test_a_label_mended_and_one_broken() -> None:
    rows = [row("一", "negative"), row("二", "neutral"), row("三", "positive")]
    old = [answers(), answers(), answers()]
    new = [answers(sentiment="negative"), answers(sentiment="negative"), answers(emotion="sad")]
    found = compare(rows, old, new)
    assert found.count(Head.SENTIMENT, Effect.MENDED) == 1
    assert found.count(Head.SENTIMENT, Effect.BROKEN) == 1
    (mended,) = found.examples(Head.SENTIMENT, Effect.MENDED)
    assert (mended.row.text, mended.said, mended.before, mended.after) == (
        "一",
        "negative",
        "neutral",
        "negative",
    )
    (head,) = found.heads
    assert head.candidate is not None
    assert (head.serving.right, head.candidate.right) == (1, 1)


def test_a_change_that_nobody_spoke_of_is_neither() -> None:
    found = compare([row("三", "positive")], [answers()], [answers(emotion="sad")])
    (change,) = found.changes
    assert (change.head, change.said, change.effect) == (Head.EMOTION, None, Effect.NEITHER)


def test_decisions_are_counted_over_every_row() -> None:
    rows = [row("一"), decided("二", "block"), decided("三", "pass")]
    old = [answers(), answers(), answers(decision="review")]
    new = [answers(decision="review"), answers(decision="block"), answers(decision="review")]
    found = compare(rows, old, new)
    assert found.decisions == {
        ("pass", "review"): 1,
        ("pass", "block"): 1,
        ("review", "review"): 1,
    }
    assert found.count(Head.DECISION, Effect.MENDED) == 1


def test_review_stops_a_text_as_block_does() -> None:
    assert [stopped(item) for item in ("pass", "review", "block", None)] == [
        "pass",
        "block",
        "block",
        None,
    ]
    found = compare(
        [decided("二", "block")], [answers(decision="review")], [answers(decision="block")]
    )
    (change,) = found.changes
    assert change.effect is Effect.NEITHER
    assert found.heads[0].serving.right == 1


def test_categories_of_decisions_are_compared() -> None:
    rows = [decided("二", "block", labels=("fraud",))]
    found = compare(rows, [answers()], [answers("fraud", decision="block")])
    assert found.labels is not None
    serving, candidate = found.labels
    assert candidate is not None
    assert (serving.right, candidate.right) == (0, 1)


def test_without_a_candidate_nothing_changes() -> None:
    found = compare([row("一")], [answers()], None)
    assert found.changes == ()
    assert found.heads[0].candidate is None
    assert found.labels is None


def test_examples_are_few_and_the_newest_words_come_first() -> None:
    rows = [row(str(number), "negative") for number in range(9)]
    rows.append(row("新", "negative", at=LATE))
    found = compare(rows, [answers()] * 10, [answers(sentiment="negative")] * 10)
    shown = found.examples(Head.SENTIMENT, Effect.MENDED)
    assert len(shown) == MOST_EXAMPLES
    assert shown[0].row.text == "新"
