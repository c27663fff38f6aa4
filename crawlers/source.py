"""What a source and a fetcher are, and the six ways in which a fetch may end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from crawlers.post import Post, PostKey
from crawlers.rate import RateLimit

Cursor = Mapping[str, Any]
"""JSON-shaped; opaque to everyone but the source that made it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A stretch of the source that was passed by: posts published in it may be missing for good.

    None where an end of it is not known.
    """

    reason: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ok:
    """Posts came, oldest first; `rejected` names entries that cannot be read: (place, reason).

    A hint of zero says that more is waiting and may be pulled at once. `misread` says that at least
    half of the entries, those known before included, are malformed: see `is_misread`. `gone` are
    posts of which the source says that it has them no longer.
    """

    posts: tuple[Post, ...]
    cursor: Cursor
    hint: timedelta | None = None
    rejected: tuple[tuple[str, str], ...] = ()
    misread: bool = False
    gone: tuple[PostKey, ...] = ()
    unread: Unread | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OkEmpty:
    """A well-formed answer with nothing new in it."""

    cursor: Cursor
    hint: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The source says that nothing has changed since last time (HTTP 304)."""

    cursor: Cursor
    hint: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """The source, or its robots.txt, or our own guard refuses us; `status` where HTTP said so."""

    reason: str
    retry_after: timedelta | None = None
    status: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaDrift:
    """An answer came, and it is not what this source used to say: `fields` are missing or odd."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """No usable answer: network, time limit, server error (with its `status`), broken bytes."""

    reason: str
    retry_after: timedelta | None = None
    status: int | None = field(default=None, compare=False)


FetchResult = Ok | OkEmpty | NotModified | Blocked | SchemaDrift | Failed
"""Only the first three move a cursor, and only after the sink has stored the posts."""


def is_misread(*, malformed: int, read: int) -> bool:
    """Whether at least half of the entries of an answer are malformed, those understood being
    `read`, known ones included: then the source no longer says what it used to."""
    return 0 < malformed >= read


class Outcome(StrEnum):
    """The six ends of a fetch by name: for checkpoints, metrics and people."""

    OK = "ok"
    OK_EMPTY = "ok_empty"
    NOT_MODIFIED = "not_modified"
    BLOCKED = "blocked"
    SCHEMA_DRIFT = "schema_drift"
    FAILED = "failed"


_OUTCOMES: Mapping[type, Outcome] = {
    Ok: Outcome.OK,
    OkEmpty: Outcome.OK_EMPTY,
    NotModified: Outcome.NOT_MODIFIED,
    Blocked: Outcome.BLOCKED,
    SchemaDrift: Outcome.SCHEMA_DRIFT,
    Failed: Outcome.FAILED,
}


def outcome_of(result: FetchResult) -> Outcome:
    """Name the end that a fetch came to."""
    return _OUTCOMES[type(result)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A whole body, already within its size limit. Header names are lower case."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    validators: Mapping[str, str] = field(default_factory=dict)
    """`etag` and `last_modified`, to be put into the cursor and given back next time."""
    hint: timedelta | None = None
    """How long the answer says it holds (Cache-Control, Expires)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What became of posts that were asked for again, in any order.

    `gone` are native ids that the site says it has no longer, or leaves out of an answer that
    would hold them. Of an id in neither nothing was learnt; `stopped` says why, where something
    ended the looking early.
    """

    posts: tuple[Post, ...] = ()
    gone: tuple[str, ...] = ()
    stopped: Blocked | SchemaDrift | Failed | None = None


class Fetcher(Protocol):
    """How a source gets bytes, so that no source imports an HTTP library."""

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        validators: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
        obey_robots: bool = True,
        rate: RateLimit | None = None,
    ) -> Response | NotModified | Blocked | Failed:
        """Fetch `url` politely, at the pace of `rate` towards its host.

        A NotModified from here carries the given validators as cursor.
        """
        ...

    async def post_form(
        self,
        url: str,
        *,
        form: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
        rate: RateLimit | None = None,
    ) -> Response | NotModified | Blocked | Failed:
        """Send `form` (application/x-www-form-urlencoded): for the token calls of official APIs.

        The same guard, pace and limits as `get`; robots.txt is not asked, since nobody crawls here,
        and a redirect is a failure: a password goes where it was meant to and no further.
        """
        ...


class Source(Protocol):
    """One configured place to pull posts from."""

    @property
    def name(self) -> str:
        """The id of the configured source: the `via` of its posts."""
        ...

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        """Pull what is new since `cursor` (None at first). Never raises for what the site did."""
        ...


@runtime_checkable
class Rereads(Protocol):
    """What a source may be able to do besides: bring single posts again, by their native ids."""

    @property
    def posts_a_request(self) -> int:
        """How many posts one request asks for: what reading again costs of the site's pace."""
        ...

    async def reread(self, ids: Sequence[str], fetcher: Fetcher) -> Reread:
        """Bring the posts as they are now. Never raises for what the site did."""
        ...


@runtime_checkable
class Backfills(Protocol):
    """What a source may be able to do besides: begin at an instant of the past."""

    def cursor_at(self, instant: datetime) -> Cursor:
        """The cursor from which pulls bring what was published since, oldest first."""
        ...
