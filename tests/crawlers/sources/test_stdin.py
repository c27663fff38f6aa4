from __future__ import annotations

import asyncio
import io
import os
from typing import Any

from crawlers.source import Failed, Ok, OkEmpty
from crawlers.sources.stdin import StdinSource
from tests.crawlers.test_jsonl import line
from tests.support.fetching import FakeFetcher

FETCHER = FakeFetcher([Failed(reason="not used")])


def source(data: bytes, *, batch: int = 2) -> StdinSource:
    return StdinSource("pipe", batch=batch, stream=io.BytesIO(data))


def ids(result: Any) -> list[str]:
    assert isinstance(result, Ok), result
    return [post.native_id for post in result.posts]


async def drain(stdin: StdinSource) -> list[str]:
    """Pull until nothing comes, moving the cursor as an engine would."""
    found: list[str] = []
    cursor: Any = None
    while isinstance(result := await stdin.pull(cursor, FETCHER), Ok):
        found += ids(result)
        cursor = result.cursor
    return found


async def test_everything_piped_in_comes_once_and_in_order() -> None:
    stdin = source(b"".join(line(n) + b"\n" for n in range(5)))
    assert await drain(stdin) == ["0", "1", "2", "3", "4"]


async def test_a_batch_comes_again_until_its_posts_were_stored() -> None:
    stdin = source(line(1) + b"\n" + line(2) + b"\n" + line(3))
    first = await stdin.pull(None, FETCHER)
    again = await stdin.pull(None, FETCHER)
    assert isinstance(again, Ok)
    assert ids(first)[0] == ids(again)[0] == "1"
    assert ids(await stdin.pull(again.cursor, FETCHER)) == ["3"]


async def test_a_cursor_of_another_run_does_not_count() -> None:
    stdin = source(line(1) + b"\n")
    assert ids(await stdin.pull({"run": "before", "offset": 10_000}, FETCHER)) == ["1"]


async def test_a_pipe_that_is_silent_is_empty_and_goes_on_later() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as out, os.fdopen(writing, "wb") as into:
        stdin = StdinSource("pipe", batch=5, stream=out)
        assert isinstance(await stdin.pull(None, FETCHER), OkEmpty)
        into.write(line(1) + b"\n")
        into.flush()
        result = await stdin.pull(None, FETCHER)
        into.close()
        assert stdin._reader is not None
        await asyncio.to_thread(stdin._reader.join, 5)
    assert ids(result) == ["1"]


async def test_a_broken_archive_on_stdin_ends_it_without_raising() -> None:
    assert await drain(source(b"\x1f\x8b\x08broken")) == []
