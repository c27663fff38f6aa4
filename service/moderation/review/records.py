"""Verdicts and the history of items: appended, read back, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, literal, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.db.storable import storable
from service.errors import Conflict
from service.moderation.review.lifecycle import Line, Ruling
from service.moderation.review.model import HumanVerdict, Origin, ReviewEvent

_VERDICT = tables.review_verdict
_EVENT = tables.review_event
_ITEM = tables.review_item


async def add_verdict(connection: AsyncConnection, verdict: HumanVerdict) -> None:
    """Append a verdict. Raises Conflict when its line has decided the item already."""
    values = {name: getattr(verdict, name) for name in HumanVerdict.__dataclass_fields__}
    try:
        await connection.execute(insert(_VERDICT).values(values | {"labels": list(verdict.labels)}))
    except IntegrityError as error:
        raise Conflict(
            f"the {verdict.line.value} line has decided {verdict.item_id} already"
        ) from error


async def verdicts_of(connection: AsyncConnection, item_id: str) -> tuple[HumanVerdict, ...]:
    """The verdicts on an item, in the order in which they were made."""
    rows = await connection.execute(
        select(_VERDICT).where(_VERDICT.c.item_id == item_id).order_by(_VERDICT.c.at)
    )
    return tuple(_verdict(row) for row in rows)


async def add_event(
    connection: AsyncConnection,
    item_id: str,
    *,
    at: datetime,
    kind: str,
    actor: str,
    data: Mapping[str, Any],
) -> None:
    """Append to the history."""
    await connection.execute(
        insert(_EVENT).values(item_id=item_id, at=at, kind=kind, actor=actor, data=storable(data))
    )


async def history_of(connection: AsyncConnection, item_id: str) -> tuple[ReviewEvent, ...]:
    """All that happened to an item, oldest first."""
    rows = await connection.execute(
        select(_EVENT).where(_EVENT.c.item_id == item_id).order_by(_EVENT.c.id)
    )
    return tuple(
        ReviewEvent(id=row.id, at=row.at, kind=row.kind, actor=row.actor, data=row.data)
        for row in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedText:
    """A verdict with what it was on. `is_final` says that no later line decided otherwise since."""

    verdict: HumanVerdict
    text: str
    kind: str
    suggestion: str
    machine_labels: tuple[str, ...]
    origin: str
    is_opinion: bool
    is_final: bool


Mark = tuple[datetime, str, str]
"""Where a batch of judged texts ended: instant, item and line."""


async def judged_texts(
    connection: AsyncConnection,
    *,
    since: datetime | None,
    until: datetime | None,
    after: Mark | None,
    limit: int,
) -> tuple[JudgedText, ...]:
    """Verdicts with their texts, oldest first, continuing after `after`; `until` is excluded."""
    keys = (_VERDICT.c.at, _VERDICT.c.item_id, _VERDICT.c.line)
    last_line = _ITEM.c.line.label("last_line")
    statement = select(
        _VERDICT,
        _ITEM.c.text,
        _ITEM.c.kind,
        _ITEM.c.suggestion,
        _ITEM.c.labels.label("machine_labels"),
        _ITEM.c.origin,
        _ITEM.c.twin_of,
        last_line,
    ).join(_ITEM, _ITEM.c.id == _VERDICT.c.item_id)
    if since is not None:
        statement = statement.where(_VERDICT.c.at >= since)
    if until is not None:
        statement = statement.where(_VERDICT.c.at < until)
    if after is not None:
        last = (literal(key, column.type) for key, column in zip(after, keys, strict=True))
        statement = statement.where(tuple_(*keys) > tuple_(*last))
    rows = await connection.execute(statement.order_by(*keys).limit(limit))
    return tuple(_judged(row) for row in rows)


def mark_of(judged: JudgedText) -> Mark:
    """The place of a judged text in that order."""
    return (judged.verdict.at, judged.verdict.item_id, judged.verdict.line.value)


async def opinion_pairs(
    connection: AsyncConnection, *, since: datetime
) -> tuple[tuple[Line, Ruling, Ruling], ...]:
    """(line, first ruling, second ruling) of each text that two people judged blind."""
    first, second = _VERDICT.alias("first"), _VERDICT.alias("second")
    rows = await connection.execute(
        select(second.c.line, first.c.ruling, second.c.ruling)
        .select_from(second)
        .join(_ITEM, _ITEM.c.id == second.c.item_id)
        .join(first, (first.c.item_id == _ITEM.c.twin_of) & (first.c.line == second.c.line))
        .where(second.c.at >= since)
        .order_by(second.c.at, second.c.item_id)
    )
    return tuple((Line(line), Ruling(one), Ruling(two)) for line, one, two in rows)


async def verdicts_by_person(
    connection: AsyncConnection, *, since: datetime
) -> tuple[tuple[str, int], ...]:
    """How many verdicts each person has given since then, most first."""
    given = func.count()
    rows = await connection.execute(
        select(_VERDICT.c.reviewer, given)
        .where(_VERDICT.c.at >= since)
        .group_by(_VERDICT.c.reviewer)
        .order_by(given.desc(), _VERDICT.c.reviewer)
    )
    return tuple((row[0], row[1]) for row in rows)


async def patrolled(connection: AsyncConnection, *, since: datetime) -> tuple[int, int]:
    """(audited, blocked) texts of the patrol by their last verdicts, second opinions left out."""
    rows = await connection.execute(
        select(_VERDICT.c.ruling, func.count())
        .join(_ITEM, _ITEM.c.id == _VERDICT.c.item_id)
        .where(
            _ITEM.c.origin == Origin.PATROL.value,
            _ITEM.c.twin_of.is_(None),
            _ITEM.c.line == _VERDICT.c.line,
            _VERDICT.c.at >= since,
        )
        .group_by(_VERDICT.c.ruling)
    )
    counts: dict[str, int] = {row[0]: row[1] for row in rows}
    return sum(counts.values()), counts.get(Ruling.BLOCK.value, 0)


def _verdict(row: Row[Any]) -> HumanVerdict:
    values = {name: row._mapping[name] for name in HumanVerdict.__dataclass_fields__}
    return HumanVerdict(
        **values
        | {
            "line": Line(values["line"]),
            "ruling": Ruling(values["ruling"]),
            "labels": tuple(values["labels"]),
        }
    )


def _judged(row: Row[Any]) -> JudgedText:
    names = dict.fromkeys(label["label"] for label in row.machine_labels)
    return JudgedText(
        verdict=_verdict(row),
        text=row.text,
        kind=row.kind,
        suggestion=row.suggestion,
        machine_labels=tuple(names),
        origin=row.origin,
        is_opinion=row.twin_of is not None,
        is_final=row.line == row.last_line,
    )
