"""Posts of a file."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.jsonl import MAX_LINE
from nlp.text.tokenizer import JiebaTokenizer
from service.errors import InvalidInput
from service.topics.lines import read_posts

TOKENIZER = JiebaTokenizer(["青柚茶"])
GOOD = (
    '{"native_id": "1", "text": "青柚茶喝完拉肚子", "title": "投诉", "author": {"id": "a"},'
    ' "published_at": "2026-03-02T08:00:00+08:00"}\n'
)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_post_with_all_it_may_say(tmp_path: Path) -> None:
    (post,) = read_posts(write(tmp_path / "p.jsonl", GOOD), TOKENIZER, most=9).posts
    assert (post.id, post.author, post.at) == ("1", "a", datetime(2026, 3, 2, tzinfo=UTC))
    assert {"青柚茶", "投诉"} <= set(post.words)


def test_a_text_is_enough(tmp_path: Path) -> None:
    text = '\n{"text": "快递延误", "author": "b", "published_at": "2026-03-02"}\n{"text": ""}\n'
    first, second = read_posts(write(tmp_path / "p.jsonl", text), TOKENIZER, most=9).posts
    assert (first.id, first.author, first.at) == ("line 2", "b", None)
    assert (second.words, second.author) == ((), None)


def test_lines_that_are_no_posts_are_named(tmp_path: Path) -> None:
    path = write(
        tmp_path / "p.jsonl", GOOD + 'nope\n[1]\n{"text": 5}\n{"text": "好", "author": 7}\n'
    )
    found = read_posts(path, TOKENIZER, most=9)
    assert [place for place, _ in found.rejected] == [f"{path}:{n}" for n in (2, 3, 4)]
    assert len(found.posts) == 2


def test_gzip_and_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl.gz"
    path.write_bytes(gzip.compress((GOOD * 5).encode()))
    assert len(read_posts(path, TOKENIZER, most=3).posts) == 3


def test_a_cut_gzip_file(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl.gz"
    path.write_bytes(gzip.compress((GOOD * 500).encode())[:-20])
    with pytest.raises(InvalidInput, match="cut off or damaged"):
        read_posts(path, TOKENIZER, most=9_000)


@pytest.mark.parametrize("text", ["", "\n\n", "nope\n"])
def test_a_file_without_posts(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput, match="no post in it"):
        read_posts(write(tmp_path / "p.jsonl", text), TOKENIZER, most=9)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[int] = []
    path = write(tmp_path / "p.jsonl", '{"text": "好"}\n' * 2_100)
    read_posts(path, TOKENIZER, most=9_000, told=told.append)
    assert told == [1_000, 2_000]


def test_a_line_that_is_too_long_is_one_bad_line(tmp_path: Path) -> None:
    path = write(tmp_path / "p.jsonl", f'{{"text": "{"长" * MAX_LINE}"}}\n{GOOD}')
    found = read_posts(path, TOKENIZER, most=9)
    assert found.rejected == ((f"{path}:1", f"longer than {MAX_LINE} bytes"),)
    assert [post.id for post in found.posts] == ["1"]
