"""What stands behind a number: searches that find as many posts as were counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from service.incidents import Kind
from service.indicators.definition import IndicatorId, Origin
from service.indicators.definitions import DEFINITIONS
from service.indicators.figure import Figure
from service.indicators.window import Window

MOST_VALUES = 20
"""Values of one mix with a link of their own, the biggest."""
_MOST_RIVALS = 50
_LONGEST_STATEMENT = timedelta(days=90)
_FILTERS = frozenset({"sentiment", "emotion", "intent", "source", "channel", "topic"})
"""The parts of figures that are filters of `GET /v1/posts` by the same names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where to look; `count` is how many it finds, None where it shows more than was counted."""

    part: str
    count: int | None
    href: str


def links(
    indicator: IndicatorId,
    found: Figure,
    *,
    posts: int | None,
    monitor: str,
    rivals: Sequence[str],
    window: Window,
) -> tuple[Link, ...]:
    """The searches behind a figure of the monitor's; `posts` are all of its in the window."""
    origin = DEFINITIONS[indicator].origin
    span = [("since", exact(window.since)), ("until", exact(window.until))]
    if origin is Origin.FEEDS:
        if window.length > _LONGEST_STATEMENT:
            return ()
        return (Link(part="statement", count=None, href=_href("/v1/coverage/statement", span)),)
    if origin is Origin.STEPS:
        query = [("kind", "crisis"), ("monitor", monitor), ("drill", "false")]
        return (Link(part="crises", count=None, href=_href("/v1/incidents", query)),)
    if origin is Origin.INCIDENTS:
        query = [("kind", Kind.CRISIS.value), ("monitor", monitor), ("drill", "false"), *span]
        return (Link(part="crises", count=None, href=_href("/v1/incidents", query)),)
    every = Link(part="posts", count=posts, href=_posts([("monitor", monitor), *span]))
    if origin is Origin.RIVALS:
        theirs = found.parts.get("count", {}).get("rivals")
        if theirs is None or not 0 < len(rivals) <= _MOST_RIVALS:
            return (every,)
        query = [("monitor", ",".join(rivals)), *span]
        return (every, Link(part="rivals", count=int(theirs), href=_posts(query)))
    by_value = [
        Link(
            part=f"{name}={value}",
            count=int(count),
            href=_posts([("monitor", monitor), *span, (name, value)]),
        )
        for name, counts in found.parts.items()
        if name in _FILTERS
        for value, count in _biggest(counts)
    ]
    return (every, *by_value)


def exact(instant: datetime) -> str:
    """The instant as `GET` parameters take it, to the microsecond."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _biggest(counts: Mapping[str, float]) -> list[tuple[str, float]]:
    # A comma would be read as the end of the value.
    plain = [(value, count) for value, count in counts.items() if "," not in value]
    return sorted(plain, key=lambda item: (-item[1], item[0]))[:MOST_VALUES]


def _posts(query: Sequence[tuple[str, str]]) -> str:
    return _href("/v1/posts", query)


def _href(path: str, query: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(query)}"
