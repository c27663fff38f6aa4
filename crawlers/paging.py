"""Where the next page of a list is: five ways in which APIs say so, as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urlencode, urljoin, urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from crawlers.jmes import JmesPath, search
from crawlers.json_page import text_at

_LINK = re.compile(r"<([^<>]{1,2000})>\s*;[^,]*?\brel=\"?next\"?")
_MAX_POSITION = 2_000


class PagingKind(StrEnum):
    """What names a page."""

    PAGE = "page"
    """Its number."""
    OFFSET = "offset"
    """How many entries stand before it."""
    CURSOR = "cursor"
    """A word that the page before has given."""
    LINK = "link"
    """The Link header (rel=next) of the page before."""
    NEXT_URL = "next_url"
    """An address in the page before."""


class Paging(BaseModel):
    """`parameter` of the query names the page, from `start` on; `size` is how many a full page
    has; `path` is where the cursor or the address stands."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: PagingKind
    parameter: str = Field(default="page", pattern=r"^[\w.\[\]-]{1,60}$")
    start: int = Field(default=1, ge=0, le=1_000_000)
    size: int | None = Field(default=None, ge=1, le=10_000)
    path: JmesPath | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.by in (PagingKind.CURSOR, PagingKind.NEXT_URL) and self.path is None:
            raise ValueError(f"path: say where the {self.by.value} stands in the answer")
        return self

    @property
    def by_address(self) -> bool:
        return self.by in (PagingKind.LINK, PagingKind.NEXT_URL)

    def accepts(self, position: str, *, base: str) -> bool:
        """Whether a cursor's `position` may be asked for: no other site, and no odd number."""
        if self.by_address:
            return same_origin(position, base)
        if self.by is PagingKind.CURSOR:
            return len(position) <= _MAX_POSITION
        return re.fullmatch(r"\d{1,9}", position, re.ASCII) is not None

    def url(self, place: str, query: Mapping[str, str], position: str | None) -> str:
        """The address of a page; None is the first one."""
        if position is not None and self.by_address:
            return position
        asked = dict(query)
        if position is not None:
            asked[self.parameter] = position
        elif self.by in (PagingKind.PAGE, PagingKind.OFFSET):
            asked[self.parameter] = str(self.start)
        return with_query(place, asked)

    def following(
        self, data: Any, *, position: str | None, shown: int, url: str, link: str
    ) -> str | None:
        """Where the next page is, after one from `url` that showed so many rows; None: nowhere.

        Raises ValueError for an address on another site, where neither trust nor a password goes.
        """
        if not shown:
            return None
        if self.by in (PagingKind.PAGE, PagingKind.OFFSET):
            if self.size is not None and shown < self.size:
                return None
            here = self.start if position is None else int(position)
            return str(here + (1 if self.by is PagingKind.PAGE else shown))
        if self.by is PagingKind.CURSOR:
            return self._found(data)
        header = _LINK.search(link)
        told = None if header is None else header.group(1)
        given = self._found(data) if self.by is PagingKind.NEXT_URL else told
        if given is None:
            return None
        target: str = urljoin(url, given)
        if not same_origin(target, url):
            raise ValueError(f"the next page is on another site: {target[:200]}")
        return target

    def _found(self, data: Any) -> str | None:
        found = text_at([search(self.path or "", data)], 0)
        return found if found is not None and len(found) <= _MAX_POSITION else None


def same_origin(url: str, other: str) -> bool:
    """Whether two addresses have scheme, host and port in common; False for what is no address."""
    try:
        one, two = urlsplit(url), urlsplit(other)
        return one.username is None and (one.scheme.lower(), one.netloc.lower()) == (
            two.scheme.lower(),
            two.netloc.lower(),
        )
    except ValueError:
        return False


def with_query(place: str, query: Mapping[str, str]) -> str:
    """`place` with a query, where there is one."""
    return f"{place}?{urlencode(query)}" if query else place
