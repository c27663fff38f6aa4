"""Errors of the crawlers. Those of fetching never leave the fetcher: it turns each into an outcome.

CrawlError
├── BadPost            a post on a line that cannot be meant; `errors` has (path, message)
├── BadSettings        settings of a source that cannot be meant; `errors` has (key, message)
├── BadMapping         columns of a file that are not there, or stand for no field; `errors` too
├── BadDeclaration     a shipped declaration that cannot be meant; `errors` has (place, message)
├── UnknownKind        no such kind of source
├── Gone               an answer that says that the post asked for is not there any more
├── SinkClosed         the sink takes no posts for now; `retry_after` says how long
├── UnreadableFile     a file that is no table, or more of one than is read
├── UnreadableAnswer   bytes that are not what a site used to say; `fields` names what is odd
│   └── UnreadableFeed     bytes that are no feed we can read
└── FetchError         one request cannot be made or its answer not be used
    ├── GuardRefused   scheme, port or address that we do not talk to
    ├── RedirectRefused    a loop, or too many hops
    ├── BodyRefused    larger than its limit, or compressed in a way that cannot be undone
    └── HostBusy       our own politeness would have to wait too long; `wait` says how long
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta


class CrawlError(Exception):
    """Base of everything the crawlers raise on purpose."""


class _ListedError(CrawlError):
    """An input with several mistakes, all of them named at once."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{path}: {message}" for path, message in self.errors))


class BadPost(_ListedError):
    """A post that does not keep the contract; `errors` has one (path, message) for each mistake."""


class BadSettings(_ListedError):
    """Settings of a source that cannot be meant; `errors` has one (key, message) for each."""


class BadMapping(_ListedError):
    """A mapping of columns that cannot be meant; `errors` has one (field, message) for each."""


class UnreadableFile(CrawlError):
    """A file that is no table in any form that is read here, or too much of one."""


class Gone(CrawlError):
    """The site says that the post is not there any more."""


class SinkClosed(CrawlError):
    """No posts are taken for now, whatever source brings them; ask again after `retry_after`."""

    def __init__(self, reason: str, *, retry_after: timedelta) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class BadDeclaration(_ListedError):
    """A declaration that ships and cannot be meant; `errors` has one (place, message) for each."""


class UnknownKind(CrawlError):
    """No source of that kind is known here."""


class UnreadableAnswer(CrawlError):
    """Not what this site used to say; `fields` says what is odd, `login` marks a sign-in page."""

    def __init__(self, *fields: str, login: bool = False) -> None:
        super().__init__("; ".join(fields))
        self.fields = fields
        self.login = login


class UnreadableFeed(UnreadableAnswer):
    """Bytes that are no feed."""


class FetchError(CrawlError):
    """One request cannot be made, or its answer cannot be used."""


class GuardRefused(FetchError):
    """A scheme, port or address that we do not talk to."""


class RedirectRefused(FetchError):
    """A loop of redirects, or too many of them; the message names the hops."""


class BodyRefused(FetchError):
    """A body above its limit, or compressed in a way that cannot be undone."""


class HostBusy(FetchError):
    """Politeness towards a host would make us wait longer than a request may; try after `wait`."""

    def __init__(self, host: str, wait: timedelta) -> None:
        super().__init__(f"{host} may be asked again in {wait.total_seconds():.0f} s")
        self.wait = wait
