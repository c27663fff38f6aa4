"""Addresses of the console: where the query or the record behind a figure is seen.

The one place that knows them. Lists of the console take each value of a filter by itself; the
search for posts takes several with commas too, and `since` and `until` as the API calls them.
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
    "/v1/incidents": f"{BASE}/handling",
    "/v1/coverage/statement": f"{BASE}/coverage",
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
    return f"{BASE}/posts/{_name(post_id)}"


def queue(monitors: Sequence[str], **filters: str) -> str:
    """Open incidents."""
    return _to("", [*_each(monitors), *filters.items()])


def incident(incident_id: str) -> str:
    """One incident."""
    return f"{BASE}/incidents/{_name(incident_id)}"


def crises(monitors: Sequence[str], window: Window) -> str:
    """Crises that were opened in a time: of one monitor, or else of all that one may see."""
    one = [("monitor", monitors[0])] if len(monitors) == 1 else []
    return _to("handling", [*one, *_span(window)])


def closed(monitors: Sequence[str]) -> str:
    """Incidents that are closed, the newest first."""
    return _to("history", [("state", "closed"), *_each(monitors)])


def board(monitor: str, window: Window, *, indicator: str = "") -> str:
    """The indicators of a monitor, or one of them."""
    page = f"board/{_name(indicator)}" if indicator else "board"
    return _to(page, [("monitor", monitor), *_span(window)])


def forecast(monitor: str) -> str:
    """What is to be expected of a monitor."""
    return _to("forecast", [("monitor", monitor)])


def story(story_id: str) -> str:
    """One story."""
    return f"{BASE}/stories/{_name(story_id)}"


def sources() -> str:
    """Which sources are blind, late or fine."""
    return f"{BASE}/coverage"


def source(feed_id: str) -> str:
    """How well one source is seen."""
    return f"{BASE}/coverage/{_name(feed_id)}"


def complaints(monitors: Sequence[str], window: Window, *, states: Sequence[str] = ()) -> str:
    """Complaints that were opened in a time."""
    chosen = [("state", state) for state in states]
    return _to("complaints", [*_each(monitors), *chosen, *_span(window)])


def briefing(briefing_id: str) -> str:
    """One briefing."""
    return f"{BASE}/briefings/{_name(briefing_id)}"


def _name(text: str) -> str:
    return quote(text, safe="")


def _each(monitors: Sequence[str]) -> list[tuple[str, str]]:
    return [("monitor", name) for name in monitors]


def _span(window: Window) -> list[tuple[str, str]]:
    return [("since", exact(window.since)), ("until", exact(window.until))]


def _to(page: str, query: Sequence[tuple[str, str]]) -> str:
    return f"{BASE}/{page}" + (f"?{urlencode(query)}" if query else "")
