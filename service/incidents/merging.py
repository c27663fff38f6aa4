"""Two incidents turn out to be one: the one that goes on takes over what the other was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.errors import Conflict, InvalidInput
from service.incidents import repository
from service.incidents.lifecycle import OPEN_STATES, Action
from service.incidents.model import Incident
from service.incidents.service import Incidents
from service.incidents.trail import trace


async def held_pair(
    connection: AsyncConnection, incident_id: str, target_id: str
) -> tuple[Incident, Incident]:
    """Both, kept from all other writers: of two that are merged into each other one would be left.

    Raises NotFound.
    """
    for each in sorted({incident_id, target_id}):
        await repository.hold(connection, each)
    return (
        await repository.get(connection, incident_id),
        await repository.get(connection, target_id),
    )


def check_merge(incident: Incident, target: Incident) -> None:
    """Raise InvalidInput for two that are never one, Conflict for one that is not open."""
    if target.id == incident.id:
        raise InvalidInput("merge needs another incident", errors=[("into", "name its id")])
    if target.kind is not incident.kind:
        problem = f"a {incident.kind.value} incident is not merged into a {target.kind.value} one"
        raise InvalidInput(problem, errors=[("into", f"name a {incident.kind.value} incident")])
    if target.drill is not incident.drill:
        raise InvalidInput(
            "a drill and what is real are never one", errors=[("into", "name one of the same sort")]
        )
    if target.state not in OPEN_STATES:
        raise Conflict(f"incident {target.id} is {target.state.value}; merge into an open one")


async def merge(
    connection: AsyncConnection,
    incidents: Incidents,
    incident: Incident,
    target: Incident,
    *,
    actor: str,
    reason: str | None,
    now: datetime,
) -> Incident:
    """End `incident` in `target`; answers it as it is then.

    The target takes its evidence, an earlier first post, and its tier where that is graver:
    merging lowers nothing, which takes a lead. Raises IllegalTransition, InvalidInput.
    """
    incident = await incidents.move(
        connection,
        incident,
        Action.MERGE,
        actor=actor,
        now=now,
        reason=reason,
        merged_into=target.id,
    )
    target = await incidents.take(
        connection,
        target,
        posts=target.posts,
        evidence=await repository.evidence_of(connection, incident.id),
        last_post_at=max((target.last_post_at, incident.last_post_at), key=_known),
        first_post=(incident.first_post_at, incident.first_post_id or ""),
        now=now,
    )
    told = {"incident": incident.id, "tier": incident.tier, "reason": reason}
    await trace(connection, target.id, "merged_in", told, now=now, actor=actor)
    if incident.tier_rank > target.tier_rank:
        await incidents.set_tier(
            connection,
            target,
            tier=incident.tier,
            rank=incident.tier_rank,
            reasons=[
                {"clause": f"merged with {incident.id}", "value": incident.tier, "threshold": None}
            ],
            actor=actor,
            now=now,
        )
    return incident


def _known(at: datetime | None) -> float:
    return float("-inf") if at is None else at.timestamp()
