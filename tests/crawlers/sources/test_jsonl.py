from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.post import PostKey
from crawlers.source import Failed, Ok, OkEmpty
from crawlers.sources.jsonl import JsonlSettings, JsonlSource
from tests.crawlers.test_jsonl import line
from tests.support.fetching import FakeFetcher

FETCHER = FakeFetcher([Failed(reason="not used")])


async def pull(path: Path, cursor: Any = None, *, batch: int = 500) -> Any:
    source = JsonlSource("file", JsonlSettings(path=str(path), batch=batch))
    return await source.pull(cursor, FETCHER)


def ids(result: Any) -> list[str]:
    assert isinstance(result, Ok), result
    return [post.native_id for post in result.posts]


def write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "posts.jsonl"


async def test_batches_follow_each_other_at_once_until_the_end(path: Path) -> None:
    write(path, b"".join(line(n) + b"\n" for n in range(5)))
    first = await pull(path, batch=2)
    second = await pull(path, first.cursor, batch=2)
    third = await pull(path, second.cursor, batch=2)
    assert [ids(first), ids(second), ids(third)] == [["0", "1"], ["2", "3"], ["4"]]
    assert [first.hint, second.hint, third.hint] == [timedelta(0), timedelta(0), None]
    assert isinstance(await pull(path, third.cursor), OkEmpty)


async def test_a_half_written_last_line_waits_for_its_rest(path: Path) -> None:
    half = line(2)[:30]
    write(path, line(1) + b"\n" + half)
    first = await pull(path)
    assert ids(first) == ["1"]
    write(path, line(1) + b"\n" + line(2) + b"\nbroken\n")
    second = await pull(path, first.cursor)
    assert ids(second) == ["2"]
    assert second.rejected[0][0] == f"{path}:3"


async def test_a_last_line_that_is_a_whole_post_does_not_wait_for_a_break(path: Path) -> None:
    write(path, line(1))
    first = await pull(path)
    assert ids(first) == ["1"]
    write(path, line(1) + b"\n" + line(2) + b"\nbroken\n")
    second = await pull(path, first.cursor)
    assert ids(second) == ["2"]
    assert second.rejected[0][0] == f"{path}:3"


async def test_an_archive_is_read_by_batches_too(path: Path) -> None:
    write(path, gzip.compress(b"".join(line(n) + b"\n" for n in range(3))))
    first = await pull(path, batch=2)
    assert ids(await pull(path, first.cursor, batch=2)) == ["2"]


async def test_a_file_that_was_replaced_is_read_from_its_start(path: Path) -> None:
    write(path, line(1) + b"\n")
    first = await pull(path)
    write(path, line(7) + b"\n" + line(8) + b"\n")
    assert ids(await pull(path, first.cursor)) == ["7", "8"]


async def test_a_file_that_became_shorter_is_read_from_its_start(path: Path) -> None:
    write(path, line(1) + b"\n" + line(2) + b"\n")
    first = await pull(path)
    write(path, line(1) + b"\n")
    assert ids(await pull(path, first.cursor)) == ["1"]


@pytest.mark.parametrize("cursor", [{"offset": -3}, {"offset": "x"}, {"line": 1.5}, {"head": 1}])
async def test_a_cursor_of_another_shape_counts_as_none(path: Path, cursor: Any) -> None:
    write(path, line(1) + b"\n")
    assert ids(await pull(path, cursor)) == ["1"]


async def test_only_bad_lines_move_the_cursor_all_the_same(path: Path) -> None:
    write(path, b"x\ny\n")
    result = await pull(path)
    assert (result.posts, len(result.rejected)) == ((), 2)
    assert isinstance(await pull(path, result.cursor), OkEmpty)


async def test_a_missing_file_is_a_failure(path: Path) -> None:
    result = await pull(path)
    assert result == Failed(reason=f"{path}: no such file")


async def test_a_broken_archive_is_a_failure(path: Path) -> None:
    write(path, gzip.compress(line(1) * 1_000)[:60])
    result = await pull(path)
    assert isinstance(result, Failed)
    assert str(path) in result.reason


async def test_a_line_may_say_that_a_post_is_gone(path: Path) -> None:
    write(path, line(1) + b"\n" + b'{"source": "w", "native_id": "0", "deleted": true}')
    result = await pull(path)
    assert (ids(result), result.gone, result.misread) == (["1"], (PostKey("w", "0"),), False)
    assert isinstance(await pull(path, result.cursor), OkEmpty)
