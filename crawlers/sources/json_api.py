"""Any JSON API, declared in settings: where its rows are, and which JMESPath finds what on a row.

A new API needs no code. Declarations that ship are kinds of their own: see declared_kinds.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from pydantic import Field, model_validator

from crawlers.board import take_board
from crawlers.declaration import DEFAULT_RATE, ListOrder
from crawlers.errors import UnreadableAnswer
from crawlers.feeds import decode
from crawlers.jmes import search
from crawlers.json_declaration import Embedded, HeaderValue, JsonDeclaration, value_of
from crawlers.json_page import decode_answer, read_page, read_rows, text_at
from crawlers.kind import OPTIONAL_FIELDS, Basis, SourceKind
from crawlers.paging import with_query
from crawlers.post import Channel
from crawlers.row_mapper import RowMapper
from crawlers.sign_in import describe_page
from crawlers.source import Blocked, Cursor, Fetcher, FetchResult, Response
from crawlers.walk import ListPage, Walk

_EMPTY = "an empty list where there must be something: so sites answer those whom they do not like"


class JsonApiSettings(JsonDeclaration):
    """A declaration, and `token`, the secret of its `auth`, which belongs under `secrets`."""

    token: HeaderValue | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        self.check_reason()
        if self.token is None and self.auth is not None and self.auth.required:
            raise ValueError("token: this API answers nobody without one; put it under `secrets`")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonPage:
    """A page of rows; `shown` counts all of them. `refusal` is what the site says instead."""

    list: ListPage = field(default_factory=ListPage)
    shown: int = 0
    refusal: str | None = None


def parse(
    body: bytes,
    *,
    declaration: JsonDeclaration,
    now: datetime,
    url: str,
    position: str | None = None,
    link: str = "",
) -> JsonPage:
    """Read one answer from `url`, with its Link header; raises UnreadableAnswer when it is none."""
    data = decode_answer(_unwrapped(body, declaration.embedded))
    message = text_at([search(declaration.message or "`null`", data)], 0)
    if declaration.refused is not None and search(declaration.refused, data):
        return JsonPage(refusal=message or "it gives no reason")
    rows = search(declaration.rows, data)
    if not isinstance(rows, list):
        said = f"; the site says {message}" if message else ""
        raise UnreadableAnswer(f"{declaration.rows}: {type(rows).__name__}, no list{said}"[:300])
    fields = declaration.fields
    mapper = RowMapper[Mapping[str, Any]](
        declaration,
        fields=fields,
        find=lambda name, row: value_of(fields[name], row),
        now=now,
        url=url,
    )
    read = read_rows(rows, mapper.wire)
    notes = [*(mapper.missing() if read.posts else ())]
    if declaration.note is not None and (note := search(declaration.note, data)):
        notes.append(("answer", str(note)[:300]))
    following = None
    if declaration.paging is not None:
        try:
            following = declaration.paging.following(
                data, position=position, shown=len(rows), url=url, link=link
            )
        except ValueError as error:
            notes.append(("paging", str(error)))
    return JsonPage(
        list=ListPage(posts=read.posts, rejected=read.rejected, notes=tuple(notes), next=following),
        shown=len(rows),
    )


def _unwrapped(body: bytes, embedded: Embedded | None) -> bytes:
    if embedded is None:
        return body
    page = decode(body)
    start = page.find(embedded.after)
    end = page.find(embedded.before, start + len(embedded.after)) if start >= 0 else -1
    if end < 0:
        what, login = describe_page(page, wanted="one with data in it")
        raise UnreadableAnswer(f"{embedded.after}: is missing; {what}"[:300], login=login)
    return page[start + len(embedded.after) : end].encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class JsonApiSource:
    """Walks the pages of a declared API, or reads its board as a whole."""

    name: str
    declaration: JsonDeclaration
    now: Callable[[], datetime]
    token: str | None = field(default=None, repr=False)

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        """Pull the next page of the walk, or the first one."""
        declared, walk = self.declaration, self._walk(cursor)
        url = self._url(walk.at)
        answer = await fetcher.get(
            url, headers=self._headers(), obey_robots=declared.obey_robots, rate=declared.rate
        )
        if isinstance(answer, Blocked) and answer.status == 401:
            what = "give the secret `token`" if declared.auth else "declare its `auth`"
            return Blocked(reason=f"{answer.reason}: this API asks who we are; {what}", status=401)
        if not isinstance(answer, Response):
            return answer
        now, link = self.now(), answer.headers.get("link", "")
        page = await read_page(
            answer,
            lambda body: parse(
                body, declaration=declared, now=now, url=url, position=walk.at, link=link
            ),
        )
        if not isinstance(page, JsonPage):
            return page
        if page.refusal is not None:
            return Blocked(reason=f"the site refuses: {page.refusal}"[:300])
        if walk.at is None and not page.shown and not declared.may_be_empty:
            return Blocked(reason=_EMPTY)
        if declared.order is ListOrder.ANY:
            return take_board(page.list, cursor)
        return walk.take(page.list, max_pages=declared.max_pages)

    def _walk(self, cursor: Cursor | None) -> Walk:
        walk = Walk.resume(cursor)
        paging = self.declaration.paging
        known = walk.at is None or (
            paging is not None and paging.accepts(walk.at, base=self.declaration.base_url)
        )
        return walk if known else Walk(seen=walk.seen)

    def _headers(self) -> dict[str, str]:
        headers = {"accept": "application/json, */*;q=0.1", **self.declaration.headers}
        auth, token = self.declaration.auth, self.token
        if auth is not None and token is not None:
            headers[auth.header] = auth.form.replace("{token}", token)
        return headers

    def _url(self, position: str | None) -> str:
        place = f"{self.declaration.base_url}{self.declaration.path}"
        if self.declaration.paging is None:
            return with_query(place, self.declaration.query)
        return self.declaration.paging.url(place, self.declaration.query, position)


def json_api_source(
    name: str, settings: JsonApiSettings, now: Callable[[], datetime]
) -> JsonApiSource:
    """Build the source for the registry."""
    return JsonApiSource(name, settings, now, settings.token)


JSON_API = SourceKind(
    settings=JsonApiSettings,
    build=json_api_source,
    summary="any JSON API, declared in settings by JMESPath; says its own basis and pace",
    basis=Basis.OFFICIAL_API,
    channel=Channel.SOCIAL,
    rate_limit=DEFAULT_RATE,  # unless the declaration says its own
    fields=tuple(sorted(OPTIONAL_FIELDS)),
)
