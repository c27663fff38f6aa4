"""How common terms are in ordinary posts."""

from __future__ import annotations

from pathlib import Path

from nlp.data_files import data_file
from nlp.lexicon.background import Background, load_background

KNOWN = Background(posts=1000, counts={"你好": 40, "好吗": 10, "你好吗": 5, "吗哈": 3})


def test_a_known_word_is_exact() -> None:
    assert KNOWN.most("你好") == 0.04


def test_another_is_no_commoner_than_its_rarest_part() -> None:
    assert KNOWN.most("你好吗哈") == 0.0
    counts = {**KNOWN.counts, "好吗哈": 2}
    assert Background(posts=1000, counts=counts).most("你好吗哈") == 0.002


def test_an_unknown_part_means_none() -> None:
    assert KNOWN.most("你好啊") == 0.0
    assert KNOWN.most("你") == 0.0


def test_a_table_is_read(tmp_path: Path) -> None:
    table = tmp_path / "t.tsv"
    table.write_text("word\tposts of 200\n的人\t50\n", encoding="utf-8")
    assert Background.read(table).most("的人") == 0.25


def test_what_ships_knows_common_words() -> None:
    background = load_background()
    assert background.most("我们") > 0.02
    assert background.most("黑店宰客") == 0.0
    assert len(data_file("background", "weibo_2020.tsv").read_bytes()) < 300_000
