"""The shipped variant tables: what every row promises."""

import re

from nlp.data_files import data_file, rows
from nlp.evasion import finder_version
from nlp.evasion.tables import load_tables, tables_digest
from nlp.text.normalizer import normalize

TABLES = load_tables()


def test_every_row_of_a_table_by_hand_gives_its_reason() -> None:
    for name in (
        *("lookalikes", "letters", "leet", "emoji", "martian", "aliases", "new_words"),
        "loose_splits",
    ):
        for line, cells in rows(data_file("variants", f"{name}.tsv")):
            assert all(cells), f"{name}.tsv:{line} has an empty cell"


def test_readings_have_the_usual_one_first() -> None:
    assert TABLES.readings["行"][0] == "xing"
    assert "hang" in TABLES.readings["行"]
    assert TABLES.readings["绿"] == ("lv",) or "lv" in TABLES.readings["绿"]


def test_look_alikes_are_mutual() -> None:
    assert all(
        one in TABLES.similar[other] for one in TABLES.similar for other in TABLES.similar[one]
    )


def test_parts_are_two_or_three_and_make_something_else() -> None:
    assert TABLES.splits["弓虽"].startswith("强")
    assert TABLES.splits["尸巾刂"].startswith("刷")
    assert all(
        len(parts) in (2, 3) and parts not in whole for parts, whole in TABLES.splits.items()
    )


def test_a_bare_radical_before_a_character_that_has_it_adds_nothing() -> None:
    assert TABLES.splits["彳微"] == "微"
    assert TABLES.splits["亻信"] == "信"


def test_a_character_of_no_use_looks_like_its_component() -> None:
    assert "放" in TABLES.similar["倣"]
    assert "倣" in TABLES.similar["放"]


def test_an_emoji_may_be_read_in_several_ways() -> None:
    assert TABLES.emoji["🐴"] == ("马",)
    assert set(TABLES.emoji["👀"]) == {"看", "眼"}


def test_what_an_alias_means_is_in_normal_form() -> None:
    assert all(normalize(alias.means).text == alias.means for alias in TABLES.aliases)


def test_no_common_character_is_martian() -> None:
    for written in TABLES.martian:
        encoded = written.encode("gb2312", "ignore")
        assert len(encoded) < 2 or encoded[0] >= 0xD8 or encoded[0] < 0xB0, written


def test_syllables_have_a_character_each() -> None:
    assert sorted(set(TABLES.spelled.values())) == sorted(TABLES.spelled.values())


def test_the_digest_names_the_tables_as_they_are() -> None:
    assert re.fullmatch("[0-9a-f]{12}", tables_digest())
    assert finder_version().endswith(tables_digest())
