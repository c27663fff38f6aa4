"""Types of settings that many sources share, checked as an operator writes them."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator


def _http_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http or https URL")
    return url


def _base_url(url: str) -> str:
    parts = urlsplit(_http_url(url))
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be scheme, host and perhaps a path: no query, fragment or password")
    return url.rstrip("/")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; use one such as Asia/Shanghai") from error
    return name


HttpUrl = Annotated[str, AfterValidator(_http_url)]
"""An http or https URL, kept as written."""

BaseUrl = Annotated[str, AfterValidator(_base_url)]
"""Where an API begins, without a slash at its end: the site's own, a mirror, or a test's."""

TimeZone = Annotated[str, AfterValidator(_zone)]
"""A name of the IANA time zone database."""
