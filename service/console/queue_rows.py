"""The queue as rows of plain values: equal rows need no redrawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.console.i18n import Words
from service.incidents import Incident, Kind
from service.incidents.lifecycle import State
from service.response import StepRow


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The step of an incident that falls due next."""

    title: str
    role: str
    due_at: datetime
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One incident in the queue. Instants are absolute; the browser counts."""

    id: str
    tier: str
    tier_rank: int
    title: str
    monitor: str
    state: State
    drill: bool
    posts: int
    first_post_at: datetime
    opened_at: datetime
    ended_at: datetime | None
    next_step: NextStep | None
    overdue: int
    holder: str | None
    kind: Kind = Kind.CRISIS
    monitor_id: str = ""
    scenario: str | None = None
    holder_id: str | None = None


def queue_row(
    incident: Incident,
    *,
    words: Words,
    scenario: str,
    monitor: str,
    step: StepRow | None,
    overdue: int,
    holder: str | None,
) -> QueueRow:
    """The row of an incident, its texts in the language of `words`."""
    following = None
    if step is not None and step.due_at is not None:
        following = NextStep(
            title=words.of(step.title),
            role=words.choice("role", step.role),
            due_at=step.due_at,
            late=step.breached_at is not None,
        )
    return QueueRow(
        id=incident.id,
        tier=incident.tier,
        tier_rank=incident.tier_rank,
        title=scenario,
        monitor=monitor,
        state=incident.state,
        drill=incident.drill,
        posts=incident.posts,
        first_post_at=incident.first_post_at,
        opened_at=incident.opened_at,
        ended_at=incident.closed_at,
        next_step=following,
        overdue=overdue,
        holder=holder,
        kind=incident.kind,
        monitor_id=incident.monitor_id,
        scenario=incident.scenario,
        holder_id=incident.assignee,
    )


def incident_title(incident: Incident, *, words: Words, scenarios: Mapping[str, str]) -> str:
    """What the incident is called: its scenario, or its kind where it has none.

    A backlog also names its queue; of a person at risk nothing more is said.
    """
    if incident.scenario is None:
        kind = words.choice("kind", incident.kind.value)
        named = incident.kind is Kind.BACKLOG and incident.segment
        return f"{kind} · {incident.segment}" if named else kind
    return scenarios.get(incident.scenario, incident.scenario)
