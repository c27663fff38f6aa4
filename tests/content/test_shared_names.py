"""Leaves know nothing of each other: names that two of them spell must agree."""

from __future__ import annotations

from nlp.lexicon import SCENARIOS as ANALYSED
from playbooks import SCENARIOS as ANSWERED


def test_texts_are_sorted_into_the_scenarios_that_have_playbooks() -> None:
    assert set(ANALYSED) == set(ANSWERED)
