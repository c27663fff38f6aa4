"""Leaves know nothing of each other: names that two of them spell must agree."""

from __future__ import annotations

from nlp import load_lexicon
from nlp.lexicon import SCENARIOS as ANALYSED
from nlp.patterns import PATTERN_IDS
from playbooks import CATEGORIES, PATTERNS
from playbooks import SCENARIOS as ANSWERED


def test_texts_are_sorted_into_the_scenarios_that_have_playbooks() -> None:
    assert set(ANALYSED) == set(ANSWERED)


def test_rules_count_what_texts_are_found_to_speak_of() -> None:
    assert set(CATEGORIES) <= {entry.category for entry in load_lexicon().entries}
    assert set(PATTERNS) == set(PATTERN_IDS)
