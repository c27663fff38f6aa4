"""Redirects: where a hop may lead, and what must not travel along."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from crawlers.errors import RedirectRefused

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HARMLESS = frozenset({"accept", "accept-language", "user-agent"})
"""All that another site is told: APIs put passwords into headers of any name."""


def check_hop(target: str, hops: list[str], limit: int) -> None:
    """Refuse a loop and more than `limit` hops; raises RedirectRefused naming the chain."""
    chain = " → ".join(_bare(hop) for hop in [*hops, target])
    if target in hops:
        raise RedirectRefused(f"loop {chain}"[:1_000])
    if len(hops) > limit:
        raise RedirectRefused(f"more than {limit}: {chain}"[:1_000])


def headers_for(target: str, url: str, headers: Mapping[str, str]) -> dict[str, str]:
    """What may be sent on from `url` to `target`: no password of one site travels to another."""
    if _origin(target) == _origin(url):
        return dict(headers)
    return {name: value for name, value in headers.items() if name.lower() in _HARMLESS}


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.rpartition("@")[2].lower()


def _bare(url: str) -> str:
    """The URL without a password in it, for people to read."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
