"""The article on a news page: its words by readability, its facts by what the page says of itself.

Facts come from JSON-LD (schema.org), meta elements, `time` and, last, a date that readers see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from lxml import etree
from lxml.html import HtmlElement
from readability import Document

from crawlers.errors import UnreadableAnswer
from crawlers.html_tree import parse_html
from crawlers.instant import AUTO, read_instant
from crawlers.json_page import at, decode_json, text_at
from crawlers.markup import html_to_text
from crawlers.sign_in import describe_page
from crawlers.wire import MAX_ID, MAX_TEXT, MAX_TITLE

SHORTEST = 40
"""Characters; with fewer there is no article but a stub, a player or a door."""

MAX_ARTICLE_TAGS, MAX_ARTICLE = 12_000, 500_000
"""Tags and characters. What the library takes out costs as much as the text beside it is long, so
their product counts: at these limits the worst page found costs some seconds."""

_LD = re.compile(r"<script[^>]{0,300}application/ld\+json[^>]{0,300}>", re.IGNORECASE)
_MAX_LD, _MOST_LD = 200_000, 10
_ARTICLES = re.compile(r"Article|BlogPosting|Report$")
_DATES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "publishdate",
    "pubdate",
    "publish_time",
    "publication_date",
    "bytedance:published_time",
    "weibo:article:create_at",
    "dc.date.issued",
    "dc.date",
    "date",
)
_TITLES = ("og:title", "twitter:title", "title")
_AUTHORS = ("author", "article:author", "byl", "mediaid", "dc.creator")
_LANG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")
_SEEN_DATE = re.compile(
    r"\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?[T\s]{0,3}\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
)
_SEEN_HEAD = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says; `published_at` is None where it does not say when."""

    text: str
    title: str | None
    published_at: datetime | None
    author: str | None
    lang: str | None


def extract_article(html: str, *, zone: tzinfo, now: datetime) -> Article:
    """Read the article; dates without a zone are meant in `zone`.

    Costs CPU: run it in a thread. Raises UnreadableAnswer for a page without an article, with
    `login` set where it asks to sign in, and for one beyond the limits of `html_tree`.
    """
    tree = parse_html(html, max_tags=MAX_ARTICLE_TAGS, max_written=MAX_ARTICLE)
    data = _linked_data(html)
    meta = _meta(tree)
    title = text_at(data, "headline") or _first(meta, _TITLES) or _heading(tree)
    seen = _seen_date(tree, data, meta, zone=zone, now=now)
    lang = _lang(tree)
    text = _words(tree)
    stated = html_to_text(text_at(data, "articleBody") or "")
    text = stated if len(text) < SHORTEST <= len(stated) else text
    if len(text) < SHORTEST:
        what, login = describe_page(html, wanted="an article")
        raise UnreadableAnswer(f"no article: {what}"[:200], login=login)
    author = text_at(data, "author", "name") or text_at(data, "author", 0, "name")
    author = author or _first(meta, _AUTHORS)
    return Article(
        text=text[:MAX_TEXT],
        title=None if title is None else html_to_text(title)[:MAX_TITLE] or None,
        published_at=seen,
        author=None if author is None or "://" in author else author[:MAX_ID],
        lang=lang,
    )


def _words(tree: HtmlElement) -> str:
    try:
        summary = Document(tree).summary(html_partial=True)
    except Exception as error:  # the library raises what its parts do: of a page, it found nothing
        raise UnreadableAnswer(f"no article: {type(error).__name__}") from error
    return html_to_text(summary)


def _linked_data(html: str) -> Mapping[str, Any]:
    """The first article among the page's JSON-LD; empty where there is none."""
    for number, opening in enumerate(_LD.finditer(html)):
        end = html.find("</script", opening.end(), opening.end() + _MAX_LD)
        if number >= _MOST_LD:
            break
        if end < 0:
            continue
        try:
            data = decode_json(html[opening.end() : end].encode("utf-8", "replace"))
        except (ValueError, RecursionError):
            continue
        for item in _items(data):
            kinds = item.get("@type")
            named = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and _ARTICLES.search(kind) for kind in named):
                return item
    return {}


def _items(data: Any) -> Iterator[Mapping[str, Any]]:
    for item in data if isinstance(data, list) else [data]:
        if isinstance(item, Mapping):
            yield item
            graph = item.get("@graph")
            yield from (
                (node for node in graph if isinstance(node, Mapping))
                if isinstance(graph, list)
                else ()
            )


def _meta(tree: HtmlElement) -> dict[str, str]:
    """What meta elements say, by property, name or itemprop in lower case; the first one counts."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        for key in ("property", "name", "itemprop"):
            name = (element.get(key) or "").strip().lower()
            if name and content:
                found.setdefault(name, content)
    return found


def _first(found: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((found[name] for name in names if name in found), None)


def _heading(tree: HtmlElement) -> str | None:
    for name in ("h1", "title"):
        for element in tree.iter(name):
            words = " ".join("".join(element.itertext()).split())
            if words:
                return words
    return None


def _seen_date(
    tree: HtmlElement, data: Any, meta: Mapping[str, str], *, zone: tzinfo, now: datetime
) -> datetime | None:
    told = [at(data, "datePublished"), *(meta.get(name) for name in _DATES)]
    told += [element.get("datetime") for element in tree.iter("time")][:5]
    visible = "".join(_head_of(tree))
    told += [found.group() for found in _SEEN_DATE.finditer(visible)][:1]
    for value in told:
        instant = read_instant(value, form=AUTO, zone=zone, now=now)
        if instant is not None:
            return instant
    return None


def _head_of(tree: HtmlElement) -> Iterator[str]:
    """The beginning of the page's text, as far as a date can be expected."""
    length = 0
    for text in tree.itertext(etree.Element, with_tail=True):
        yield text
        length += len(text)
        if length > _SEEN_HEAD:
            return


def _lang(tree: HtmlElement) -> str | None:
    root = next(tree.iter("html"), None)
    lang = "" if root is None else (root.get("lang") or "")
    return lang if _LANG.fullmatch(lang) is not None else None
