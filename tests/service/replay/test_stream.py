"""A recorded stream: in the order of time, in batches of a minute, bad lines set aside."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers import Post
from service.errors import InvalidInput
from service.replay.stream import Stream, read_stream
from tests.support.clock import START

SPAN = timedelta(seconds=60)


def line(number: int, second: int, **more: object) -> str:
    at = (START + timedelta(seconds=second)).isoformat()
    row = {"source": "weibo", "native_id": str(number), "published_at": at, "text": "茶", **more}
    return json.dumps(row, ensure_ascii=False) + "\n"


def posts_at(*seconds: int) -> tuple[Post, ...]:
    return tuple(
        Post(
            source="weibo",
            native_id=str(number),
            published_at=START + timedelta(seconds=second),
            text="茶",
        )
        for number, second in enumerate(seconds)
    )


def test_posts_are_put_in_the_order_of_time(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text(line(1, 50) + line(2, 10) + line(3, 50), encoding="utf-8")
    stream = read_stream(path)
    assert [post.native_id for post in stream.posts] == ["2", "1", "3"]
    assert (stream.start, stream.end) == (
        START + timedelta(seconds=10),
        START + timedelta(seconds=50),
    )


def test_an_archive_reads_like_a_file(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl.gz"
    path.write_bytes(gzip.compress(line(1, 0).encode()))
    assert len(read_stream(path).posts) == 1


def test_a_bad_line_is_set_aside_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text(line(1, 0) + "{broken\n" + line(2, 0), encoding="utf-8")
    stream = read_stream(path)
    assert len(stream.posts) == 2
    (rejected,) = stream.rejected
    assert "2" in str(rejected)


@pytest.mark.parametrize("content", ["", "\n\n", "{}\n"])
def test_a_stream_without_a_post_is_refused_with_what_a_line_is(
    tmp_path: Path, content: str
) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"s\.jsonl: no post in it; each line is a JSON object"):
        read_stream(path)


def test_when_every_line_is_bad_the_first_five_say_why(tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text(line(1, 0, text=7) * 9, encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        read_stream(path)
    assert caught.value.errors == tuple(
        (f"{path}:{number}", "text: must be a string, not int") for number in range(1, 6)
    )


def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"none\.jsonl: cannot be read: No such file"):
        read_stream(tmp_path / "none.jsonl")
    with pytest.raises(InvalidInput, match="cannot be read: Is a directory"):
        read_stream(tmp_path)


def test_a_batch_is_less_than_a_minute() -> None:
    stream = Stream(posts_at(0, 59, 60, 61, 200), ())
    sizes = [len(batch) for batch in stream.batches(span=SPAN)]
    assert sizes == [2, 2, 1]


def test_a_full_batch_ends_and_never_inside_an_instant() -> None:
    stream = Stream(posts_at(0, 1, 1, 1, 2), ())
    batches = [[post.native_id for post in batch] for batch in stream.batches(span=SPAN, limit=2)]
    assert batches == [["0", "1", "2", "3"], ["4"]]


def test_nothing_has_no_batch() -> None:
    assert list(Stream((), ()).batches(span=SPAN)) == []


@given(st.lists(st.integers(0, 500), max_size=60), st.integers(1, 5))
def test_batches_are_the_stream_cut_in_order(seconds: list[int], limit: int) -> None:
    stream = Stream(posts_at(*sorted(seconds)), ())
    batches = list(stream.batches(span=SPAN, limit=limit))
    assert [post for batch in batches for post in batch] == list(stream.posts)
    for batch in batches:
        assert batch[-1].published_at - batch[0].published_at < SPAN
    for before, after in pairwise(batches):
        assert before[-1].published_at < after[0].published_at
