"""Incidents that write down what is done with them: how a tape of a stream is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.drill.model import Ends, Joins, Move, Opens, Rises, Tape
from service.errors import InvalidInput
from service.incidents import Evidence, Incident, Incidents, Opening
from service.incidents.service import Reasons


class Taping(Incidents):
    """What rules do with a stream in a throw-away place, kept as moves."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self._moves: list[Move] = []

    def tape(self, *, posts: int, since: datetime) -> Tape:
        """The moves of what opened at `since` or later.

        Raises InvalidInput where that is nothing: there is nothing to drill.
        """
        opened = {
            move.deed.key
            for move in self._moves
            if isinstance(move.deed, Opens) and move.at >= since
        }
        moves = tuple(move for move in self._moves if move.deed.key in opened)
        if not moves:
            raise InvalidInput(
                f"{posts} posts of the stream open no incident under the rules in force; choose a "
                "stream with a crisis in it, and a configuration whose monitors take its posts"
            )
        return Tape(moves=moves, posts=posts)

    async def open(
        self, connection: AsyncConnection, opening: Opening, *, now: datetime
    ) -> Incident:
        incident = await super().open(connection, opening, now=now)
        self._moves.append(Move(at=now, deed=Opens(key=incident.id, opening=opening)))
        return incident

    async def take(
        self,
        connection: AsyncConnection,
        incident: Incident,
        *,
        posts: int,
        evidence: Sequence[Evidence],
        last_post_at: datetime | None,
        first_post: tuple[datetime, str] | None,
        now: datetime,
    ) -> Incident:
        taken = await super().take(
            connection,
            incident,
            posts=posts,
            evidence=evidence,
            last_post_at=last_post_at,
            first_post=first_post,
            now=now,
        )
        joins = Joins(
            key=incident.id, posts=posts, last_post_at=last_post_at, evidence=tuple(evidence)
        )
        self._moves.append(Move(at=now, deed=joins))
        return taken

    async def set_tier(
        self,
        connection: AsyncConnection,
        incident: Incident,
        *,
        tier: str,
        rank: int,
        reasons: Reasons,
        actor: str,
        now: datetime,
        explanation: Mapping[str, Any] | None = None,
    ) -> Incident:
        raised = await super().set_tier(
            connection,
            incident,
            tier=tier,
            rank=rank,
            reasons=reasons,
            actor=actor,
            now=now,
            explanation=explanation,
        )
        rises = Rises(
            key=incident.id, tier=tier, rank=rank, reasons=tuple(reasons), explanation=explanation
        )
        self._moves.append(Move(at=now, deed=rises))
        return raised

    async def end_taking(
        self,
        connection: AsyncConnection,
        incident: Incident,
        *,
        reason: str,
        contained: bool,
        now: datetime,
    ) -> Incident:
        ended = await super().end_taking(
            connection, incident, reason=reason, contained=contained, now=now
        )
        ends = Ends(key=incident.id, reason=reason, contained=contained)
        self._moves.append(Move(at=now, deed=ends))
        return ended
