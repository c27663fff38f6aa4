"""From values that a declaration has found on a row to the shape that `parse_post` reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Annotated, Any
from urllib.parse import urljoin

from pydantic import AfterValidator

from crawlers.instant import AUTO, OBSERVED, read_instant
from crawlers.json_page import text_of
from crawlers.kind import OPTIONAL_FIELDS
from crawlers.markup import html_to_text
from crawlers.tally import read_tally
from crawlers.wire import MAX_ID, MAX_TEXT, MAX_TITLE, MAX_URL

REQUIRED_FIELDS = frozenset({"native_id", "text"})

_EXTRA = "extra."
_NAMES = (OPTIONAL_FIELDS - {"extra"}) | REQUIRED_FIELDS | {"published_at"}
_COUNTS = frozenset(
    {name for name in _NAMES if name.startswith("engagement.")} | {"author.followers"}
)
_LIMITS = {"text": MAX_TEXT, "title": MAX_TITLE, "url": MAX_URL}
_CUT = frozenset({"text", "title", "author.name"})
_MOST_EXTRA = 500


def _field(name: str) -> str:
    if name in _NAMES or (name.startswith(_EXTRA) and name.removeprefix(_EXTRA).isidentifier()):
        return name
    raise ValueError(f"{name!r} is no field; there are {', '.join(sorted(_NAMES))}, extra.NAME")


FieldName = Annotated[str, AfterValidator(_field)]
"""A field of a post as a mapping names it: dotted inside author, engagement and extra."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the values are written. `markup` names the texts that are HTML, `best` the top rating;
    relative links are meant from `url`, dates without a zone in `zone`."""

    zone: tzinfo
    now: datetime
    url: str
    time: str = AUTO
    markup: frozenset[str] = frozenset()
    best: float = 5


def shape(values: Mapping[str, Any], *, reading: Reading) -> dict[str, Any]:
    """The wire shape of a post from values by field name; those without a meaning are left out.

    Raises KeyError naming a required field without a value, ValueError for a date of no known form.
    """
    wire: dict[str, Any] = {"published_at": _published(values.get("published_at"), reading)}
    for name, value in values.items():
        read = None if name == "published_at" else _read(name, value, reading)
        if read is None:
            continue
        head, _, tail = name.partition(".")
        if tail:
            wire.setdefault(head, {})[tail] = read
        else:
            wire[name] = read
    for name in sorted(REQUIRED_FIELDS):
        if name not in wire:
            raise KeyError(name)
    if "id" not in wire.get("author", {"id": ""}):
        del wire["author"]  # nobody whom a number of followers or a mark could belong to
    return wire


def _published(value: Any, reading: Reading) -> str:
    if value is None and reading.time != OBSERVED:
        raise KeyError("published_at")
    instant = read_instant(value, form=reading.time, zone=reading.zone, now=reading.now)
    if instant is None:
        raise ValueError(f"published_at: {str(value)[:60]!r} is no date of the form {reading.time}")
    return instant.isoformat()


def _read(name: str, value: Any, reading: Reading) -> Any:
    if name.startswith(_EXTRA):
        return value[:_MOST_EXTRA] if isinstance(value, str) else value
    if name in _COUNTS:
        return read_tally(value)
    if name == "rating":
        return _rating(value, reading.best)
    if name == "author.verified":
        return value if isinstance(value, bool) else None
    text = text_of(value)
    if text is not None and name in reading.markup:
        text = html_to_text(text) or None
    if text is None:
        return None
    if name == "url":
        return _link(text, reading.url)
    return text[: _LIMITS.get(name, MAX_ID)] if name in _CUT else text


def _rating(value: Any, best: float) -> float | None:
    try:
        number = float(value) if isinstance(value, int | float | str) else None
    except ValueError:
        return None
    if number is None or isinstance(value, bool) or not 0 < number <= best:
        return None
    return max(1.0, number * 5 / best)


def _link(text: str, base: str) -> str | None:
    try:
        link = urljoin(base, text)
    except ValueError:
        return None
    wanted = link.lower().startswith(("http://", "https://")) and len(link) <= MAX_URL
    return link if wanted and link.isprintable() else None
