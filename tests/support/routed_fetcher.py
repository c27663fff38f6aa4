"""A fetcher that answers by address, so that a test says what each page of a site is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from crawlers.rate import RateLimit
from crawlers.source import Failed
from tests.support.fetching import Answered, page


class RoutedFetcher:
    """`pages` by path, the query left off; what has none is 404. `asked` are the addresses."""

    def __init__(self) -> None:
        self.pages: dict[str, Answered] = {}
        self.asked: list[str] = []

    def on(self, path: str, data: Any) -> None:
        """Answer the path with JSON."""
        self.pages[path] = page(json.dumps(data, ensure_ascii=False))

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        validators: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
        obey_robots: bool = True,
        rate: RateLimit | None = None,
    ) -> Answered:
        self.asked.append(url)
        path = "/" + url.split("/", 3)[3].partition("?")[0]
        return self.pages.get(path, Failed(reason="http 404 not found", status=404))

    async def post_form(
        self,
        url: str,
        *,
        form: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
        rate: RateLimit | None = None,
    ) -> Answered:
        raise AssertionError("no form is sent here")
