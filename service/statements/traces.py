"""What happens to statements and promises, kept on timeline and trail, and told to the outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.delivery import outbox
from service.events import EventType
from service.incidents import Incident
from service.incidents.trail import trace
from service.incidents.view import told_view
from service.statements.model import PromiseRow, Statement


class Traces:
    """Inside the transaction that makes it true."""

    def __init__(self, *, public_url: str) -> None:
        self._public_url = public_url

    async def statement(
        self,
        connection: AsyncConnection,
        incident: Incident,
        statement: Statement,
        deed: str,
        data: Mapping[str, Any],
        *,
        actor: str,
        now: datetime,
        tell: bool = False,
    ) -> None:
        """A deed on a statement; `tell` is for what others wait for."""
        kept = {
            "statement": statement.id,
            "title": statement.title,
            "edition": statement.edition,
            **data,
        }
        await trace(
            connection,
            incident.id,
            f"statement_{deed}",
            kept,
            now=now,
            actor=actor,
            action=f"statement.{deed}",
        )
        if tell:
            news = {
                "id": statement.id,
                "kind": statement.kind.value,
                "state": statement.state.value,
                "edition": statement.edition,
                "title": None if incident.is_private else statement.title,
                "deed": deed,
            }
            await self._tell(
                connection,
                incident,
                EventType.INCIDENT_UPDATED,
                {"statement": news},
                [statement.id, deed, str(statement.version)],
                rank=incident.tier_rank,
                now=now,
            )

    async def promise(
        self,
        connection: AsyncConnection,
        incident: Incident,
        promise: PromiseRow,
        deed: str,
        data: Mapping[str, Any],
        *,
        actor: str,
        now: datetime,
    ) -> None:
        """A deed on a promise."""
        kept = {"promise": promise.id, "statement": promise.statement_id, **data}
        await trace(
            connection,
            incident.id,
            f"promise_{deed}",
            kept,
            now=now,
            actor=actor,
            action=f"promise.{deed}",
        )

    async def tell_promise(
        self,
        connection: AsyncConnection,
        incident: Incident,
        promise: PromiseRow,
        event: EventType,
        *,
        rank: int,
        now: datetime,
    ) -> None:
        """News of a promise; of a private incident without its words."""
        news = {
            "id": promise.id,
            "statement": promise.statement_id,
            "kind": promise.kind.value,
            "text": None if incident.is_private else promise.text,
            "owner": promise.owner,
            "due_at": promise.due_at,
        }
        parts = [promise.id, str(promise.due_at and promise.due_at.isoformat())]
        await self._tell(connection, incident, event, {"promise": news}, parts, rank=rank, now=now)

    async def _tell(
        self,
        connection: AsyncConnection,
        incident: Incident,
        event: EventType,
        data: Mapping[str, Any],
        parts: Sequence[str],
        *,
        rank: int,
        now: datetime,
    ) -> None:
        await outbox.enqueue(
            connection,
            type=event,
            occurred_at=now,
            incident_id=incident.id,
            tier_rank=rank,
            drill=incident.drill,
            data={"incident": told_view(incident, public_url=self._public_url), **data},
            parts=parts,
        )
