"""Any list of posts on public pages, declared by CSS selectors: forums, complaint boards, reviews.

For pages that everybody may read without signing in; robots.txt is obeyed, always. A page without
a single row is told apart: a sign-in page is a refusal, the page's own words for "nothing found"
are calm, and anything else is drift.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Literal, Self
from urllib.parse import urljoin

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement, tostring
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from crawlers.board import take_board
from crawlers.declaration import DEFAULT_RATE, Declaration, ListOrder
from crawlers.errors import UnreadableAnswer
from crawlers.html_tree import parse_html, read_html
from crawlers.json_page import read_page, read_rows
from crawlers.kind import OPTIONAL_FIELDS, Basis, SourceKind
from crawlers.mapping import FieldName
from crawlers.markup import html_to_text
from crawlers.paging import same_origin
from crawlers.post import Channel
from crawlers.row_mapper import RowMapper
from crawlers.sign_in import describe_page
from crawlers.source import Cursor, Fetcher, FetchResult, Response
from crawlers.walk import ListPage, Walk

_MAX_SELECTOR = 300
_MAX_ROWS = 2_000
_MAX_PATTERN = 200
_MAX_ADDRESS = 2_000


@lru_cache(maxsize=1_024)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def _selector(text: str) -> str:
    if len(text) > _MAX_SELECTOR:
        raise ValueError(f"has {len(text)} characters; at most {_MAX_SELECTOR} are taken")
    try:
        _compiled(text)
    except (SelectorError, etree.XPathError, ValueError) as error:
        raise ValueError(f"{text!r} is no CSS selector: {error}") from None
    return text


Selector = Annotated[str, AfterValidator(_selector)]
"""A CSS selector that compiles."""


class Pick(BaseModel):
    """Where a field stands on a row: the first element of `css` (the row itself without one), its
    text or an attribute, and of that what comes right after `after` up to `before`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    css: Selector | None = None
    attribute: str | None = Field(default=None, pattern=r"^[a-zA-Z_][\w.:-]{0,60}$")
    after: str | None = Field(default=None, min_length=1, max_length=_MAX_PATTERN)
    before: str | None = Field(default=None, min_length=1, max_length=_MAX_PATTERN)


class HtmlListSettings(Declaration):
    """`rows` selects the rows of a page and `fields` what stands where on a row.

    `nothing_found` selects what such a page shows when it has no rows. The next page is what `next`
    selects, a link; or `path` with `{page}` in it counts from `first_page`.
    """

    basis: Literal[Basis.PUBLIC_FEED, Basis.UNOFFICIAL, Basis.OPERATOR_EXPORT] = Basis.PUBLIC_FEED
    obey_robots: Literal[True] = True
    channel: Channel = Channel.THIRD_PARTY
    path: str = Field(pattern=r"^/[!-~]*$", max_length=1_000)
    rows: Selector
    nothing_found: Selector | None = None
    next: Selector | None = None
    first_page: int = Field(default=1, ge=0, le=1_000)
    fields: dict[FieldName, Selector | Pick]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        self.check_reason()
        self.check_fields(set(self.fields))
        if self.next is not None and "{page}" in self.path:
            raise ValueError("next: the path counts pages already; say one of both")
        if self.order is ListOrder.ANY and (self.next or "{page}" in self.path):
            raise ValueError("next: a list in no order of time is read as one page")
        return self

    @property
    def counts_pages(self) -> bool:
        return "{page}" in self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlPage:
    """A page of rows. `shown` counts all of them; `is_empty` says that the page itself says so."""

    list: ListPage = field(default_factory=ListPage)
    shown: int = 0
    is_empty: bool = False


def parse(
    body: bytes,
    *,
    settings: HtmlListSettings,
    now: datetime,
    url: str,
    position: str | None = None,
    content_type: str = "",
) -> HtmlPage:
    """Read one page from `url`; raises UnreadableAnswer for one with neither rows nor a word of it.

    Past the first page none is needed: there the list ends.
    """
    html = read_html(body, content_type=content_type)
    tree = parse_html(html)
    rows = _compiled(settings.rows)(tree)
    if not rows:
        what, login = describe_page(html, wanted="the list")
        if settings.nothing_found is not None and _compiled(settings.nothing_found)(tree):
            return HtmlPage(is_empty=True)
        if login or position is None or not settings.counts_pages:
            raise UnreadableAnswer(f"rows: {settings.rows} selects nothing; {what}", login=login)
        return HtmlPage(is_empty=True)
    fields = settings.fields
    mapper = RowMapper[HtmlElement](
        settings,
        fields=fields,
        find=lambda name, row: picked(fields[name], row),
        now=now,
        url=url,
    )
    shaped = [{"row": row} for row in rows[:_MAX_ROWS]]
    read = read_rows(shaped, lambda row: mapper.wire(row["row"]))
    notes = [*(mapper.missing() if read.posts else ())]
    following = None
    try:
        following = _following(tree, settings, url=url, position=position)
    except ValueError as error:
        notes.append(("next", str(error)))
    return HtmlPage(
        list=ListPage(posts=read.posts, rejected=read.rejected, notes=tuple(notes), next=following),
        shown=len(rows),
    )


