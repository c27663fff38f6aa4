"""JSON Feed 1.0 and 1.1, forgiving about everything but the list of items."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import tzinfo
from typing import Any
from urllib.parse import urljoin

from crawlers.errors import UnreadableFeed
from crawlers.feeds.dates import parse_date
from crawlers.feeds.entry import Feed, FeedEntry
from crawlers.json_page import text_of
from crawlers.markup import html_to_text


def read_json_feed(text: str, *, url: str, zone: tzinfo) -> Feed:
    """Read a JSON Feed; raises UnreadableFeed when it is none."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFeed(f"broken JSON: {error}"[:200]) from error
    if not isinstance(document, Mapping):
        raise UnreadableFeed("JSON that is no object")
    items = document.get("items")
    version = document.get("version")
    if not isinstance(items, list):
        raise UnreadableFeed("items: JSON without the list of a feed")
    if not (isinstance(version, str) and "jsonfeed.org/version/" in version):
        raise UnreadableFeed("version: JSON that does not say it is a JSON Feed")
    lang = text_of(document.get("language"))
    entries: list[FeedEntry] = []
    rejected: list[tuple[str, str]] = []
    for number, item in enumerate(items):
        if isinstance(item, Mapping):
            entries.append(_entry(item, url=url, zone=zone, lang=lang))
        else:
            rejected.append((f"items[{number}]", "is no object"))
    return Feed(
        dialect="json" + version.rpartition("/")[2][:4],
        title=text_of(document.get("title")),
        entries=tuple(entries),
        rejected=tuple(rejected),
    )


def _entry(item: Mapping[str, Any], *, url: str, zone: tzinfo, lang: str | None) -> FeedEntry:
    date = text_of(item.get("date_published")) or text_of(item.get("date_modified"))
    published_at = parse_date(date, zone=zone)
    author, author_id = _author(item)
    link = text_of(item.get("url")) or text_of(item.get("external_url"))
    return FeedEntry(
        id=text_of(item.get("id")),
        link=None if link is None else _join(url, link),
        title=html_to_text(text_of(item.get("title")) or "") or None,
        text=_body(item),
        published_at=published_at,
        date_text=date if published_at is None else None,
        author=author,
        author_id=author_id,
        lang=text_of(item.get("language")) or lang,
    )


def _body(item: Mapping[str, Any]) -> str:
    plain = text_of(item.get("content_text"))
    if plain is not None:
        return plain
    for key in ("content_html", "summary"):
        found = html_to_text(text_of(item.get(key)) or "")
        if found:
            return found
    return ""


def _author(item: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Name and id of the first author: a list in 1.1, a single object in 1.0."""
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else item.get("author")
    if not isinstance(first, Mapping):
        return None, None
    name, link = text_of(first.get("name")), text_of(first.get("url"))
    return name, link or name


def _join(base: str, link: str) -> str | None:
    try:
        return urljoin(base, link)
    except ValueError:
        return None
