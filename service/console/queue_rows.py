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
    )


def breaking_next(rows: tuple[QueueRow, ...]) -> QueueRow | None:
    """The row whose next step is the first to fall due; one that is late already comes only after.

    What is late is told apart (`overdue`): this answers what can still be saved.
    """
    dated = [row for row in rows if row.next_step is not None]
    return min(dated, key=_urgency, default=None)


def _urgency(row: QueueRow) -> tuple[bool, datetime, int]:
    if row.next_step is None:
        raise AssertionError(f"row {row.id} has no next step")
    return row.next_step.late, row.next_step.due_at, -row.tier_rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallies:
    """The figures beside the first line."""

    open: int
    unacknowledged: int
    overdue: int


def tallies(rows: tuple[QueueRow, ...], *, total: int) -> Tallies:
    """Counts over the shown rows; `total` is how many are open in all."""
    return Tallies(
        open=total,
        unacknowledged=sum(row.state is State.NEW for row in rows),
        overdue=sum(row.overdue for row in rows),
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
