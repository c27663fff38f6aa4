"""A source's past on request: pages in order, progress, restarts, ends of every kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.post import Post
from crawlers.source import Blocked, Failed, FetchResult, NotModified, Ok, OkEmpty, SchemaDrift
from service.auth import SYSTEM, Principal, PrincipalKind, Role
from service.db import tables
from service.db.leases import Tenure
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.ingest.past import PastRead, PastState
from service.ingest.source_backfill import MOST_FAILURES, PAGE_EVERY, SourceBackfill, step
from service.jobs import advance
from service.monitors import SourceDraft, Sources
from service.stores.errors import StoreReadOnly
from service.stores.post_store import PostQuery
from tests.support.ingest_scene import BrokenStore, IngestScene
from tests.support.routed_fetcher import RoutedFetcher

NOW = datetime(2026, 3, 10, tzinfo=UTC)
SINCE, UNTIL = NOW - timedelta(days=9), NOW - timedelta(days=1)
PAST = PastRead(
    source_id="s",
    state=PastState.RUNNING,
    since=SINCE,
    until=UNTIL,
    requested_by="system",
    requested_at=NOW,
    updated_at=NOW,
    due_at=NOW,
)
VIEWER = Principal(
    id="usr_v", kind=PrincipalKind.USER, name="v", roles=frozenset({Role.VIEWER}), monitors=None
)


def post(days_ago: float, number: int = 1) -> Post:
    at = NOW - timedelta(days=days_ago)
    return Post(source="s", native_id=str(number), published_at=at, text="退款")


def page(*days_ago: float, more: bool = True) -> Ok:
    hint = timedelta(0) if more else None
    return Ok(posts=tuple(map(post, days_ago)), cursor={"at": 1}, hint=hint)


def test_a_page_on_the_way_moves_cursor_and_share() -> None:
    after = step(PAST, page(2, 3), forward=False, now=NOW)
    assert (after.state, after.cursor, after.pages) == (PastState.RUNNING, {"at": 1}, 1)
    assert (after.share, after.due_at) == (0.25, NOW + PAGE_EVERY)
    forward = step(PAST, page(7, 5), forward=True, now=NOW)
    assert forward.share == 0.5


@pytest.mark.parametrize(
    ("result", "forward", "reason"),
    [
        (page(10, 11), False, None),
        (page(0.5, 0.2), True, None),
        (page(2, more=False), True, None),
        (page(9.5, 2, more=False), False, None),
        (page(4, more=False), False, "nothing older than 2026-03-06"),
        (OkEmpty(cursor={}), False, "no posts of that time"),
        (NotModified(cursor={}), False, "no posts of that time"),
    ],
)
def test_the_way_ends_where_the_range_or_the_source_does(
    result: FetchResult, forward: bool, reason: str | None
) -> None:
    after = step(PAST, result, forward=forward, now=NOW)
    assert (after.state, after.share, after.due_at) == (PastState.DONE, 1.0, None)
    assert (after.reason is None) if reason is None else reason in str(after.reason)


def test_a_page_before_the_range_is_only_on_the_way() -> None:
    assert step(PAST, page(0.5), forward=False, now=NOW).state is PastState.RUNNING
    assert step(PAST, page(9.5), forward=True, now=NOW).state is PastState.RUNNING


def test_failures_are_tried_again_later_and_later_and_then_no_more() -> None:
    past, waits = PAST, []
    for _ in range(MOST_FAILURES - 1):
        past = step(past, Failed(reason="http 500"), forward=False, now=NOW)
        assert past.due_at is not None
        waits.append((past.due_at - NOW).total_seconds() / 60)
    assert waits == [1, 2, 4, 8, 16]
    last = step(past, SchemaDrift(fields=("hits",)), forward=False, now=NOW)
    assert (last.state, last.reason) == (PastState.FAILED, "drift: hits")
    assert step(past, page(2), forward=False, now=NOW).failures == 0


def test_a_retry_after_is_obeyed() -> None:
    limited = Blocked(reason="429", retry_after=timedelta(hours=1))
    assert step(PAST, limited, forward=False, now=NOW).due_at == NOW + timedelta(hours=1)


RESULTS = st.one_of(
    st.builds(
        lambda days, more: page(*days, more=more),
        st.lists(st.floats(0, 20), min_size=1, max_size=4),
        st.booleans(),
    ),
    st.sampled_from(
        [OkEmpty(cursor={}, hint=timedelta(0)), Failed(reason="x"), Blocked(reason="y")]
    ),
)


@settings(max_examples=60)
@given(st.lists(RESULTS, max_size=30), st.booleans())
def test_progress_never_goes_back_and_an_end_is_an_end(
    story: list[FetchResult], forward: bool
) -> None:
    past = PAST
    for result in story:
        after = step(past, result, forward=forward, now=NOW)
        assert past.share <= after.share <= 1.0
        assert (after.due_at is None) is (after.state is not PastState.RUNNING)
        if after.state is not PastState.RUNNING:
            return
        past = replace(after)


class Steam:
    """A game with reviews on pages of two, newest first, and the job over it."""

    def __init__(self, scene: IngestScene, *, reviews: int = 8) -> None:
        self.scene = scene
        self.web = RoutedFetcher()
        self.web.get = self._get  # type: ignore[method-assign]
        self.reviews = reviews
        self.sources = Sources(scene.database, scene.clock, scene.ring)
        self.store = BrokenStore(scene.store)
        self.began = scene.clock.now()
        self.job = self.another()

    def another(self) -> SourceBackfill:
        return SourceBackfill(
            database=self.scene.database,
            clock=self.scene.clock,
            sources=self.sources,
            fetcher=self.web,
            ingest=self.scene.over(self.store),
            gate=self.scene.gate,
            tenure=Tenure(self.scene.database, "pulling", owner="one", now=self.scene.clock.now),
        )

    async def made(self) -> Steam:
        draft = SourceDraft(
            id="game", kind="steam", name="Game", settings={"app_id": "7", "max_pages": 1}
        )
        await self.sources.put(SYSTEM, draft)
        return self

    def days_ago(self, days: float) -> datetime:
        return self.began - timedelta(days=days)

    async def run(self, **duration: float) -> None:
        until = self.scene.clock.now() + timedelta(**duration)
        await advance(self.scene.clock, [self.job], until)

    async def _get(self, url: str, **_: Any) -> Any:
        self.web.asked.append(url)
        cursor = url.partition("cursor=")[2].partition("&")[0]
        start = 0 if cursor in ("*", "%2A") else int(cursor.removeprefix("p"))
        rows = [self._row(number) for number in range(start, min(start + 2, self.reviews))]
        self.web.on(
            "/page",
            {
                "success": 1,
                "query_summary": {"num_reviews": len(rows), "total_reviews": self.reviews},
                "reviews": rows,
                "cursor": f"p{start + 2}",
            },
        )
        return self.web.pages["/page"]

    def _row(self, number: int) -> dict[str, Any]:
        at = self.days_ago(number + 0.5)
        return {
            "recommendationid": str(number),
            "author": {"steamid": "7656"},
            "language": "schinese",
            "review": f"澄屿联动第{number}次",
            "timestamp_created": int(at.timestamp()),
            "voted_up": True,
            "votes_up": 0,
            "comment_count": 0,
        }


@pytest.fixture
async def steam(scene: IngestScene) -> Steam:
    return await Steam(scene).made()


async def test_the_posts_of_the_range_are_stored_page_by_page(steam: Steam) -> None:
    await steam.job.begin(SYSTEM, "game", since=steam.days_ago(5), until=steam.days_ago(1))
    await steam.run(minutes=5)
    past = await steam.job.progress("game")
    assert (past.state, past.posts, past.stored, past.share) == (PastState.DONE, 4, 4, 1.0)
    found = await steam.scene.store.search(PostQuery())
    assert sorted(item.post.native_id for item in found.items) == ["1", "2", "3", "4"]
    assert {item.post.via for item in found.items} == {"game"}
    assert past.pages == len(steam.web.asked) == 4, "the settings' one page does not bound it"


async def test_what_is_stored_already_is_counted_and_changes_nothing(steam: Steam) -> None:
    for _ in range(2):
        await steam.job.begin(SYSTEM, "game", since=steam.days_ago(5))
        await steam.run(minutes=5)
    past = await steam.job.progress("game")
    assert (past.posts, past.stored) == (5, 0)


async def test_a_restart_goes_on_where_it_was(steam: Steam) -> None:
    await steam.job.begin(SYSTEM, "game", since=steam.days_ago(99))
    await steam.run(seconds=6)
    steam.job = steam.another()
    await steam.run(minutes=5)
    past = await steam.job.progress("game")
    assert len(steam.web.asked) == past.pages == 5
    assert past.stored == 8
    assert "nothing older than" in str(past.reason)


async def test_while_the_store_is_full_it_waits_and_loses_no_page(steam: Steam) -> None:
    steam.store.refusals, steam.store.error = 1, StoreReadOnly("full")
    await steam.job.begin(SYSTEM, "game", since=steam.days_ago(99))
    with pytest.raises(StoreReadOnly):
        await steam.job.run(steam.scene.clock.now())
    due = await steam.job.next_at()
    assert due == steam.scene.clock.now() + timedelta(seconds=10)
    await steam.run(minutes=5)
    assert (await steam.job.progress("game")).stored == 8


async def test_it_stops_when_its_source_is_switched_off(steam: Steam) -> None:
    await steam.job.begin(SYSTEM, "game", since=steam.days_ago(99))
    await steam.run(seconds=6)
    asked = len(steam.web.asked)
    await steam.sources.switch(SYSTEM, "game", enabled=False)
    await steam.run(minutes=5)
    past = await steam.job.progress("game")
    assert (past.state, len(steam.web.asked)) == (PastState.STOPPED, asked)
    assert "switched off" in str(past.reason)


async def test_it_can_be_stopped_and_begun_anew(steam: Steam) -> None:
    await steam.job.begin(SYSTEM, "game", since=steam.days_ago(99))
    with pytest.raises(Conflict, match="stop that first"):
        await steam.job.begin(SYSTEM, "game", since=steam.days_ago(9))
    await steam.job.stop(SYSTEM, "game")
    assert await steam.job.next_at() is None
    with pytest.raises(Conflict, match="stopped"):
        await steam.job.stop(SYSTEM, "game")
    await steam.job.begin(SYSTEM, "game", since=steam.days_ago(2))
    await steam.run(minutes=5)
    assert (await steam.job.progress("game")).state is PastState.DONE
    async with steam.scene.database.read() as connection:
        actions = (await connection.execute(tables.audit_entry.select())).mappings().all()
    assert [row["action"] for row in actions if "backfill" in row["action"]] == [
        "source.backfill_begun",
        "source.backfill_stopped",
        "source.backfill_begun",
    ]


async def test_what_cannot_be_meant_is_refused(steam: Steam) -> None:
    now = steam.scene.clock.now()
    with pytest.raises(InvalidInput):
        await steam.job.begin(SYSTEM, "game", since=now, until=now - timedelta(days=1))
    with pytest.raises(InvalidInput):
        await steam.job.begin(SYSTEM, "game", since=now, until=now + timedelta(days=1))
    with pytest.raises(NotFound):
        await steam.job.begin(SYSTEM, "none", since=now - timedelta(days=1))
    with pytest.raises(NotFound):
        await steam.job.progress("game")
    with pytest.raises(Forbidden):
        await steam.job.begin(VIEWER, "game", since=now - timedelta(days=1))
    with pytest.raises(Forbidden):
        await steam.job.stop(VIEWER, "game")


async def test_a_source_that_is_deleted_meanwhile_ends_it(steam: Steam) -> None:
    await steam.job.begin(SYSTEM, "game", since=steam.days_ago(99))
    await steam.run(seconds=6)
    await steam.sources.delete(SYSTEM, "game")
    await steam.run(minutes=1)
    assert await steam.job.next_at() is None


async def test_a_source_that_can_begin_in_the_past_goes_forward(scene: IngestScene) -> None:
    steam = Steam(scene)
    draft = SourceDraft(
        id="town", kind="mastodon", name="T", settings={"base_url": "https://town.example"}
    )
    await steam.sources.put(SYSTEM, draft)
    past = await steam.job.begin(SYSTEM, "town", since=steam.days_ago(3))
    assert past.cursor is not None
    assert int(past.cursor["min_id"]) >> 16 == int(steam.days_ago(3).timestamp() * 1000)
