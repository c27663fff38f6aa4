"""Which column stands for which field: said by people, or suggested by headings and first rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from crawlers.errors import BadMapping
from crawlers.tabular.headings import FIELDS, HEADINGS, folded
from crawlers.tabular.row import Cell, is_blank
from crawlers.tabular.values import channel_of, count_of, flag_of, instant_of, rating_of

Mapped = Mapping[str, int]
"""The place of a column, from 0, by the field that it stands for."""

_COUNTERS = (
    "author.followers",
    "engagement.reposts",
    "engagement.comments",
    "engagement.likes",
    "engagement.views",
)
_SUGGEST_IN = (
    "published_at",
    "native_id",
    *_COUNTERS,
    "rating",
    "text",
    "title",
    "url",
    "source",
    "author.id",
    "author.name",
    "author.verified",
    "channel",
    "lang",
    "parent_id",
    "repost_of",
)
"""What can be told by its cells comes first: 评论 may stand for numbers or for texts."""
_ANY_ZONE = ZoneInfo("UTC")


def parse_mapping(pairs: Iterable[str], columns: Sequence[str]) -> dict[str, int]:
    """Columns by field out of `FIELD=COLUMN`; a column is named by its heading, or by #3.

    `FIELD=` takes a field off what is suggested; it comes as -1. Raises BadMapping with every
    mistake at once.
    """
    places = {name: place for place, name in reversed(list(enumerate(columns)))}
    loose = {folded(name): place for place, name in reversed(list(enumerate(columns)))}
    mapped: dict[str, int] = {}
    wrong: list[tuple[str, str]] = []
    for pair in pairs:
        field, sign, column = pair.partition("=")
        field, column = field.strip(), column.strip()
        if not sign:
            wrong.append((pair[:80], "give FIELD=COLUMN, such as text=正文"))
        elif field not in FIELDS:
            wrong.append((field[:80], f"no such field; there are {', '.join(sorted(FIELDS))}"))
        elif field in mapped:
            wrong.append((field, "is mapped twice"))
        elif not column:
            mapped[field] = -1
        else:
            place = places.get(column, loose.get(folded(column), _numbered(column, len(columns))))
            if place is None:
                there_are = ", ".join(columns[:30])
                wrong.append((field, f"no column {column[:80]!r}; there are {there_are}"))
            else:
                mapped[field] = place
    if wrong:
        raise BadMapping(wrong)
    return mapped


def suggest_mapping(columns: Sequence[str], sample: Sequence[Sequence[Cell]]) -> dict[str, int]:
    """Columns by field, by their headings; a column whose cells read as something else is passed
    over. `sample` is the first rows.
    """
    known = {folded(name): place for place, name in reversed(list(enumerate(columns)))}
    taken: set[int] = set()
    found: dict[str, int] = {}
    for field in _SUGGEST_IN:
        for heading in HEADINGS[field]:
            place = known.get(folded(heading))
            if place is None or place in taken or not _fits(field, _column(sample, place)):
                continue
            found[field] = place
            taken.add(place)
            break
    return {field: found[field] for field in HEADINGS if field in found}


def complete_mapping(
    said: Mapping[str, int], columns: Sequence[str], sample: Sequence[Sequence[Cell]]
) -> dict[str, int]:
    """What was said, and suggestions for all that was not; a column is used once."""
    suggested = suggest_mapping(columns, sample)
    used = set(said.values())
    whole = {
        field: place
        for field, place in suggested.items()
        if field not in said and place not in used
    }
    whole |= said
    return {field: whole[field] for field in HEADINGS if whole.get(field, -1) >= 0}


def _fits(field: str, cells: Sequence[Cell]) -> bool:
    """Whether at least half of the cells can be read as the field."""
    read = _reader(field)
    filled = [cell for cell in cells if not is_blank([cell])]
    if read is None or not filled:
        # A text that is numbers throughout is a counter under a name of its own.
        return field != "text" or not filled or not all(_is_count(cell) for cell in filled)
    return sum(_reads(read, cell) for cell in filled) * 2 >= len(filled)


def _reader(field: str) -> Callable[[Cell], object] | None:
    if field in _COUNTERS:
        return count_of
    named: Mapping[str, Callable[[Cell], object]] = {
        "published_at": lambda cell: instant_of(cell, _ANY_ZONE),
        "rating": rating_of,
        "author.verified": flag_of,
        "channel": channel_of,
    }
    return named.get(field)


def _reads(read: Callable[[Cell], object], cell: Cell) -> bool:
    try:
        read(cell)
    except ValueError:
        return False
    return True


def _is_count(cell: Cell) -> bool:
    return _reads(count_of, cell)


def _column(sample: Sequence[Sequence[Cell]], place: int) -> list[Cell]:
    return [row[place] for row in sample if place < len(row)]


def _numbered(column: str, columns: int) -> int | None:
    number = column.removeprefix("#")
    if number == column or not number.isascii() or not number.isdigit() or len(number) > 4:
        return None
    return int(number) - 1 if 1 <= int(number) <= columns else None
