"""The table of topics on a small corpus."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bench.topics import Row, main, purity, read_corpus
from tests.support.topic_scene import theme_of, theme_posts


def test_purity_counts_the_commonest_class_of_each_topic() -> None:
    assert purity([0, 0, 0, 1], ["a", "a", "b", "b"]) == 0.75
    assert purity([0, 0, 0, 0], ["a", "a", "b", "b"]) == 0.5


def test_a_row_without_what_does_not_apply() -> None:
    assert str(Row("x", 1.25, 0.5, 0.75, None, None)) == "| x | 0.500 | 0.750 | – | – | – | 1.2 |"


def test_the_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "topics"
    folder.mkdir()
    rows = [
        {"text": "，".join(post.words), "label": str(theme_of(post.words)), "author": post.author}
        for post in theme_posts(each=40)
    ]
    for name, keys in (("news_titles", {"text", "label"}), ("weibo_2020", {"text", "author"})):
        lines = [json.dumps({key: row[key] for key in keys}) for row in rows]
        (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))

    main(["--data", str(tmp_path), "--posts", "100", "--titles", "3", "--weibo", "3"])

    printed = capsys.readouterr().out
    assert printed.count("| gensim, single posts |") == 2
    assert "ours, pooled by author" in printed
    assert "weibo, 100 posts, 3 topics" in printed
    assert len(read_corpus(folder / "weibo_2020.jsonl.gz", name="x", most=60).posts) == 60
