"""The tables say where everything of ours goes, and contradict neither themselves nor the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from openai.types.moderation import Categories

from nlp.lexicon import MODERATION
from service.api.compat import mapping
from service.api.compat.errors import BadMapping
from service.api.compat.mapping import PATTERNS, Row, parse, tables
from service.moderation.policies import default_policy

DATA = Path(mapping.__file__).with_name("mapping.yaml").read_text(encoding="utf-8")
PAGE = (Path(__file__).parents[4] / "docs" / "compat.md").read_text(encoding="utf-8")


def test_the_categories_are_those_of_the_official_package() -> None:
    names = {field.alias or name for name, field in Categories.model_fields.items()}
    assert {row.name for row in tables().openai} == names


def test_every_label_that_moves_a_suggestion_has_a_place() -> None:
    rows = (*tables().openai, *tables().elsewhere)
    assert frozenset[str]().union(*(row.lexicon for row in rows)) == MODERATION
    assert frozenset[str]().union(*(row.patterns for row in rows)) == PATTERNS


def test_what_the_default_policy_moves_is_what_the_tables_know() -> None:
    assert default_policy().categories.keys() == MODERATION
    assert default_policy().patterns.keys() == PATTERNS


def test_an_attribute_is_answered_or_refused() -> None:
    assert not tables().perspective.keys() & tables().refused.keys()
    assert all(row.components for row in tables().perspective.values())


@pytest.mark.parametrize(
    ("label", "source", "covered"),
    [
        ("hate", "lexicon", True),
        ("hate", "pattern", False),
        ("doxxing", "pattern", True),
        ("doxxing", "lexicon", False),
        ("abuse", "model", True),
        ("hate", "model", True),
        ("spam", "model", False),
        ("hate", "human", True),
        ("doxxing", "human", True),
        ("abuse", "human", True),
        ("spam", "human", False),
        ("hate", "account", False),
    ],
)
def test_a_label_belongs_by_its_source(label: str, source: str, covered: bool) -> None:
    row = Row(
        name="x",
        lexicon=frozenset({"hate"}),
        patterns=frozenset({"doxxing"}),
        head=True,
        why="a test",
    )
    assert row.covers(label, source) is covered


def test_a_row_needs_what_it_is_answered_from() -> None:
    rows = {row.name: row.components for row in tables().openai}
    assert rows["harassment"] == {"abuse", "lexicon", "patterns"}
    assert rows["hate"] == {"lexicon"}
    assert rows["sexual/minors"] == frozenset()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("lexicon: [sexual]", "lexicon: [sexy]", "sexy is no moderation category"),
        ("patterns: [self_harm]", "patterns: [legal_threat]", "legal_threat moves no suggestion"),
        ("name: hate/threatening", "name: hate", "hate: stands there twice"),
        ("names: [FLIRTATION]", "names: [THREAT]", "THREAT: stands there twice"),
        ("lexicon: [hate]", "lexicon: []", "IDENTITY_ATTACK: answered from nothing"),
        ("finance_claim, medical_claim, spam]", "finance_claim, spam]", "medical_claim is nowhere"),
    ],
)
def test_what_contradicts_is_refused_by_name(old: str, new: str, problem: str) -> None:
    assert old in DATA
    with pytest.raises(BadMapping, match=problem) as refused:
        parse(DATA.replace(old, new), where="mapping.yaml")
    assert str(refused.value).startswith("mapping.yaml: ")


def test_the_page_has_every_row() -> None:
    chosen = tables()
    for name in (
        *(row.name for row in chosen.openai),
        *chosen.perspective,
        *chosen.refused,
        *(label for row in chosen.elsewhere for label in row.lexicon | row.patterns),
    ):
        assert f"`{name}`" in PAGE, name
