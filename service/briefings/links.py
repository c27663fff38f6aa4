"""Addresses of the console: where the query or the record behind a figure is seen.

The one place that knows them. Parameters are those of the API's lists by the same names.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from service.indicators.links import exact
from service.indicators.window import Window

BASE = "/console"
_LONGEST = 8_000
_OF_API = {
    "/v1/posts": f"{BASE}/posts",
    "/v1/incidents": f"{BASE}/history",
    "/v1/coverage/statement": f"{BASE}/sources",
}


def checked(address: str) -> str:
    """The address, if it is one of the console's. Raises ValueError."""
    within = address == BASE or address.startswith((f"{BASE}/", f"{BASE}?"))
    if not within or len(address) > _LONGEST or not address.isascii() or " " in address:
        raise ValueError(f"a figure and a quote need the address behind them, not {address[:80]!r}")
    if not address.isprintable() or "//" in address or '"' in address:
        raise ValueError(f"no address of the console: {address[:80]!r}")
    return address


def of_api(href: str) -> str:
    """The page that shows what a list of the API answers. Raises ValueError for any other."""
    path, _, query = href.partition("?")
    if path not in _OF_API:
        raise ValueError(f"no page shows {path}")
    return f"{_OF_API[path]}?{query}" if query else _OF_API[path]


def posts(monitors: Sequence[str], window: Window, **filters: str) -> str:
    """A search that finds the posts that were counted."""
    return _to("posts", [("monitor", ",".join(monitors)), *_span(window), *filters.items()])


def post(post_id: str) -> str:
    """One stored post."""
    return f"{BASE}/posts/{quote(post_id, safe='')}"


def queue(monitors: Sequence[str], **filters: str) -> str:
    """Open incidents."""
    query = urlencode([("monitor", ",".join(monitors)), *filters.items()])
    return f"{BASE}?{query}"


def incident(incident_id: str) -> str:
    """One incident."""
    return f"{BASE}/incidents/{quote(incident_id, safe='')}"


def history(monitors: Sequence[str], window: Window) -> str:
    """Incidents of a time."""
    return _to("history", [("monitor", ",".join(monitors)), *_span(window)])


def board(monitor: str, window: Window, **filters: str) -> str:
    """Indicators of a monitor."""
    return _to("board", [("monitor", monitor), *_span(window), *filters.items()])


def story(story_id: str) -> str:
    """One story."""
    return _to("topics", [("story", story_id)])


def sources(**filters: str) -> str:
    """Sources and how well they are seen."""
    return _to("sources", list(filters.items()))


def complaints(monitors: Sequence[str], **filters: str) -> str:
    """Complaints."""
    return _to("complaints", [("monitor", ",".join(monitors)), *filters.items()])


def briefing(briefing_id: str) -> str:
    """One briefing."""
    return f"{BASE}/briefings/{quote(briefing_id, safe='')}"


def _span(window: Window) -> list[tuple[str, str]]:
    return [("since", exact(window.since)), ("until", exact(window.until))]


def _to(page: str, query: Sequence[tuple[str, str]]) -> str:
    return f"{BASE}/{page}" + (f"?{urlencode(query)}" if query else "")
