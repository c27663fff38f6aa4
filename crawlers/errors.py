"""Errors of the crawlers. Those of fetching never leave the fetcher: it turns each into an outcome.

CrawlError
├── BadPost            a post on a line that cannot be meant; `errors` has (path, message)
├── BadSettings        settings of a source that cannot be meant; `errors` has (key, message)
├── UnknownKind        no such kind of source
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
