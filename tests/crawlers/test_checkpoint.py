from __future__ import annotations

import pytest

from crawlers.checkpoint import CheckpointStore, MemoryCheckpoints
from tests.contracts.checkpoint_store import CheckpointStoreContract


class TestMemoryCheckpoints(CheckpointStoreContract):
    @pytest.fixture
    def store(self) -> CheckpointStore:
        return MemoryCheckpoints()
