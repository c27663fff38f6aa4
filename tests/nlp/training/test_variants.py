"""The generator of the traditional → simplified table."""

from pathlib import Path

from nlp.training.variants import simplified_pairs, write_table


def test_only_changed_single_characters_are_kept() -> None:
    table = {"麼": "么", "餘": "余馀"}
    assert list(simplified_pairs(lambda character: table.get(character, character))) == [
        ("麼", "么")
    ]


def test_the_table_has_a_header(tmp_path: Path) -> None:
    path = tmp_path / "t2s.tsv"
    assert write_table(path, lambda character: "国" if character == "國" else character) == 1
    assert path.read_text(encoding="utf-8") == "traditional\tsimplified\n國\t国\n"
