"""A real browser on a served console; the tests of this folder need Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.console_walk import CHROMIUM, PHONE, Walk, open_walk

NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is a browser's."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(NEEDS_CHROMIUM)


@pytest.fixture
async def walk(tmp_path: Path) -> AsyncIterator[Walk]:
    """At a desk: 1440 × 900, Chinese, light."""
    async with open_walk(tmp_path) as opened:
        yield opened


@pytest.fixture
async def phone(tmp_path: Path) -> AsyncIterator[Walk]:
    """On a telephone: 390 × 844, touched, Chinese, light."""
    async with open_walk(tmp_path, size=PHONE, phone=True) as opened:
        yield opened
