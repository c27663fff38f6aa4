"""Reviews and the departments in them in the state database. Functions never commit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, insert, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import tables
from service.db.statement import insert as upsert
from service.errors import Conflict, NotFound
from service.reviews.model import (
    EvidenceKind,
    EvidenceLink,
    Form,
    Involved,
    Review,
    ReviewFilter,
    ReviewSort,
    ReviewState,
    Why,
)

_REVIEW, _IN = tables.cause_review, tables.review_department
_PLAIN = Review.__dataclass_fields__.keys() - {"state", "form"}
_INVOLVED = Involved.__dataclass_fields__.keys()

Position = tuple[datetime, str]
"""The sorted instant and the id of the last one seen."""


async def add(connection: AsyncConnection, review: Review) -> None:
    values = {name: getattr(review, name) for name in _PLAIN}
    await connection.execute(
        insert(_REVIEW).values(**values, state=review.state.value, **form_columns(review.form))
    )


async def get(
    connection: AsyncConnection, review_id: str, *, locked: bool = False, wait: bool = True
) -> Review:
    """`locked` keeps others from it until the transaction ends. Raises NotFound.

    A timer's handler must not `wait`: whoever has it may be about to cancel the timer.
    """
    query = select(_REVIEW).where(_REVIEW.c.id == review_id)
    row = (
        await connection.execute(query.with_for_update(nowait=not wait) if locked else query)
    ).first()
    if row is None:
        raise NotFound(f"there is no review {review_id!r}")
    return _review(row)


async def of_incident(
    connection: AsyncConnection, incident_id: str, *, locked: bool = False
) -> Review | None:
    """The review of an incident, None before it was closed."""
    query = select(_REVIEW).where(_REVIEW.c.incident_id == incident_id)
    row = (await connection.execute(query.with_for_update() if locked else query)).first()
    return None if row is None else _review(row)


async def change(
    connection: AsyncConnection, review: Review, *, now: datetime, **values: Any
) -> Review:
    """Write changed columns if nobody else was faster. Raises Conflict."""
    done = await connection.execute(
        update(_REVIEW)
        .where(_REVIEW.c.id == review.id, _REVIEW.c.version == review.version)
        .values(**values, updated_at=now, version=review.version + 1)
    )
    if done.rowcount == 0:
        raise Conflict(f"review {review.id} has just changed; load it again")
    return await get(connection, review.id)


async def page(
    connection: AsyncConnection,
    wanted: ReviewFilter,
    *,
    sort: ReviewSort,
    after: Position | None,
    limit: int,
    now: datetime,
) -> tuple[Review, ...]:
    """In the order of `sort`, continuing after a position."""
    due = sort is ReviewSort.DUE
    key: ColumnElement[datetime] = _REVIEW.c.due_at if due else _REVIEW.c.opened_at
    query = select(_REVIEW).where(*_conditions(wanted, now))
    if after is not None:
        beyond = key > after[0] if due else key < after[0]
        query = query.where(or_(beyond, and_(key == after[0], _REVIEW.c.id > after[1])))
    rows = await connection.execute(
        query.order_by(key if due else key.desc(), _REVIEW.c.id).limit(limit)
    )
    return tuple(_review(row) for row in rows)


def position(review: Review, sort: ReviewSort) -> Position:
    """The place of a review in that order."""
    return (review.due_at if sort is ReviewSort.DUE else review.opened_at), review.id


async def involve(
    connection: AsyncConnection, review_id: str, department_id: str, *, by: str, now: datetime
) -> bool:
    """Name a department; False when it is named already."""
    made = await connection.execute(
        upsert(connection, _IN)
        .values(review_id=review_id, department_id=department_id, added_at=now, added_by=by)
        .on_conflict_do_nothing(index_elements=["review_id", "department_id"])
    )
    return bool(made.rowcount)


async def release(connection: AsyncConnection, review_id: str, department_id: str) -> bool:
    """Take a department out again; whether it was in."""
    gone = await connection.execute(
        _IN.delete().where(_IN.c.review_id == review_id, _IN.c.department_id == department_id)
    )
    return bool(gone.rowcount)


async def mark(
    connection: AsyncConnection, review_id: str, department_id: str, **values: Any
) -> None:
    """Write columns of a department in a review."""
    await connection.execute(
        update(_IN)
        .where(_IN.c.review_id == review_id, _IN.c.department_id == department_id)
        .values(**values)
    )


async def involved(connection: AsyncConnection, *review_ids: str) -> tuple[Involved, ...]:
    """Departments of those reviews, by id."""
    rows = await connection.execute(
        select(_IN)
        .where(_IN.c.review_id.in_(review_ids))
        .order_by(_IN.c.review_id, _IN.c.department_id)
    )
    return tuple(
        Involved(**{name: row._mapping[_IN.c[name]] for name in _INVOLVED}) for row in rows
    )


async def open_with(connection: AsyncConnection, department_id: str) -> tuple[Involved, ...]:
    """The department in each open review."""
    open_ones = select(_REVIEW.c.id).where(_REVIEW.c.state == ReviewState.OPEN.value)
    rows = await connection.execute(
        select(_IN)
        .where(_IN.c.department_id == department_id, _IN.c.review_id.in_(open_ones))
        .order_by(_IN.c.review_id)
    )
    return tuple(
        Involved(**{name: row._mapping[_IN.c[name]] for name in _INVOLVED}) for row in rows
    )


def form_columns(form: Form) -> dict[str, Any]:
    """The form as columns."""
    return {
        "whys": [
            {
                "question": why.question,
                "answer": why.answer,
                "evidence": [{"kind": link.kind.value, "ref": link.ref} for link in why.evidence],
            }
            for why in form.whys
        ],
        "stopped_early": form.stopped_early,
        "root_cause": form.root_cause,
        "cause_class": form.cause_class,
    }


async def missing_posts(
    connection: AsyncConnection, incident_id: str, posts: Collection[str]
) -> set[str]:
    """Those of `posts` that the incident has not frozen."""
    column = tables.incident_post.c
    known = await connection.scalars(
        select(column.post_id).where(
            column.incident_id == incident_id, column.post_id.in_(sorted(posts))
        )
    )
    return set(posts) - set(known)


async def missing_steps(
    connection: AsyncConnection, incident_id: str, steps: Collection[str]
) -> set[str]:
    """Those of `steps` that the run of the incident has not."""
    column = tables.step.c
    known = await connection.scalars(
        select(column.step_id).where(
            column.incident_id == incident_id, column.step_id.in_(sorted(steps))
        )
    )
    return set(steps) - set(known)


def _conditions(wanted: ReviewFilter, now: datetime) -> list[ColumnElement[bool]]:
    columns = _REVIEW.c
    found: list[ColumnElement[bool]] = []
    chosen: Sequence[tuple[ColumnElement[Any], Sequence[str]]] = (
        (columns.state, [state.value for state in wanted.states]),
        (columns.owner, wanted.owners),
        (columns.monitor_id, wanted.monitors),
        (columns.scenario, wanted.scenarios),
        (columns.cause_class, wanted.causes),
    )
    found += [column.in_(values) for column, values in chosen if values]
    if wanted.incident_id is not None:
        found.append(columns.incident_id == wanted.incident_id)
    if wanted.within is not None:
        found.append(columns.monitor_id.in_(sorted(wanted.within)))
    if wanted.department_id is not None:
        theirs = select(_IN.c.review_id).where(_IN.c.department_id == wanted.department_id)
        found.append(columns.id.in_(theirs))
    if wanted.overdue is not None:
        late = and_(columns.state == ReviewState.OPEN.value, columns.due_at <= now)
        found.append(late if wanted.overdue else not_(late))
    return found


def _review(row: Row[Any]) -> Review:
    values = row._mapping
    form = Form(
        whys=tuple(_why(item) for item in values["whys"]),
        stopped_early=values["stopped_early"],
        root_cause=values["root_cause"],
        cause_class=values["cause_class"],
    )
    plain = {name: values[_REVIEW.c[name]] for name in _PLAIN}
    return Review(state=ReviewState(values["state"]), form=form, **plain)


def _why(item: dict[str, Any]) -> Why:
    return Why(
        question=item["question"],
        answer=item["answer"],
        evidence=tuple(
            EvidenceLink(kind=EvidenceKind(link["kind"]), ref=link["ref"])
            for link in item["evidence"]
        ),
    )
