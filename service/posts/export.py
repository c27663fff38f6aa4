"""Posts as a file: personal information masked, formulas disarmed, written as it is read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from nlp.pii import masked
from service import audit
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.delivery.render import instant_text
from service.moderation.review.export import csv_line
from service.posts.filters import PageRequest
from service.posts.service import Posts
from service.stores import Page, StoredPost

MOST_EXPORTED = 50_000
"""Rows of one file; a longer search is exported in parts, by its time."""
_AT_ONCE = 200
_MARK = b"\xef\xbb\xbf"
"""Without it a spreadsheet takes Chinese in a CSV for something else."""
COLUMNS = (
    "id",
    "published_at",
    "source",
    "channel",
    "author",
    "followers",
    "verified",
    "title",
    "text",
    "url",
    "lang",
    "sentiment",
    "emotion",
    "intent",
    "severity",
    "scenario",
    "categories",
    "monitors",
    "reposts",
    "comments",
    "likes",
    "views",
    "rating",
    "copy_group",
    "version",
    "deleted_at",
)


class ExportForm(StrEnum):
    """What posts are written as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


MEDIA_TYPES: Mapping[ExportForm, str] = {
    ExportForm.CSV: "text/csv; charset=utf-8",
    ExportForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportForm.JSONL: "application/x-ndjson",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file on its way. `found` is how many posts match (at most, where the store cannot tell),
    `limit` how many of them a file holds."""

    lines: AsyncIterator[bytes]
    form: ExportForm
    found: int
    limit: int


class PostExport:
    """Reads a page at a time, so that a long export costs no more memory than a page."""

    def __init__(
        self, *, database: Database, clock: Clock, posts: Posts, most: int = MOST_EXPORTED
    ) -> None:
        self._database = database
        self._clock = clock
        self._posts = posts
        self._most = most

    async def start(
        self,
        principal: Principal,
        request: PageRequest,
        *,
        form: ExportForm,
        asked: Mapping[str, Any],
    ) -> Export:
        """The file of a search in its order, after it was audited; `asked` says in the trail what
        was searched for. Raises Forbidden, BadCursor, StoreError.
        """
        principal.require(Action.EXPORT, Resource.POST)
        request = replace(request, limit=_AT_ONCE)
        first = await self._posts.search(request)
        async with self._database.write() as connection:
            await audit.record(
                connection,
                at=self._clock.now(),
                actor=principal.id,
                action="posts.exported",
                subject_type="post",
                subject_id="search",
                data={
                    "form": form.value,
                    "found": first.total,
                    "limit": self._most,
                    "asked": dict(asked),
                },
            )
        write = self._sheet if form is ExportForm.XLSX else self._lines
        return Export(
            lines=write(request, first, form), form=form, found=first.total, limit=self._most
        )

    async def _rows(self, request: PageRequest, first: Page) -> AsyncIterator[dict[str, Any]]:
        page, left = first, self._most
        while True:
            for found in page.items[:left]:
                yield post_row(found.post)
            left -= len(page.items)
            if page.next is None or left <= 0:
                return
            page = await self._posts.search(replace(request, cursor=page.next))

    async def _lines(
        self, request: PageRequest, first: Page, form: ExportForm
    ) -> AsyncIterator[bytes]:
        if form is ExportForm.CSV:
            yield _MARK + csv_line(COLUMNS)
        async for row in self._rows(request, first):
            if form is ExportForm.CSV:
                yield csv_line([_cell(row[name]) for name in COLUMNS])
            else:
                yield orjson.dumps(row) + b"\n"

    async def _sheet(
        self, request: PageRequest, first: Page, _form: ExportForm
    ) -> AsyncIterator[bytes]:
        """A workbook is a ZIP, whose end must be known before its beginning: through a file."""
        # Importing what writes XLSX takes a fifth of a second: few processes write any.
        from service.posts.workbook import Workbook

        with Workbook(COLUMNS) as book:
            async for row in self._rows(request, first):
                book.add([row[name] for name in COLUMNS])
            async for chunk in book.written():
                yield chunk


def post_row(post: StoredPost) -> dict[str, Any]:
    """A post as a row of a file, by column; the author is a pseudonym."""
    row: dict[str, Any] = {name: getattr(post, name, None) for name in COLUMNS}
    for name in ("emotion", "intent"):
        row[name] = (post.analysis.get(name) or {}).get("label")
    for name in ("title", "text"):
        row[name] = None if row[name] is None else masked(str(row[name]))
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, tuple):
        return list(value)
    # JSON has no form for half of a surrogate pair, which a store may have kept.
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "|".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
