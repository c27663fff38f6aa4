"""A feed as all its dialects have it in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry in plain text; `date_text` is its date as written, where that could not be read."""

    id: str | None
    link: str | None
    title: str | None
    text: str
    published_at: datetime | None
    date_text: str | None = None
    author: str | None = None
    author_id: str | None = None
    comments: int | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Entries in the order of the document; `rejected` has (place, reason) of those left out.

    `cut_off` says that the document ends too early, so that it should be asked for again.
    """

    dialect: str
    title: str | None
    entries: tuple[FeedEntry, ...]
    rejected: tuple[tuple[str, str], ...] = ()
    ttl: timedelta | None = None
    cut_off: bool = False
