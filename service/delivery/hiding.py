"""What a receiver says, without our secrets: some repeat the address or the key in it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlsplit

HIDDEN = "•••"
_SHORTEST = 6
"""Shorter parts of an address stand in ordinary words too."""
_ORDINARY = frozenset({"services", "webhook", "open-apis", "enqueue", "cgi-bin"})


def secret_parts(url: str, secrets: Iterable[str] = ()) -> tuple[str, ...]:
    """What of an address and its secrets must not be repeated, the longest first."""
    found = {url, *secrets}
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    found |= {parts.query, parts.password or ""}
    found |= {value for _, value in parse_qsl(parts.query)}
    found |= {unquote(part) for part in parts.path.split("/")}
    found |= set(parts.path.split("/"))
    kept = {item for item in found if len(item) >= _SHORTEST and item not in _ORDINARY}
    return tuple(sorted(kept, key=lambda item: (-len(item), item)))


def without(text: str, hidden: Iterable[str]) -> str:
    """The text with dots for everything that is hidden."""
    for item in hidden:
        text = text.replace(item, HIDDEN)
    return text
