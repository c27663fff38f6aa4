"""News of hand-overs: for the tracker that is meant, and for the outside."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service import audit
from service.cases.telling import tell_all
from service.delivery import outbox
from service.events import EventType
from service.incidents import format_instant
from service.incidents import repository as incident_rows
from service.trackers.model import Handover
from service.trackers.tracker import Tracker


class Telling:
    """Writes messages into the outbox, inside the caller's transaction."""

    def __init__(self, *, public_url: str) -> None:
        self._public_url = public_url

    async def request(
        self, connection: AsyncConnection, handover: Handover, *, channel: str, now: datetime
    ) -> None:
        """Have the ticket brought to how it is wanted; `revision` makes it another message."""
        data = {"handover": _view(handover) | {"revision": handover.revision}}
        await outbox.enqueue(
            connection,
            type=EventType.HANDOVER_REQUESTED,
            occurred_at=now,
            incident_id=None,  # its timeline tells of people's pages, not of tickets
            tier_rank=None,
            drill=False,
            data=data,
            parts=[handover.id, str(handover.revision)],
            only_channels=(channel,),
        )

    async def news(
        self,
        connection: AsyncConnection,
        handover: Handover,
        *,
        change: str,
        actor: str,
        now: datetime,
        reason: str | None = None,
    ) -> None:
        """Tell of a change, which is audited; of one that needs somebody by an event of its own."""
        failed = handover.trouble is not None
        event = EventType.HANDOVER_FAILED if failed else EventType.HANDOVER_UPDATED
        details = {"handover": _view(handover), "change": change, "reason": reason}
        parts = [handover.id, change, str(handover.revision), now.isoformat()]
        await audit.record(
            connection,
            at=now,
            actor=actor,
            action=f"handover.{change}",
            subject_type="handover",
            subject_id=handover.id,
            data=details,
        )
        if handover.incident_id is not None:
            incident = await incident_rows.get(connection, handover.incident_id)
            await tell_all(
                connection,
                incident,
                event,
                details,
                parts=parts,
                now=now,
                public_url=self._public_url,
            )
            return
        await outbox.enqueue(
            connection,
            type=event,
            occurred_at=now,
            incident_id=None,
            tier_rank=None,
            drill=False,
            data=details,
            parts=parts,
        )


def actor_of(tracker: Tracker) -> str:
    """In whose name is done what a tracker said."""
    return tracker.channel_id


def _view(handover: Handover) -> dict[str, Any]:
    return {
        "id": handover.id,
        "name": handover.fields.get("title", ""),
        "tracker": handover.tracker,
        "subject_kind": handover.subject_kind.value,
        "subject": handover.subject_id,
        "state": handover.state.value,
        "ticket": handover.key,
        "url": handover.url,
        "standing": None if handover.standing is None else handover.standing.value,
        "word": handover.word,
        "trouble": None if handover.trouble is None else handover.trouble.value,
        "heard_at": format_instant(handover.heard_at),
    }
