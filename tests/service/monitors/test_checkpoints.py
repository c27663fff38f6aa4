from __future__ import annotations

import pytest

from crawlers import Checkpoint, CheckpointStore, Outcome
from service.db import Database
from service.monitors import DurableCheckpoints
from tests.contracts.checkpoint_store import CheckpointStoreContract


class TestDurableCheckpoints(CheckpointStoreContract):
    @pytest.fixture
    def store(self, database: Database) -> CheckpointStore:
        return DurableCheckpoints(database)


async def test_a_checkpoint_outlives_its_store(database: Database) -> None:
    kept = Checkpoint(source="news", failures=2, last_outcome=Outcome.BLOCKED)
    await DurableCheckpoints(database).save(kept)
    assert await DurableCheckpoints(database).load("news") == kept


async def test_reasons_with_nul_are_kept_without(database: Database) -> None:
    await DurableCheckpoints(database).save(
        Checkpoint(source="news", last_reason="a\x00b", cursor={"x": "\x00"})
    )
    loaded = await DurableCheckpoints(database).load("news")
    assert loaded is not None
    assert (loaded.last_reason, loaded.cursor) == ("ab", {"x": ""})
