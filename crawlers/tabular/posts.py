"""Rows of a table as posts: cells read by what they stand for, every mistake with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from crawlers.errors import BadMapping, BadPost
from crawlers.jsonl import RejectedLine
from crawlers.post import Channel, Post
from crawlers.tabular.headings import REQUIRED
from crawlers.tabular.identifiers import MadeIds, identifier_of
from crawlers.tabular.row import Cell, Row, Table, TableFormat
from crawlers.tabular.values import (
    channel_of,
    count_of,
    flag_of,
    instant_of,
    rating_of,
    text_of,
)
from crawlers.wire import parse_post

WIRE = frozenset({"source", "native_id", "published_at", "text"})

_IDENTIFIERS = frozenset({"native_id", "author.id", "parent_id", "repost_of"})
_WORDS = ("source", "url", "author.name", "lang")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the file does not say: its platform, where its posts stand, the zone of its clock."""

    source: str | None = None
    channel: Channel | None = None
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """A row as a post; or `rejected`, one for each mistake, its place `file:row:column`."""

    number: int
    post: Post | None = None
    rejected: tuple[RejectedLine, ...] = ()


def missing_fields(mapped: Mapping[str, int], given: Given) -> tuple[str, ...]:
    """Required fields that neither a column nor anything else gives."""
    return tuple(
        field
        for field in REQUIRED
        if field not in mapped and not (field == "source" and given.source)
    )


def is_wire(table: Table) -> bool:
    """Whether the table is JSON lines in the very shape of a post, which needs no mapping."""
    return table.format is TableFormat.JSONL and set(table.columns) >= WIRE


def read_wire(table: Table) -> Iterator[ReadRow]:
    """The rows of a table that `is_wire` as posts, with all that `parse_post` keeps."""
    for row in table.rows:
        place = f"{table.name}:{row.number}"
        try:
            if row.problem is not None or row.data is None:
                raise BadPost([("", row.problem or "no JSON object")])
            yield ReadRow(number=row.number, post=parse_post(row.data))
        except BadPost as error:
            rejected = tuple(
                RejectedLine(place=place, reason=f"{path}: {said}"[:300] if path else said)
                for path, said in error.errors
            )
            yield ReadRow(number=row.number, rejected=rejected)


def read_posts(table: Table, mapped: Mapping[str, int], given: Given) -> Iterator[ReadRow]:
    """The rows as posts, in their order; a row that is none is named with each of its mistakes.

    Without a column of ids each post gets one made of what it says, and of its turn among rows that
    say the same, so that reading the same file again changes nothing. Raises BadMapping for a
    required field that nothing gives, and UnreadableFile where the file breaks off.
    """
    if missing := missing_fields(mapped, given):
        raise BadMapping([(field, _advice(field, table.columns)) for field in missing])
    made = MadeIds()
    for row in table.rows:
        yield _read(row, table, mapped, given, made)


def _read(
    row: Row, table: Table, mapped: Mapping[str, int], given: Given, made: MadeIds
) -> ReadRow:
    place = f"{table.name}:{row.number}"
    if row.problem is not None:
        rejected = RejectedLine(place=place, reason=row.problem)
        return ReadRow(number=row.number, rejected=(rejected,))
    wrong: list[tuple[str, str]] = []
    wire: dict[str, Any] = {}
    for field, column in mapped.items():
        cell = row.cells[column] if column < len(row.cells) else None
        try:
            if field in _IDENTIFIERS:
                value: Any = identifier_of(cell, workbook=table.format is TableFormat.XLSX)
            else:
                value = _READERS.get(field, _text)(cell, given.zone)
        except ValueError as error:
            wrong.append((field, str(error)))
            continue
        if value is not None:
            outer, _, inner = field.partition(".")
            if inner:
                wire.setdefault(outer, {})[inner] = value
            else:
                wire[outer] = value
    if not wrong:
        _complete(wire, given, made)
        try:
            return ReadRow(number=row.number, post=parse_post(wire))
        except BadPost as error:
            wrong = list(error.errors)
    return ReadRow(
        number=row.number,
        rejected=tuple(
            _rejected(place, field, message, table.columns, mapped) for field, message in wrong
        ),
    )


def _complete(wire: dict[str, Any], given: Given, made: MadeIds) -> None:
    if given.source is not None:
        wire.setdefault("source", given.source)
    if given.channel is not None:
        wire.setdefault("channel", given.channel.value)
    author = wire.get("author")
    if author is not None:
        author.setdefault("id", author.get("name"))
        if author["id"] is None:
            del wire["author"]  # counters of nobody
    if "native_id" not in wire:
        wire["native_id"] = made.next_of(wire)


def _rejected(
    place: str, field: str, message: str, columns: tuple[str, ...], mapped: Mapping[str, int]
) -> RejectedLine:
    column = mapped.get(field, mapped.get("author.name") if field == "author.id" else None)
    if column is None:
        return RejectedLine(place=place, reason=f"{field}: {message}"[:300])
    return RejectedLine(place=f"{place}:{column + 1}", reason=f"{columns[column]}: {message}"[:300])


def _advice(field: str, columns: tuple[str, ...]) -> str:
    there_are = ", ".join(columns[:30])
    if field == "source":
        return f"say which platform the posts are from, or map a column of it: {there_are}"
    return f"no column looks like it; map one of: {there_are}"


def _text(cell: Cell, zone: ZoneInfo) -> str | None:
    del zone
    return text_of(cell)


def _word(cell: Cell, zone: ZoneInfo) -> str | None:
    del zone
    text = text_of(cell)
    return None if text is None else text.strip()


def _instant(cell: Cell, zone: ZoneInfo) -> str | None:
    instant = instant_of(cell, zone)
    return None if instant is None else instant.isoformat()


def _alone(read: Callable[[Cell], Any]) -> Callable[[Cell, ZoneInfo], Any]:
    return lambda cell, zone: read(cell)


_READERS: Mapping[str, Callable[[Cell, ZoneInfo], Any]] = {
    "published_at": _instant,
    "rating": _alone(rating_of),
    "channel": _alone(channel_of),
    "author.verified": _alone(flag_of),
    "author.followers": _alone(count_of),
    **{
        f"engagement.{name}": _alone(count_of) for name in ("reposts", "comments", "likes", "views")
    },
    **dict.fromkeys(_WORDS, _word),
}
