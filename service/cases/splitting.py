"""Some posts of an incident turn out to be another one: it gets a run and clocks of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.cases import rows
from service.cases.links import Link, LinkKind
from service.errors import Conflict, InvalidInput
from service.ids import stable_id
from service.incidents import Evidence, Incident, Incidents, Kind, Opening, State
from service.incidents import repository as incident_rows
from service.incidents.trail import trace

_UNDONE = frozenset({State.FALSE_POSITIVE, State.MERGED})


async def split_off(
    connection: AsyncConnection,
    incidents: Incidents,
    incident: Incident,
    posts: frozenset[str],
    *,
    title: str | None,
    reason: str,
    actor: str,
    now: datetime,
) -> Incident:
    """Open the new incident with the frozen posts as they are; link both, and trace it on both.

    The old one keeps its evidence: what was frozen is never taken away. Raises InvalidInput for
    posts that are no evidence of it, for none, and for all of them; Conflict for some that have
    been split off already.
    """
    if incident.kind is not Kind.CRISIS:
        raise InvalidInput(f"a {incident.kind.value} incident is not split: it has one subject")
    evidence = await incident_rows.evidence_of(connection, incident.id)
    chosen = _chosen(evidence, posts, incident.id)
    await _check_unsplit(connection, incident, posts)
    first, first_at = min(
        ((item, published_at(item)) for item in chosen), key=lambda pair: (pair[1], pair[0].post_id)
    )
    reasons = [{"clause": reason, "value": len(chosen), "threshold": None}]
    opened = await incidents.open(
        connection,
        Opening(
            kind=incident.kind,
            monitor_id=incident.monitor_id,
            scenario=incident.scenario,
            subject=stable_id("split", incident.id, *sorted(posts)),
            title=title or incident.title,
            tier=incident.tier,
            tier_rank=incident.tier_rank,
            reasons=tuple(reasons),
            every_mood=incident.every_mood,
            posts=len(chosen),
            first_post_id=first.post_id,
            first_post_at=first_at,
            last_post_at=max(published_at(item) for item in chosen),
            # New posts go on joining the old one, which takes those of this scenario.
            taking_ended_at=incident.taking_ended_at or now,
            drill=incident.drill,
            evidence=chosen,
        ),
        now=now,
    )
    link = Link(
        from_id=opened.id,
        to_id=incident.id,
        kind=LinkKind.SPLIT_FROM,
        note=reason,
        by=actor,
        at=now,
    )
    if await rows.add_link(connection, link):
        ids = sorted(item.post_id for item in chosen)
        said = {"posts": ids, "reason": reason}
        await trace(
            connection, incident.id, "split", {"into": opened.id, **said}, now=now, actor=actor
        )
        await trace(
            connection, opened.id, "split_from", {"from": incident.id, **said}, now=now, actor=actor
        )
    return opened


async def _check_unsplit(
    connection: AsyncConnection, incident: Incident, posts: frozenset[str]
) -> None:
    """Two people who split the same posts off would have everybody paged twice for one thing."""
    for link in await rows.links(connection, incident.id):
        if link.kind is not LinkKind.SPLIT_FROM or link.to_id != incident.id:
            continue
        other = await incident_rows.get(connection, link.from_id)
        if other.state in _UNDONE:
            continue
        there = {item.post_id for item in await incident_rows.evidence_of(connection, other.id)}
        if taken := sorted(posts & there):
            raise Conflict(f"incident {other.id} has been split off with {', '.join(taken[:5])}")


def published_at(item: Evidence) -> datetime:
    """When a frozen post was published; what was classified has no such time, and was frozen."""
    said = item.snapshot.get("published_at")
    return item.at if said is None else datetime.fromisoformat(str(said))


def _chosen(
    evidence: Sequence[Evidence], posts: frozenset[str], incident_id: str
) -> tuple[Evidence, ...]:
    chosen = tuple(item for item in evidence if item.post_id in posts)
    unknown = sorted(posts - {item.post_id for item in chosen})
    if unknown:
        raise InvalidInput(
            f"no evidence of incident {incident_id}: {', '.join(unknown[:5])}",
            errors=[("posts", "ids of its frozen posts")],
        )
    if not chosen or len(chosen) == len(evidence):
        raise InvalidInput(
            "splitting takes some of the evidence, and leaves some",
            errors=[("posts", f"1 to {len(evidence) - 1} of {len(evidence)}")],
        )
    return chosen