def picked(rule: str | Pick, row: HtmlElement) -> str | None:
    """What a rule finds on a row, as text; None where it finds nothing."""
    pick = Pick(css=rule) if isinstance(rule, str) else rule
    found = [row] if pick.css is None else _compiled(pick.css)(row)
    if not found:
        return None
    if pick.attribute is not None:
        value = found[0].get(pick.attribute.lower()) or ""
    else:
        value = html_to_text(tostring(found[0], encoding="unicode", with_tail=False))
    value = _between(value, pick)
    return value.strip() or None


def _between(value: str, pick: Pick) -> str:
    if pick.after is not None:
        _, mark, value = value.partition(pick.after)
        if not mark:
            return ""
    return value if pick.before is None else value.partition(pick.before)[0]


def _following(
    tree: HtmlElement, settings: HtmlListSettings, *, url: str, position: str | None
) -> str | None:
    """Where the next page is; raises ValueError for one on another site."""
    if settings.counts_pages:
        return str((settings.first_page if position is None else int(position)) + 1)
    links = [] if settings.next is None else _compiled(settings.next)(tree)
    link = next((href for element in links if (href := element.get("href"))), None)
    if link is None or len(link) > _MAX_ADDRESS:
        return None
    target: str = urljoin(url, link.strip()).partition("#")[0]
    if target == url.partition("#")[0]:
        return None
    if not _is_home(target, settings.base_url):
        raise ValueError(
            f"the next page is on another site: {target[:200]}; where it is this one, "
            "declare it as base_url"
        )
    return target


def _is_home(url: str, base_url: str) -> bool:
    """Whether a page is of the declared site, which may have moved from http to https."""
    secure = re.sub("^http:", "https:", base_url, flags=re.IGNORECASE)
    return same_origin(url, base_url) or same_origin(url, secure)


@dataclass(frozen=True, slots=True)
class HtmlListSource:
    """Walks the pages of a declared list, or reads its board as a whole."""

    name: str
    settings: HtmlListSettings
    now: Callable[[], datetime]

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        """Pull the next page of the walk, or the first one."""
        settings, walk = self.settings, self._walk(cursor)
        url = self._url(walk.at)
        answer = await fetcher.get(
            url, headers={"accept": "text/html, */*;q=0.1"}, rate=settings.rate
        )
        if not isinstance(answer, Response):
            return answer
        now, kind = self.now(), answer.headers.get("content-type", "")
        page = await read_page(
            answer,
            lambda body: parse(
                body,
                settings=settings,
                now=now,
                url=answer.url,
                position=walk.at,
                content_type=kind,
            ),
        )
        if not isinstance(page, HtmlPage):
            return page
        if settings.order is ListOrder.ANY:
            return take_board(page.list, cursor)
        return walk.take(page.list, max_pages=settings.max_pages)

    def _walk(self, cursor: Cursor | None) -> Walk:
        walk = Walk.resume(cursor)
        if walk.at is None:
            return walk
        if self.settings.counts_pages:
            known = re.fullmatch(r"\d{1,6}", walk.at, re.ASCII) is not None
        else:
            known = self.settings.next is not None and _is_home(walk.at, self.settings.base_url)
        return walk if known else Walk(seen=walk.seen)

    def _url(self, position: str | None) -> str:
        if position is not None and not self.settings.counts_pages:
            return position
        number = position or str(self.settings.first_page)
        return f"{self.settings.base_url}{self.settings.path.replace('{page}', number)}"


def html_list_source(
    name: str, settings: HtmlListSettings, now: Callable[[], datetime]
) -> HtmlListSource:
    """Build the source for the registry."""
    return HtmlListSource(name, settings, now)


HTML_LIST = SourceKind(
    settings=HtmlListSettings,
    build=html_list_source,
    summary="any list on public pages, declared by CSS selectors; says its own basis and pace",
    basis=Basis.PUBLIC_FEED,
    channel=Channel.THIRD_PARTY,
    rate_limit=DEFAULT_RATE,  # unless the declaration says its own
    fields=tuple(sorted(OPTIONAL_FIELDS - {"author.verified"})),
)
