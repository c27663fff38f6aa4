"""An embedded post store and what the jobs that forget need beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nlp.text.search_tokens import search_phrases
from service.stores.sqlite import SqlitePostStore


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlitePostStore]:
    opened = SqlitePostStore(
        tmp_path / "posts.db",
        query_phrases=lambda text: search_phrases(text.lower()),
        durable=False,
    )
    await opened.migrate()
    yield opened
    await opened.close()
