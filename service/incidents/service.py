"""What happens to incidents, inside the caller's transaction, with every trace that it leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.committed import when_committed
from service.delivery import outbox
from service.events import EventType
from service.ids import stable_id
from service.incidents import repository
from service.incidents.lifecycle import Action, State, Transition, transition
from service.incidents.model import (
    SYSTEM_ACTOR,
    UNCLASSIFIED,
    Evidence,
    Incident,
    Kind,
    Opening,
    TierChange,
)
from service.incidents.reactions import Hush, Reactions, aloud
from service.incidents.trail import trace
from service.incidents.view import told_details, told_view
from service.metrics import incident_transitions, incidents_opened

_STAMPS = {
    State.ACKNOWLEDGED: "acknowledged_at",
    State.RESPONDING: "responding_at",
    State.MONITORING: "monitoring_at",
    State.RESOLVED: "resolved_at",
    State.CLOSED: "closed_at",
    State.FALSE_POSITIVE: "closed_at",
    State.MERGED: "closed_at",
}
_EVENTS = {
    State.ACKNOWLEDGED: EventType.INCIDENT_ACKNOWLEDGED,
    State.RESPONDING: EventType.INCIDENT_UPDATED,
    State.MONITORING: EventType.INCIDENT_UPDATED,
    State.RESOLVED: EventType.INCIDENT_RESOLVED,
    State.CLOSED: EventType.INCIDENT_CLOSED,
    State.FALSE_POSITIVE: EventType.INCIDENT_CLOSED,
    State.MERGED: EventType.INCIDENT_CLOSED,
}
_ENDS = frozenset({State.RESOLVED, State.CLOSED})
_FINAL = frozenset({State.CLOSED, State.FALSE_POSITIVE, State.MERGED})

Reasons = Sequence[Mapping[str, Any]]


class Incidents:
    """Opens, merges into, raises and moves incidents. Every method leaves a trace of each kind."""

    def __init__(self, *, reactions: Reactions, public_url: str, hush: Hush = aloud) -> None:
        self._reactions = reactions
        self._public_url = public_url
        self._hush = hush

    async def open(
        self, connection: AsyncConnection, opening: Opening, *, now: datetime
    ) -> Incident:
        """Open an incident at `now`.

        The same (monitor, scenario, kind, subject, instant) opens once.
        """
        incident_id = stable_id(
            "inc",
            opening.monitor_id,
            opening.scenario or "",
            opening.kind.value,
            *(["drill"] if opening.drill else []),
            *([] if opening.subject is None else ["subject", opening.subject]),
            now,
        )
        if (found := await repository.find(connection, incident_id)) is not None:
            return found
        incident = _new_incident(incident_id, opening, now=now)
        await repository.add(connection, incident)
        first = TierChange(
            tier=opening.tier,
            at=now,
            actor=SYSTEM_ACTOR,
            reasons=tuple(opening.reasons),
            explanation=opening.explanation,
        )
        await repository.add_tier(connection, incident.id, first)
        await repository.add_evidence(connection, incident.id, opening.evidence)
        await trace(
            connection,
            incident.id,
            "opened",
            {"tier": incident.tier, "posts": incident.posts},
            now=now,
        )
        await self._reactions.opened(connection, incident)
        incident = await repository.get(connection, incident.id)
        await self._tell(connection, incident, EventType.INCIDENT_OPENED, now, ())
        if not incident.drill:
            labels = (incident.kind.value, incident.scenario or "", incident.tier)
            when_committed(connection, incidents_opened.labels(*labels).inc)
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
        """Let new posts join. An earlier first post is shown and moves no deadline."""
        await repository.add_evidence(connection, incident.id, evidence)
        changes: dict[str, Any] = {"posts": posts, "last_post_at": last_post_at}
        if first_post is not None and first_post[0] < incident.first_post_at:
            changes |= {"first_post_at": first_post[0], "first_post_id": first_post[1]}
            await trace(
                connection,
                incident.id,
                "earlier_first_post",
                {"post": first_post[1], "at": first_post[0].isoformat()},
                now=now,
            )
        return await repository.change(connection, incident, now=now, **changes)

    async def note(
        self,
        connection: AsyncConnection,
        incident: Incident,
        kind: str,
        data: Mapping[str, Any],
        *,
        part: str,
        now: datetime,
    ) -> None:
        """Write news of an incident down and tell the outside; `part` tells such news apart."""
        await trace(connection, incident.id, kind, data, now=now)
        await self._tell(
            connection, incident, EventType.INCIDENT_UPDATED, now, (kind, part), {kind: dict(data)}
        )

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
        """Raise or lower the tier; the run is re-planned and everyone is told why."""
        previous, previous_rank = incident.tier, incident.tier_rank
        # What a person lowers stays down until the rules ask for more than they did then.
        held_rank = incident.tier_rank if rank < incident.tier_rank else None
        incident = await repository.change(
            connection,
            incident,
            now=now,
            tier=tier,
            tier_rank=rank,
            held_rank=held_rank,
            reasons=reasons,
        )
        entry = TierChange(
            tier=tier, at=now, actor=actor, reasons=tuple(reasons), explanation=explanation
        )
        await repository.add_tier(connection, incident.id, entry)
        data = {"from": previous, "to": tier, "reasons": [dict(reason) for reason in reasons]}
        await trace(connection, incident.id, "tier_changed", data, now=now, actor=actor)
        await self._reactions.tier_changed(connection, incident, now=now)
        incident = await repository.get(connection, incident.id)
        await self._tell(
            connection,
            incident,
            EventType.INCIDENT_TIER_CHANGED,
            now,
            (tier, now),
            data,
            # Who was paged for the higher tier hears of its fall.
            tier_rank=max(rank, previous_rank),
        )
        return incident

    async def name_scenario(
        self,
        connection: AsyncConnection,
        incident: Incident,
        *,
        scenario: str,
        actor: str,
        now: datetime,
    ) -> Incident:
        """Say what an incident is about; its run is planned anew."""
        if scenario == incident.scenario:
            return incident
        previous = incident.scenario
        incident = await repository.change(connection, incident, now=now, scenario=scenario)
        data = {"from": previous, "to": scenario}
        await trace(connection, incident.id, "scenario_named", data, now=now, actor=actor)
        await self._reactions.scenario_named(connection, incident, now=now)
        incident = await repository.get(connection, incident.id)
        await self._tell(
            connection, incident, EventType.INCIDENT_UPDATED, now, ("scenario", scenario, now), data
        )
        return incident

    async def move(
        self,
        connection: AsyncConnection,
        incident: Incident,
        action: Action,
        *,
        actor: str,
        now: datetime,
        reason: str | None = None,
        merged_into: str | None = None,
    ) -> Incident:
        """Make one transition of the lifecycle; a repeated one changes nothing."""
        move = transition(incident.state, action, reason=reason)
        if not move.changed:
            return incident
        incident = await self._write_move(
            connection, incident, move, actor=actor, now=now, merged_into=merged_into
        )
        data = {"from": move.before.value, "to": move.after.value, "reason": reason}
        await trace(connection, incident.id, action.value, data, now=now, actor=actor)
        await self._reactions.moved(connection, incident, move, actor=actor, now=now)
        incident = await repository.get(connection, incident.id)
        event = _EVENTS[move.after]
        await self._tell(connection, incident, event, now, (move.after.value, now), data)
        if not incident.drill:
            states = (move.before.value, move.after.value)
            when_committed(connection, incident_transitions.labels(*states).inc)
        return incident

    async def _write_move(
        self,
        connection: AsyncConnection,
        incident: Incident,
        move: Transition,
        *,
        actor: str,
        now: datetime,
        merged_into: str | None,
    ) -> Incident:
        changes: dict[str, Any] = {"state": move.after.value}
        if getattr(incident, _STAMPS[move.after]) is None:
            changes[_STAMPS[move.after]] = now
        if move.before in _ENDS and move.after is State.RESPONDING:
            changes |= await _burning_again(connection, incident, now=now)
        if move.after is State.ACKNOWLEDGED:
            changes |= {"acknowledged_by": actor, "assignee": incident.assignee or actor}
        if move.after in _FINAL:
            changes |= {"next_due_at": None, "merged_into": merged_into}
            if incident.is_taking:
                changes["taking_ended_at"] = now
        return await repository.change(connection, incident, now=now, **changes)

    async def note_inside(
        self,
        connection: AsyncConnection,
        incident: Incident,
        *,
        inside_since: datetime | None,
        now: datetime,
    ) -> Incident:
        """Remember since when the mood is back inside its baseline (None: it is outside)."""
        return await repository.change(connection, incident, now=now, inside_since=inside_since)

    async def end_taking(
        self,
        connection: AsyncConnection,
        incident: Incident,
        *,
        reason: str,
        contained: bool,
        now: datetime,
    ) -> Incident:
        """No post joins any more; `contained` also says that the crowd has calmed down.

        An incident that stopped taking earlier, while it still burnt, can be contained later.
        """
        changes: dict[str, Any] = {"taking_ended_at": now} if incident.is_taking else {}
        kind = "taking_ended" if incident.is_taking else "contained"
        if contained and incident.contained_at is None:
            changes["contained_at"] = now
        incident = await repository.change(connection, incident, now=now, **changes)
        await trace(connection, incident.id, kind, {"reason": reason}, now=now)
        if contained:
            await self._reactions.contained(connection, incident, now=now)
            incident = await repository.get(connection, incident.id)
            again = () if incident.reopened_at is None else (incident.reopened_at,)
            await self._tell(connection, incident, EventType.INCIDENT_CLEARED, now, again)
        return incident

    async def tell_acknowledged(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None:
        """Somebody has it again, and no move says so: an alert at a pager must fall silent."""
        await self._tell(connection, incident, EventType.INCIDENT_ACKNOWLEDGED, now, [now])

    async def _tell(
        self,
        connection: AsyncConnection,
        incident: Incident,
        event: EventType,
        now: datetime,
        parts: Sequence[str | datetime],
        extra: Mapping[str, Any] | None = None,
        *,
        tier_rank: int | None = None,
    ) -> None:
        view = told_view(incident, public_url=self._public_url)
        data = {"incident": view, **told_details(incident, extra or {})}
        named = [part if isinstance(part, str) else part.isoformat() for part in parts]
        silence = await self._hush(connection, incident, now)
        if silence is not None:
            # Kept all the same: in the outbox, where a silence leaves it to nobody.
            told = {"event": event.value, "silence": silence}
            await trace(connection, incident.id, "page_silenced", told, now=now)
        await outbox.enqueue(
            connection,
            type=event,
            occurred_at=now,
            incident_id=incident.id,
            tier_rank=incident.tier_rank if tier_rank is None else tier_rank,
            drill=incident.drill,
            data=data,
            parts=[incident.id, *named],
            only_channels=None if silence is None else (),
        )


async def _burning_again(
    connection: AsyncConnection, incident: Incident, *, now: datetime
) -> dict[str, Any]:
    """What reopening changes: when it was over was not its end, and a crisis takes posts again.

    Unless another one takes those posts by now: of one scenario there is never more than one.
    """
    changes: dict[str, Any] = {
        "reopened_at": now,
        "resolved_at": None,
        "closed_at": None,
        "contained_at": None,
        "inside_since": None,
    }
    if incident.kind is Kind.CRISIS:
        for scenario in sorted({name for name in (incident.scenario, incident.segment) if name}):
            if await repository.find_taking(connection, incident, scenario=scenario) is not None:
                return changes
        changes["taking_ended_at"] = None
    return changes


def _new_incident(incident_id: str, opening: Opening, *, now: datetime) -> Incident:
    scenario = opening.scenario
    if opening.kind is Kind.CRISIS and scenario is None:
        scenario = UNCLASSIFIED
    return Incident(
        id=incident_id,
        kind=opening.kind,
        drill=opening.drill,
        monitor_id=opening.monitor_id,
        scenario=scenario,
        segment=scenario or opening.subject,
        every_mood=opening.every_mood,
        title=opening.title,
        tier=opening.tier,
        tier_rank=opening.tier_rank,
        state=State.NEW,
        reasons=opening.reasons,
        posts=opening.posts,
        first_post_id=opening.first_post_id,
        first_post_at=opening.first_post_at,
        opened_at=now,
        last_post_at=opening.last_post_at,
        previous_id=opening.previous_id,
        taking_ended_at=opening.taking_ended_at,
        updated_at=now,
        version=1,
    )
