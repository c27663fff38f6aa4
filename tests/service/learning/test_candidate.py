"""Candidates: what they are called, what they consist of, as they were when they were compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.errors import ModelMissing
from service.errors import InvalidInput
from service.learning import Kind, encoder_candidate, lexicon_candidate, rules_candidate
from service.learning.candidate import fingerprint_of, kept_candidate
from service.lexicon import table_of
from service.monitors import BadConfig
from tests.service.lexicon.rows import entry
from tests.support.tiny_model import write_tiny_model

ROWS = table_of([entry("宰客黑店")]).encode()
RULES = """
rules:
  - id: slow_burn
    thresholds: {"negative_24h": 40}
"""


def test_a_model_is_named_by_what_it_is(tmp_path: Path) -> None:
    one = encoder_candidate(write_tiny_model(tmp_path / "one"))
    two = encoder_candidate(write_tiny_model(tmp_path / "two", version="2"))
    assert one.kind is Kind.ENCODER
    assert one.name.startswith("tiny-1-")
    assert one.fingerprint == fingerprint_of(tmp_path / "one") != two.fingerprint
    assert (one.content, one.place) == (None, str((tmp_path / "one").resolve()))


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        encoder_candidate(tmp_path)


def test_rows_are_kept_as_the_file_said(tmp_path: Path) -> None:
    made = lexicon_candidate(ROWS, file=tmp_path / "words.tsv")
    assert made.kind is Kind.LEXICON
    assert made.name == f"words@{made.fingerprint[:8]}"
    again = kept_candidate(
        kind=made.kind,
        name=made.name,
        fingerprint=made.fingerprint,
        place=made.place,
        content=made.content,
    )
    assert again.words is not None
    assert made.words is not None
    assert again.words.entries == made.words.entries != ()


def test_bad_rows_are_told_with_their_lines(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as error:
        lexicon_candidate(ROWS.replace(b"complaint", b"weather"), file=tmp_path / "words.tsv")
    assert [place for place, _ in error.value.errors] == [f"{tmp_path / 'words.tsv'}:2"]


def test_rules_are_kept_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(RULES)
    made = rules_candidate(file)
    file.unlink()
    again = kept_candidate(
        kind=made.kind,
        name=made.name,
        fingerprint=made.fingerprint,
        place=made.place,
        content=made.content,
    )
    assert [document.data for document in again.rules] == [
        {"id": "slow_burn", "thresholds": {"negative_24h": 40}}
    ]
    assert made.name.startswith("mine@")


def test_how_rules_are_laid_out_is_no_difference(tmp_path: Path) -> None:
    one, two = tmp_path / "one.yaml", tmp_path / "two.yaml"
    one.write_text(RULES)
    two.write_text("# quieter\nrules: [{thresholds: {negative_24h: 40}, id: slow_burn}]\n")
    assert rules_candidate(one).fingerprint == rules_candidate(two).fingerprint


@pytest.mark.parametrize("content", ["monitors: []\n", "rules: []\n", "rules: {"])
def test_a_file_without_rules(tmp_path: Path, content: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(content)
    with pytest.raises((InvalidInput, BadConfig)):
        rules_candidate(file)
