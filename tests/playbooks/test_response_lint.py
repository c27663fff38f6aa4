"""What cannot be meant by the emotion matrix is a finding."""

from __future__ import annotations

from dataclasses import replace

from playbooks import load_library
from playbooks.mistakes import Mistake
from playbooks.response_lint import response_issues

LIBRARY = load_library()


def test_a_tier_without_an_answer_is_told() -> None:
    matrix = LIBRARY.responses
    assert matrix is not None
    first, *others = matrix.responses
    fewer = {tier: answer for tier, answer in first.who.items() if tier != "red"}
    broken = [first.model_copy(update={"who": fewer}), *others]
    left = replace(LIBRARY, responses=matrix.model_copy(update={"responses": broken}))
    (issue, *_) = response_issues(left)
    assert (issue.file, issue.code) == ("emotion_matrix.yaml", Mistake.BAD_VALUE)
    assert "nobody answers in tier red" in issue.message


def test_what_ships_is_clean_and_none_is_none() -> None:
    assert list(response_issues(LIBRARY)) == []
    assert list(response_issues(replace(LIBRARY, responses=None))) == []
