"""A real browser on a served console; the tests of this folder need Chromium.

They share one browser, and so one event loop; each has a console, a context and cookies of its own.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.support.console_walk import CHROMIUM, PHONE, Walk, chromium, open_walk

NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is a browser's."""
    here = Path(__file__).parent
    for item in items:
        if here not in item.path.parents:
            continue
        item.add_marker(pytest.mark.browser)
        item.add_marker(NEEDS_CHROMIUM)
        if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.function):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def walk(browser: Browser, tmp_path: Path) -> AsyncIterator[Walk]:
    """At a desk: 1440 × 900, Chinese, light."""
    async with open_walk(browser, tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser, tmp_path: Path) -> AsyncIterator[Walk]:
    """On a telephone: 390 × 844, touched, Chinese, light."""
    async with open_walk(browser, tmp_path, size=PHONE, phone=True) as opened:
        yield opened
