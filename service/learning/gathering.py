"""What people said, read from where each of them said it, as one training set."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from nlp import whole_text
from nlp.pii import masked
from service.db import Database, tables
from service.incidents import format_instant
from service.incidents.model import Kind
from service.learning.head import Head
from service.learning.row import Origin, TrainingRow, group_of, split_of
from service.learning.training_set import TrainingSet, set_of
from service.moderation.at_risk import evidence_id
from service.stores import PostStore, StoredPost

_BATCH = 500
_LINES = ("second", "third", "legal")
_MARK = "not_about_us"
_ERASED = "author.erased"


class Gathering:
    """Reads verdicts, appeals, corrections and marks; nothing is written."""

    def __init__(self, database: Database, store: PostStore) -> None:
        self._database = database
        self._store = store

    async def gather(self, *, until: datetime | None = None) -> TrainingSet:
        """Everything that was said up to `until`, that instant included, in whole milliseconds.

        A post that was erased, edited since, or taken down by its author is left out. What a
        person said twice counts as they said it last, a verdict as the last line ruled by then.
        """
        latest = None if until is None else format_instant(until)
        async with self._database.read() as connection:
            private = await _private(connection)
            rows = await _verdicts(connection, latest, private=private)
            marks = await _marks(connection, latest, private=private)
            corrections = await _corrections(connection, latest, private=private)
        rows += _marked(marks, await self._posts([row.post_id for row, _ in marks]))
        rows += _corrected(corrections, await self._posts([row.post_id for row in corrections]))
        return set_of(rows)

    async def _posts(self, ids: Iterable[str]) -> dict[str, StoredPost]:
        """Those of them that are stored, and that nobody has taken down."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, StoredPost] = {}
        for start in range(0, len(wanted), _BATCH):
            found.update(await self._store.get_many(wanted[start : start + _BATCH]))
        return {name: post for name, post in found.items() if post.deleted_at is None}


async def _private(connection: AsyncConnection) -> frozenset[str]:
    """Ids of what people at risk wrote: it stays with those who look after them."""
    post, incident = tables.incident_post, tables.incident
    found = await connection.scalars(
        select(post.c.post_id)
        .join(incident, incident.c.id == post.c.incident_id)
        .where(incident.c.kind == Kind.PERSON_AT_RISK.value)
    )
    return frozenset(found)


async def _erased(connection: AsyncConnection) -> dict[str, datetime]:
    """Authors who were erased, and when last: texts in review stay, but not to be trained on."""
    entry = tables.audit_entry
    found = await connection.execute(
        select(entry.c.subject_id, func.max(entry.c.at).label("at"))
        .where(entry.c.action == _ERASED)
        .group_by(entry.c.subject_id)
    )
    return {row.subject_id: row.at for row in found}


async def _verdicts(
    connection: AsyncConnection, latest: str | None, *, private: Collection[str]
) -> list[TrainingRow]:
    """The last verdict on each item; blind second opinions are no training."""
    verdict, item = tables.review_verdict, tables.review_item
    erased = await _erased(connection)
    found = await connection.execute(
        select(
            verdict,
            item.c.text,
            item.c.kind,
            item.c.caller,
            item.c.suggestion,
            item.c.versions,
            item.c.author.label("pseudonym"),
            item.c.filed_at,
            item.c.appealed_at,
        )
        .join(item, item.c.id == verdict.c.item_id)
        .where(item.c.twin_of.is_(None))
    )
    chosen: dict[str, Row[Any]] = {}
    for row in sorted(found, key=lambda row: (row.at, _LINES.index(row.line))):
        gone = erased.get(row.pseudonym)
        if gone is not None and row.filed_at <= gone:
            continue
        if private and evidence_id(row.text, caller=row.caller, author=row.pseudonym) in private:
            continue
        if _is_in(row.at, latest):
            chosen[row.item_id] = row
    return [
        _row(
            id=f"review:{row.item_id}",
            origin=Origin.APPEAL
            if row.appealed_at is not None and row.at >= row.appealed_at
            else Origin.VERDICT,
            head=Head.DECISION,
            kind=row.kind,
            text=row.text,
            label=row.ruling,
            labels=tuple(sorted(row.labels)),
            machine=row.suggestion,
            versions=row.versions,
            by=row.reviewer,
            at=row.at,
            author=row.pseudonym,
        )
        for row in chosen.values()
    ]


async def _marks(
    connection: AsyncConnection, latest: str | None, *, private: Collection[str]
) -> list[tuple[Row[Any], datetime]]:
    """Frozen posts that somebody has marked as not about us, and when: the event tells."""
    post, event = tables.incident_post, tables.incident_event
    incident = tables.incident
    marked = await connection.execute(
        select(post)
        .join(incident, incident.c.id == post.c.incident_id)
        .where(
            post.c.not_about_us.is_(True),
            # A drill is no experience, and who is at risk is nobody's training.
            incident.c.drill.is_(False),
            incident.c.kind == Kind.CRISIS.value,
        )
    )
    told = await connection.execute(
        select(event.c.incident_id, event.c.at, event.c.data)
        .where(event.c.kind == _MARK)
        .order_by(event.c.id.desc())
    )
    first = {(row.incident_id, row.data.get("post")): row.at for row in told}
    found = [(row, first.get((row.incident_id, row.post_id), row.at)) for row in marked]
    return [(row, at) for row, at in found if _is_in(at, latest) and row.post_id not in private]


def _marked(
    marks: Iterable[tuple[Row[Any], datetime]], posts: Mapping[str, StoredPost]
) -> Iterable[TrainingRow]:
    for row, at in marks:
        # The law may want evidence kept of what its author had erased; training is no such law.
        if row.post_id not in posts:
            continue
        shot = row.snapshot
        yield _row(
            id=f"mark:{row.incident_id}:{row.post_id}",
            origin=Origin.NOT_ABOUT_US,
            head=Head.ABOUT_US,
            text=whole_text(shot["text"], title=shot.get("title")),
            label="no",
            machine="yes",
            by=row.marked_by or "",
            at=at,
            author=shot.get("author"),
        )


async def _corrections(
    connection: AsyncConnection, latest: str | None, *, private: Collection[str]
) -> list[Row[Any]]:
    """The last correction of each post and head."""
    found = await connection.execute(select(tables.correction).order_by(tables.correction.c.id))
    chosen = {
        (row.post_id, row.head): row
        for row in found
        if _is_in(row.at, latest) and row.post_id not in private
    }
    return list(chosen.values())


def _corrected(
    corrections: Iterable[Row[Any]], posts: Mapping[str, StoredPost]
) -> Iterable[TrainingRow]:
    for row in corrections:
        post = posts.get(row.post_id)
        if post is None or post.content_hash != row.wording:
            continue
        yield _row(
            id=f"correction:{row.post_id}:{row.head}",
            origin=Origin.CORRECTION,
            head=Head(row.head),
            text=whole_text(post.text, title=post.title),
            label=row.label,
            machine=row.machine,
            versions=row.versions,
            by=row.author,
            at=row.at,
            author=post.author,
        )


def _row(*, at: datetime, author: str | None, text: str, **given: Any) -> TrainingRow:
    clean = masked(text)
    group = group_of(author=author, text=clean)
    return TrainingRow(
        text=clean, at=format_instant(at) or "", group=group, split=split_of(group), **given
    )


def _is_in(at: datetime, latest: str | None) -> bool:
    """Both cut to milliseconds, as a row has them."""
    return latest is None or (format_instant(at) or "") <= latest
