"""What every checkpoint store must do. A back-end subclasses the suite and gives its fixture."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.checkpoint import Checkpoint, CheckpointStore
from crawlers.source import Outcome

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
FULL = Checkpoint(
    source="feed-1",
    cursor={"validators": {"etag": '"a"'}, "seen": {"x": "y"}, "offset": 7, "list": [1, None]},
    next_due_at=NOW,
    failures=3,
    last_outcome=Outcome.BLOCKED,
    last_outcome_at=NOW - timedelta(minutes=1, microseconds=5),
    last_ok_at=NOW - timedelta(hours=1),
    last_reason="http 403 forbidden 拒绝",
)


class CheckpointStoreContract:
    """Subclass it as Test…, overriding `store`."""

    @pytest.fixture
    def store(self) -> CheckpointStore:
        raise NotImplementedError("a back-end gives its store here")

    async def test_a_source_never_pulled_has_no_checkpoint(self, store: CheckpointStore) -> None:
        assert await store.load("feed-1") is None

    async def test_a_checkpoint_comes_back_as_it_was(self, store: CheckpointStore) -> None:
        await store.save(FULL)
        assert await store.load("feed-1") == FULL

    async def test_an_empty_checkpoint_comes_back_as_it_was(self, store: CheckpointStore) -> None:
        await store.save(Checkpoint(source="feed-1"))
        assert await store.load("feed-1") == Checkpoint(source="feed-1")

    async def test_instants_come_back_aware_and_in_utc(self, store: CheckpointStore) -> None:
        await store.save(FULL)
        loaded = await store.load("feed-1")
        assert loaded is not None
        assert loaded.next_due_at is not None
        assert loaded.next_due_at.utcoffset() == timedelta(0)

    async def test_the_last_one_saved_counts(self, store: CheckpointStore) -> None:
        await store.save(FULL)
        moved = replace(FULL, cursor={"offset": 8}, failures=0, last_reason=None)
        await store.save(moved)
        assert await store.load("feed-1") == moved

    async def test_sources_do_not_touch_each_other(self, store: CheckpointStore) -> None:
        await store.save(FULL)
        await store.save(replace(FULL, source="feed-2", cursor=None))
        assert await store.load("feed-1") == FULL

    async def test_due_are_those_whose_time_has_come_longest_first(
        self, store: CheckpointStore
    ) -> None:
        for name, minutes in (("late", -9), ("now", 0), ("soon", 1), ("early", -5)):
            due_at = NOW + timedelta(minutes=minutes)
            await store.save(Checkpoint(source=name, next_due_at=due_at))
        assert await store.due(NOW) == ["late", "early", "now"]

    async def test_a_checkpoint_without_a_time_is_due_first(self, store: CheckpointStore) -> None:
        await store.save(Checkpoint(source="dated", next_due_at=NOW))
        await store.save(Checkpoint(source="undated"))
        assert await store.due(NOW) == ["undated", "dated"]
