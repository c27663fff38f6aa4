"""Sitemaps as sitemaps.org and the news extension define them, from bytes to entries."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from crawlers.errors import UnreadableAnswer, UnreadableFeed
from crawlers.feeds import decode, strip_prolog
from crawlers.sign_in import describe_page
from crawlers.wire import MAX_URL

MAX_ENTRIES = 50_000
"""As many as the protocol allows in one file."""
MAX_UNPACKED = 50 * 1024 * 1024

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapEntry:
    """A page, or another sitemap; `changed`, `published` and `lang` as written."""

    url: str
    changed: str | None = None
    published: str | None = None
    title: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What one file lists: pages, or the sitemaps of an index."""

    pages: tuple[SitemapEntry, ...] = ()
    sitemaps: tuple[SitemapEntry, ...] = ()


def parse_sitemap(body: bytes, *, url: str, content_type: str = "") -> Sitemap:
    """Read a sitemap or an index, gzip or not; relative addresses are meant from `url`.

    Raises UnreadableAnswer for what is neither, and for a file that unfolds beyond its limits.
    """
    text = decode(_unpacked(body), content_type=content_type)
    try:
        document, root = strip_prolog(text)
    except UnreadableFeed as error:
        raise UnreadableAnswer(f"no sitemap: {error}"[:200]) from error
    kind = root.rpartition(":")[2]
    if kind not in ("urlset", "sitemapindex"):
        what, login = describe_page(text, wanted="a sitemap")
        raise UnreadableAnswer(what if root.lower() == "html" else f"root: {root}", login=login)
    wanted = "url" if kind == "urlset" else "sitemap"
    found = _entries(document, wanted, url)
    return Sitemap(pages=found) if kind == "urlset" else Sitemap(sitemaps=found)


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(_GZIP):
        return body
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        out = unpacker.decompress(body, MAX_UNPACKED + 1)
    except zlib.error as error:
        raise UnreadableAnswer(f"gzip: {error}") from error
    if len(out) > MAX_UNPACKED:
        raise UnreadableAnswer(f"gzip: unpacks to more than {MAX_UNPACKED} bytes")
    if not unpacker.eof:
        raise UnreadableAnswer("gzip: ends too early")
    return out


def _entries(document: str, wanted: str, url: str) -> tuple[SitemapEntry, ...]:
    # Definitions of entities are gone with the prolog; a broken tail costs what stands behind it.
    parser = etree.XMLPullParser(
        events=("end",), resolve_entities=False, no_network=True, recover=True, huge_tree=False
    )
    try:
        parser.feed(document.encode("utf-8", "replace"))
        parser.close()
    except etree.LxmlError as error:
        raise UnreadableAnswer(f"no XML: {error}"[:200]) from error
    found: list[SitemapEntry] = []
    fields: dict[str, str] = {}
    for _, element in parser.read_events():
        name = _local(element.tag)
        if name == wanted:
            entry = _entry(fields, url)
            fields = {}
            if entry is not None:
                found.append(entry)
            if len(found) >= MAX_ENTRIES:
                break
        elif element.text and element.text.strip():
            fields.setdefault(_qualified(element.tag, name), element.text.strip())
    if not found and re.search(rf"<(?:\w+:)?{wanted}[\s>]", document) is not None:
        raise UnreadableAnswer("loc: no entry of this sitemap has an address that can be read")
    return tuple(found)


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _qualified(tag: object, name: str) -> str:
    """Pictures and videos have a `loc` and a `title` of their own, which are not the page's."""
    space = tag.rpartition("}")[0] if isinstance(tag, str) else ""
    other = any(word in space for word in ("image", "video", "xhtml"))
    return f"other.{name}" if other else name


def _entry(fields: dict[str, str], base: str) -> SitemapEntry | None:
    location = fields.get("loc", "")
    try:
        url = urljoin(base, location)
    except ValueError:
        return None
    if not location or len(url) > MAX_URL or not url.startswith(("http://", "https://")):
        return None
    if not url.isprintable() or " " in url:
        return None
    return SitemapEntry(
        url=url,
        changed=fields.get("lastmod"),
        published=fields.get("publication_date"),
        title=fields.get("title"),
        lang=fields.get("language"),
    )
