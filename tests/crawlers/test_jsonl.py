from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.jsonl import MAX_LINE, RejectedLine, lines_of, parse_line, read_jsonl
from crawlers.post import Post


def line(number: int, **more: Any) -> bytes:
    data = {
        "source": "s",
        "native_id": str(number),
        "published_at": "2026-01-01T00:00:00Z",
        "text": "退款",
    }
    return json.dumps({**data, **more}, ensure_ascii=False).encode()


def ids(data: bytes) -> list[str]:
    return [
        item.native_id if isinstance(item, Post) else item.place
        for item in read_jsonl(io.BytesIO(data))
    ]


def test_posts_come_in_order_and_a_last_line_without_break_too() -> None:
    assert ids(line(1) + b"\n" + line(2)) == ["1", "2"]


def test_blank_lines_windows_breaks_and_a_mark_are_no_trouble() -> None:
    assert ids(b"\xef\xbb\xbf" + line(1) + b"\r\n\n \n" + line(2) + b"\n") == ["1", "2"]


def test_a_bad_line_is_named_by_its_place_and_the_rest_goes_on() -> None:
    data = b"\n".join([line(1), b"{half", b'{"source":"s"}', b"[]", b"\xff", line(2)])
    assert ids(data) == ["1", "stream:2", "stream:3", "stream:4", "stream:5", "2"]


def test_a_line_beyond_the_limit_is_rejected_unread() -> None:
    data = line(1) + b"\n" + b"x" * (2 * MAX_LINE + 10) + b"\n" + line(2)
    assert ids(data) == ["1", "stream:2", "2"]


def test_gzip_is_told_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(gzip.compress(line(1) + b"\n" + line(2)))
    assert [post.native_id for post in read_jsonl(path) if isinstance(post, Post)] == ["1", "2"]


def test_an_archive_that_breaks_off_gives_what_it_has_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl.gz"
    packed = gzip.compress(b"".join(line(n, topic=f"t{n * 7919}") + b"\n" for n in range(500)))
    path.write_bytes(packed[: len(packed) // 2])
    *some, last = read_jsonl(str(path))
    assert len(some) > 100
    assert isinstance(last, RejectedLine)
    assert "the archive breaks off" in last.reason
    assert last.place.startswith(f"{path}:")


def test_a_dash_is_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(line(1) + b"\nx\n"))
    monkeypatch.setattr(sys, "stdin", stdin)
    first, second = read_jsonl("-")
    assert isinstance(first, Post)
    assert isinstance(second, RejectedLine)
    assert second.place == "stdin:2"


def test_a_file_that_is_not_there_is_the_callers_business(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        next(read_jsonl(tmp_path / "none"))


def test_a_lone_surrogate_is_repaired() -> None:
    post = parse_line(line(1).replace("退款".encode(), rb"a\ud83d"), place="x")
    assert isinstance(post, Post)
    assert post.text == "a\ufffd"


@pytest.mark.parametrize(
    "data",
    [rb'{"\u0041": NaN}', b'{"a": NaN}', b"[" * 100_000, rb'"\u0041' + b"[" * 100_000, b"null"],
)
def test_odd_json_is_a_rejected_line(data: bytes) -> None:
    assert isinstance(parse_line(data, place="x"), RejectedLine)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_post_or_a_rejected_line(data: bytes) -> None:
    assert isinstance(parse_line(data, place="x"), Post | RejectedLine)


@given(st.lists(st.sampled_from([b"a", b"", b"\n", b"bc\n", b"\r\n"]), max_size=20))
def test_lines_end_where_the_file_says(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    lines = list(lines_of(io.BytesIO(data)))
    assert b"".join(item.data for item in lines) == data
    assert [item.number for item in lines] == list(range(1, len(lines) + 1))
    assert not lines or lines[-1].end == len(data)
