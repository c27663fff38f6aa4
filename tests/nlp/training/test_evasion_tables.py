"""Making the tables of sounds and parts."""

from pathlib import Path

from nlp.training.evasion_tables import (
    homophone_rows,
    is_common,
    plain_characters,
    split_rows,
    write_rows,
)


def test_characters_are_listed_under_each_sound() -> None:
    sounds = {"行": ["xing", "hang", "héng"], "航": ["hang"], "々": []}
    assert list(homophone_rows("行航々", sounds.__getitem__)) == [
        ("hang", "航", "行"),
        ("xing", "行", ""),
    ]


def test_common_characters_are_those_of_the_first_level() -> None:
    assert is_common("强")
    assert not is_common("兀")
    assert not is_common("犇")


def test_traditional_characters_are_left_out() -> None:
    plain = set(plain_characters())
    assert "强" in plain
    assert "賭" not in plain


def test_parts_make_the_more_frequent_character_first() -> None:
    parts = {"我": [["手", "戈"]], "好": [["女", "子"]], "丁": [["一", "亅"]], "犇": [["牛", "牛"]]}
    made = dict(split_rows(parts, lambda character: 9 if character == "我" else 1))
    assert made["女子"] == "好"
    assert made["手戈"] == made["扌戈"] == "我"
    assert "一亅" not in made
    assert "牛牛" not in made


def test_radicals_are_listed_in_free_and_narrow_form() -> None:
    made = dict(split_rows({"诈": [["讠", "乍"]]}, lambda _: 1))
    assert made["讠乍"] == made["言乍"] == "诈"


def test_a_table_has_a_header_and_unix_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    assert write_rows(path, "a\tb", [("1", "2")]) == 1
    assert path.read_bytes() == b"a\tb\n1\t2\n"
