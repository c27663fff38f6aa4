from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawlers import Blocked, Fetcher, FetchResult, Ok, OkEmpty, Outcome, Post, SchemaDrift
from service.ingest.trial import Trial, try_source
from tests.support.fetching import FakeFetcher, page

POST = Post(source="s", native_id="1", published_at=datetime(2026, 1, 1, tzinfo=UTC), text="退款")


class Once:
    """A source that gives one result, or raises, or never answers."""

    name = "one"

    def __init__(self, result: FetchResult | Exception | None) -> None:
        self.result = result
        self.cursors: list[Mapping[str, Any] | None] = []

    async def pull(self, cursor: Mapping[str, Any] | None, fetcher: Fetcher) -> FetchResult:
        self.cursors.append(cursor)
        if self.result is None:
            await asyncio.sleep(60)
        if isinstance(self.result, Exception):
            raise self.result
        assert self.result is not None
        return self.result


async def tried(result: FetchResult | Exception | None, **changes: Any) -> Trial:
    seconds = iter((1.0, 3.5))
    return await try_source(
        Once(result), FakeFetcher([page("")]), monotonic=lambda: next(seconds), **changes
    )


async def test_posts_and_what_was_not_read() -> None:
    found = await tried(
        Ok(posts=(POST,), cursor={}, hint=timedelta(0), rejected=(("row 2", "no text"),))
    )
    assert (found.outcome, found.posts, found.rejected) == (
        Outcome.OK,
        (POST,),
        (("row 2", "no text"),),
    )
    assert (found.more, found.is_good, found.refused, found.took_s) == (True, True, False, 2.5)


@pytest.mark.parametrize(
    ("result", "outcome", "refused"),
    [
        (OkEmpty(cursor={}), Outcome.OK_EMPTY, False),
        (Blocked(reason="http 401", status=401), Outcome.BLOCKED, True),
        (Blocked(reason="http 429", status=429), Outcome.BLOCKED, False),
        (SchemaDrift(fields=("hits",)), Outcome.SCHEMA_DRIFT, False),
        (RuntimeError("odd"), Outcome.FAILED, False),
    ],
)
async def test_every_end_is_an_answer(
    result: FetchResult | Exception, outcome: Outcome, refused: bool
) -> None:
    found = await tried(result)
    assert (found.outcome, found.refused) == (outcome, refused)
    assert found.is_good is (outcome is Outcome.OK_EMPTY)


async def test_no_answer_is_a_failure_in_time() -> None:
    found = await tried(None, patience=timedelta(milliseconds=20))
    assert (found.outcome, found.reason) == (Outcome.FAILED, "no answer within 0.02 s")
