"""The statements of a case that went out: words, who answered for them, places, promises."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.statements import (
    PromiseRow,
    PromiseState,
    Statement,
    StatementFilter,
    StatementSort,
    promise_rows,
    repository,
)

MOST = 200
_MADE = frozenset({PromiseState.OPEN, PromiseState.KEPT})


async def published(connection: AsyncConnection, incident_id: str) -> list[dict[str, Any]]:
    """In the order of their publication; what was withdrawn later says so. Up to 200 are read."""
    found = await repository.page(
        connection,
        StatementFilter(incident_id=incident_id, private=True),
        sort=StatementSort.NEWEST,
        after=None,
        limit=MOST,
    )
    out = [(item.published_at, item.id, item) for item in found if item.published_at is not None]
    return [await _statement(connection, item) for _, _, item in sorted(out)]


async def _statement(connection: AsyncConnection, statement: Statement) -> dict[str, Any]:
    """Our own words are not masked."""
    edition = await repository.edition(connection, statement.id, statement.edition)
    return {
        "id": statement.id,
        "kind": statement.kind.value,
        "title": statement.title,
        "published_at": statement.published_at,
        "withdrawn_at": statement.withdrawn_at,
        "wording": edition.text,
        "approvals": [
            {"person": item.person, "as": item.capacity.value, "at": item.at}
            for item in await repository.approvals(connection, statement.id)
            if item.voided_at is None
        ],
        "places": [
            {"place": item.place, "url": item.url, "at": item.published_at, "by": item.by}
            for item in await repository.places(connection, statement.id)
        ],
        "promises": [
            _promise(row)
            for row in await promise_rows.of_statement(connection, statement.id)
            if row.state in _MADE
        ],
    }


def _promise(row: PromiseRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind.value,
        "text": row.text,
        "owner": row.owner,
        "due_at": row.due_at,
        "state": row.state.value,
        "kept_at": row.kept_at,
        "evidence": row.evidence,
    }
