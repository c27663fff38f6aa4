"""RSS 0.9x to 2.0, RDF and Atom through feedparser, without its ways of opening things itself."""

from __future__ import annotations

import io
import logging
import re
from datetime import timedelta, tzinfo
from typing import Any
from urllib.parse import urljoin

import feedparser

from crawlers.errors import UnreadableFeed
from crawlers.feeds.dates import parse_date
from crawlers.feeds.entry import Feed, FeedEntry
from crawlers.feeds.prolog import strip_prolog
from crawlers.feeds.salvage import entries_apart, legal_references
from crawlers.markup import html_to_text
from crawlers.sign_in import describe_page

log = logging.getLogger(__name__)

_MAX_TAGS = 200_000
"""feedparser takes some 20 µs a tag; a feed of a hundred articles has some thousands."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def read_xml_feed(text: str, *, url: str, zone: tzinfo) -> Feed:
    """Read a feed of any XML dialect; raises UnreadableFeed when it is none."""
    document, root = strip_prolog(legal_references(_ILLEGAL.sub("", text)))
    if root.lower() in ("html", "head", "body"):
        what, login = describe_page(document, wanted="a feed")
        raise UnreadableFeed(what, login=login)
    if document.count("<") > _MAX_TAGS:
        raise UnreadableFeed(f"the parser is spared more than {_MAX_TAGS} tags")
    try:
        answer = _parse(document)
    except Exception:  # feedparser has holes for odd markup; one entry must not cost the others
        log.info("feed.salvaged", extra={"url": url}, exc_info=True)
        return _salvage(document, root, url=url, zone=zone)
    if not answer.entries and not answer.version:
        raise UnreadableFeed(f"root element <{root}> is of no feed")
    entries = [_entry(raw, url=url, zone=zone) for raw in answer.entries]
    rejected: list[tuple[str, str]] = []
    cut_off = bool(answer.bozo) and _ends_early(document, root)
    if cut_off:
        reason = "the document ends too early"
        if entries and _ends_within_entry(document):
            entries.pop()
            reason += ", within this entry"
        rejected.append((f"entry {len(entries) + 1}", reason))
    feed = answer.feed
    lang = _text(feed.get("language"))
    return Feed(
        dialect=str(answer.version) or root.lower(),
        title=html_to_text(_text(feed.get("title")) or "") or None,
        entries=tuple(entries if lang is None else [_spoken(entry, lang) for entry in entries]),
        rejected=tuple(rejected),
        ttl=_ttl(feed.get("ttl")),
        cut_off=cut_off,
    )


def _parse(document: str) -> Any:
    # A stream, not bytes: feedparser takes bare bytes for a path that it may open.
    return feedparser.parse(
        io.BytesIO(f"<?xml version='1.0' encoding='utf-8'?>{document}".encode()),
        # No location either: feedparser would make URLs of ids such as 17. Links are joined here.
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _salvage(document: str, root: str, *, url: str, zone: tzinfo) -> Feed:
    """Read the entries one by one and leave out those that the parser cannot bear."""
    entries: list[FeedEntry] = []
    rejected: list[tuple[str, str]] = []
    for number, piece in enumerate(entries_apart(document, root), 1):
        try:
            entries += [_entry(raw, url=url, zone=zone) for raw in _parse(piece).entries]
        except Exception as error:
            rejected.append((f"entry {number}", f"the parser gave up: {type(error).__name__}"))
    if not entries:
        raise UnreadableFeed("the parser gave up on every entry")
    return Feed(dialect=root.lower(), title=None, entries=tuple(entries), rejected=tuple(rejected))


def _entry(raw: Any, *, url: str, zone: tzinfo) -> FeedEntry:
    date, parsed = _date(raw)
    published_at = parse_date(date, zone=zone, parsed=parsed)
    author, author_id = _author(raw)
    link = _text(raw.get("link"))
    return FeedEntry(
        id=_text(raw.get("id")),
        link=None if link is None else _join(url, link),
        title=_plain(raw.get("title"), raw.get("title_detail")) or None,
        text=_body(raw),
        published_at=published_at,
        date_text=date if published_at is None else None,
        author=author,
        author_id=author_id,
        comments=_count(raw.get("slash_comments")),
    )


def _date(raw: Any) -> tuple[str | None, Any]:
    """The first date that the entry has; a plain look-up, since feedparser's substitutes others."""
    for key in ("published", "created", "updated"):
        text = _text(dict.get(raw, key))
        if text is not None:
            return text, dict.get(raw, f"{key}_parsed")
    return None, None


def _body(raw: Any) -> str:
    """The longest of content and summary: sites put the article into either."""
    texts = [
        _plain(part.get("value"), part)
        for part in raw.get("content") or ()
        if isinstance(part, dict)
    ]
    texts.append(_plain(raw.get("summary"), raw.get("summary_detail")))
    texts.append(_plain(raw.get("media_description"), None))
    return max(texts, key=len)


def _plain(value: object, detail: object) -> str:
    text = _text(value)
    if text is None:
        return ""
    if isinstance(detail, dict) and detail.get("type") == "text/plain":
        return text
    return html_to_text(text)


def _author(raw: Any) -> tuple[str | None, str | None]:
    detail = raw.get("author_detail")
    if not isinstance(detail, dict):
        name = _text(raw.get("author"))
        return name, name
    name = _text(detail.get("name"))
    return name, _text(detail.get("href")) or _text(detail.get("email")) or name


def _spoken(entry: FeedEntry, lang: str) -> FeedEntry:
    return FeedEntry(
        **{name: getattr(entry, name) for name in FeedEntry.__slots__ if name != "lang"}, lang=lang
    )


def _ttl(value: object) -> timedelta | None:
    """`ttl` counts minutes."""
    minutes = _count(value)
    return timedelta(minutes=minutes) if minutes and minutes <= 7 * 24 * 60 else None


def _count(value: object) -> int | None:
    text = _text(value)
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _ends_early(document: str, root: str) -> bool:
    return f"</{root}".lower() not in document.lower()


def _ends_within_entry(document: str) -> bool:
    tail = document.lower()
    opened = max(tail.rfind("<item"), tail.rfind("<entry"))
    closed = max(tail.rfind("</item"), tail.rfind("</entry"))
    return opened > closed


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _join(base: str, link: str) -> str | None:
    try:
        return urljoin(base, link)
    except ValueError:
        return None
