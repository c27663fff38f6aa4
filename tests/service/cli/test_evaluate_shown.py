"""An evaluation as people read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from service.cli.evaluate_shown import print_evaluated
from service.learning import Candidate, Evaluated, Head, Kind, set_of
from service.learning.answers import Answers
from service.learning.comparison import compare
from service.learning.view import view_of
from tests.service.learning.rows import row
from tests.service.learning.test_comparison import answers, decided

Show = Callable[[Evaluated], list[str]]


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Show:
    def lines(evaluated: Evaluated) -> list[str]:
        print_evaluated(evaluated)
        return capsys.readouterr().out.splitlines()

    return lines


def evaluated(candidate: Candidate | None, after: list[Answers] | None) -> Evaluated:
    """Two rows: a sentiment, and a verdict."""
    rows = set_of(
        [
            row("漏水\x1b[2J", "negative", head=Head.SENTIMENT),
            decided("加微信", "block", labels=("fraud",), at="2026-03-02T08:00:00.000Z"),
        ]
    )
    found = compare(rows.rows, [answers(), answers()], after)
    view = view_of(
        found,
        training_set=rows,
        split=None,
        candidate=candidate,
        versions=({"encoder": "tiny-1"}, None),
        standing=(),
        incidents=None,
        note="no posts were played, as was asked",
    )
    return Evaluated(evaluation_id=None if candidate is None else "evl_1", result=view)


def candidate(kind: Kind = Kind.ENCODER) -> Candidate:
    return Candidate(kind=kind, name="tiny-2-ab12", fingerprint="f" * 64, place=str(Path("two")))


def test_scores_moves_and_examples(shown: Show) -> None:
    after = [answers(sentiment="negative"), answers("fraud", decision="block")]
    lines = shown(evaluated(candidate(), after))
    text = "\n".join(lines)
    assert lines[0].startswith("set ")
    assert "2 rows up to 2026-03-02T08:00:00.000Z (2 correction); 2 read" in lines[0]
    assert "candidate: encoder tiny-2-ab12" in text
    table = [line.split() for line in lines]
    assert ["sentiment", "1", "0.000", "1.000", "0.000", "1.000", "1", "0"] in table
    assert ["decision", "1", "0.000", "1.000", "0.000", "1.000", "1", "0"] in table
    assert ["categories", "1", "0.000", "1.000", "0.000", "1.000"] in table
    assert "decisions moved: 1 of 2 texts" in lines
    assert "  pass → block: 1" in lines
    assert "mended   decision pass → block, people: block: 加微信" in lines
    assert "incidents: no posts were played, as was asked" in lines
    assert "`fengsui models switch tiny-2-ab12`" in lines[-1]


def test_what_a_text_would_do_to_a_terminal_is_escaped(shown: Show) -> None:
    lines = shown(evaluated(candidate(), [answers(sentiment="negative"), answers()]))
    assert not any("\x1b" in line for line in lines)
    assert any("漏水\\x1b[2J" in line for line in lines)


def test_rules_read_no_text(shown: Show) -> None:
    lines = shown(evaluated(candidate(Kind.RULES), None))
    assert "rules read no text: no label and no decision changes" in lines


def test_without_a_candidate_there_is_nothing_to_switch_to(shown: Show) -> None:
    lines = shown(evaluated(None, None))
    assert not any("switch" in line or "moved" in line for line in lines)
    assert any(line.startswith("sentiment") and "–" in line for line in lines)


def test_an_empty_set_has_no_score(shown: Show) -> None:
    empty = set_of([])
    view = view_of(
        compare((), [], []),
        training_set=empty,
        split=None,
        candidate=None,
        versions=({}, None),
        standing=(),
        incidents=None,
        note=None,
    )
    lines = shown(Evaluated(evaluation_id=None, result=view))
    assert "0 rows up to –; 0 read" in lines[0]
    assert any("no score" in line for line in lines)
