"""What classify says, as other services' categories see it."""

from __future__ import annotations

import pytest

from service.api.compat.errors import Unjudged
from service.api.compat.findings import Findings, Found, Span
from service.api.compat.mapping import Row
from tests.service.api.compat.answers import answer, hit, label

HATE = Row(name="hate", lexicon=frozenset({"hate"}), why="")
THREAT = Row(name="threat", patterns=frozenset({"violence_threat"}), why="")
ABUSE = Row(name="abuse", lexicon=frozenset({"abuse"}), head=True, why="")


def test_a_row_scores_its_strongest_label() -> None:
    found = Findings.from_answer(
        answer("block", labels=[label("hate", score=0.4), label("hate", "human", 1.0)])
    )
    assert found.score(HATE) == 1.0
    assert found.score(THREAT) == 0.0


def test_the_head_scores_below_its_threshold_too() -> None:
    found = Findings.from_answer(answer(abuse={"score": 0.31}))
    assert found.score(ABUSE) == 0.31
    assert found.score(HATE) == 0.0
    assert found.covered(ABUSE) == []


def test_what_a_policy_lets_pass_is_scored_all_the_same() -> None:
    found = Findings.from_answer(
        answer(
            hits=[hit("hate", 0, 2, severity=4)],
            patterns=[{"pattern": "violence_threat", "start": 0, "end": 2}],
        )
    )
    assert (found.score(HATE), found.score(THREAT)) == (0.8, 1.0)
    assert found.covered(HATE) == []


def test_a_label_may_be_stronger_than_the_head() -> None:
    found = Findings.from_answer(answer("review", abuse={"score": 0.3}, labels=[label("abuse")]))
    assert found.score(ABUSE) == 0.6


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, frozenset()),
        ({"degraded": ["patterns", "holds"]}, {"patterns", "holds"}),
        ({"degraded": ["abuse"], "abuse": None}, {"abuse"}),
        ({"abuse": None}, {"abuse"}),
    ],
)
def test_what_had_no_say_is_missing(changes: dict[str, object], missing: set[str]) -> None:
    assert Findings.from_answer(answer("review", **changes)).missing == missing


def test_an_answer_without_a_verdict_is_no_finding() -> None:
    with pytest.raises(Unjudged, match="let a person look") as refused:
        Findings.from_answer(
            {"id": None, "error": {"code": "internal", "detail": "let a person look"}}
        )
    assert refused.value.status == 500


def test_spans_are_what_counts() -> None:
    found = Findings.from_answer(
        answer(
            "block",
            labels=[label("hate"), label("violence_threat", "pattern", 0.9)],
            hits=[hit("hate", 4, 6, severity=5), hit("hate", 0, 2, suppressed_by="allow:词")],
            patterns=[
                {"pattern": "violence_threat", "start": 1, "end": 3},
                {"pattern": "legal_threat", "start": 2, "end": 4},
            ],
        )
    )
    assert found.spans == (
        Span(found=Found(label="violence_threat", source="pattern", score=0.9), start=1, end=3),
        Span(found=Found(label="legal_threat", source="pattern", score=1.0), start=2, end=4),
        Span(found=Found(label="hate", source="lexicon", score=1.0), start=4, end=6),
    )


def test_without_lists_there_are_no_spans() -> None:
    assert Findings.from_answer(answer(hits=None, patterns=None)).spans == ()


@pytest.mark.parametrize(
    ("labels", "within"),
    [([], False), ([label("hate")], True), ([label("hate"), label("spam")], False)],
)
def test_all_labels_are_within_some_rows(labels: list[dict[str, object]], within: bool) -> None:
    assert Findings.from_answer(answer("review", labels=labels)).all_within([HATE]) is within
