"""The score sheet of a drill: what was due by when, what was done by when, and by whom. Pure.

Every target is the run's own: the standard ladder is the table of obligations, by tier.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from playbooks import RunStep, StepState
from service.incidents import Incident, format_instant

CLOCKS = (
    "detected",
    "acknowledge",
    "first_response",
    "team_complete",
    "impact_assessed",
    "holding_statement",
    "service_recovered",
    "rectification_plan",
    "authoritative_update",
    "contained",
)
"""The steps that every crisis is measured by, in the order of the table of obligations."""


class Verdict(StrEnum):
    """What became of a deadline; the first three are what a share is taken of."""

    IN_TIME = "in_time"
    LATE = "late"
    MISSED = "missed"
    NOT_DUE = "not_due"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


FALLEN_DUE = (Verdict.IN_TIME, Verdict.LATE, Verdict.MISSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One incident of a drill as it stood at its end. `deeds` counts what each person did in it,
    `pages` the messages about it that arrived, of all that were made."""

    incident: Incident
    tiers: tuple[tuple[str, datetime], ...]
    steps: tuple[RunStep, ...]
    deeds: Mapping[str, int]
    pages_sent: int
    pages_made: int


def verdict_of(step: RunStep, *, at: datetime) -> Verdict:
    """How a step is judged at that instant."""
    if step.state is StepState.CANCELLED:
        return Verdict.CANCELLED
    if step.state is StepState.SKIPPED:
        return Verdict.SKIPPED
    if step.state is StepState.DONE:
        return Verdict.IN_TIME if step.late_by is None else Verdict.LATE
    if step.due_at is not None and step.due_at <= at:
        return Verdict.MISSED
    return Verdict.NOT_DUE


def sheet_of(scored: Sequence[Scored], *, names: Mapping[str, str], at: datetime) -> dict[str, Any]:
    """The sheet as JSON; instants are UTC, spans seconds. `names` are of people, by id."""
    judged = [(item, step, verdict_of(step, at=at)) for item in scored for step in item.steps]
    verdicts = Counter(verdict for _, _, verdict in judged)
    return {
        "at": format_instant(at),
        "totals": {"incidents": len(scored), **_totals(verdicts)},
        "incidents": [_incident(item, names=names, at=at) for item in scored],
        "roles": _roles((step, verdict) for _, step, verdict in judged),
        "people": _people(scored, names=names),
    }


def _totals(verdicts: Counter[Verdict]) -> dict[str, Any]:
    due = sum(verdicts[verdict] for verdict in FALLEN_DUE)
    return {
        "due": due,
        **{verdict.value: verdicts[verdict] for verdict in Verdict},
        "kept_share": round(verdicts[Verdict.IN_TIME] / due, 3) if due else None,
    }


def _incident(item: Scored, *, names: Mapping[str, str], at: datetime) -> dict[str, Any]:
    incident = item.incident
    steps = [_step(incident, step, names=names, at=at) for step in item.steps]
    known = {step["step"]: step for step in steps}
    return {
        "incident": incident.id,
        "scenario": incident.scenario,
        "monitor": incident.monitor_id,
        "title": incident.title,
        "tier": incident.tier,
        "tiers": [{"tier": tier, "at": format_instant(when)} for tier, when in item.tiers],
        "state": incident.state.value,
        "first_post_at": format_instant(incident.first_post_at),
        "opened_at": format_instant(incident.opened_at),
        "acknowledged_at": format_instant(incident.acknowledged_at),
        "acknowledged_by": _named(incident.acknowledged_by, names),
        "pages": {"made": item.pages_made, "sent": item.pages_sent},
        "totals": _totals(Counter(verdict_of(step, at=at) for step in item.steps)),
        "clocks": [known[name] for name in CLOCKS if name in known],
        "missed": [step["step"] for step in steps if step["verdict"] == Verdict.MISSED],
        "steps": steps,
    }


def _step(
    incident: Incident, step: RunStep, *, names: Mapping[str, str], at: datetime
) -> dict[str, Any]:
    # What a rising tier has planned anew counts from there: people count from the anchor.
    anchors = {"first_post": incident.first_post_at, "opened": incident.opened_at}
    base = anchors.get(step.step.anchor, step.base_at)
    late = step.late_by
    if late is None and verdict_of(step, at=at) is Verdict.MISSED and step.due_at is not None:
        late = at - step.due_at
    return {
        "step": step.id,
        "title": {"zh": step.step.title.zh, "en": step.step.title.en},
        "role": step.step.role.value,
        "from": step.step.anchor,
        "verdict": verdict_of(step, at=at).value,
        "target_s": _span(base, step.due_at),
        "took_s": _span(base, step.done_at),
        "late_by_s": None if late is None else late.total_seconds(),
        "due_at": format_instant(step.due_at),
        "done_at": format_instant(step.done_at),
        "done_by": _named(step.by, names),
    }


def _roles(judged: Iterable[tuple[RunStep, Verdict]]) -> list[dict[str, Any]]:
    found: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for step, verdict in judged:
        found[step.step.role.value][verdict] += 1
    return [{"role": role, **_totals(found[role])} for role in sorted(found)]


def _people(scored: Sequence[Scored], *, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Who did something: how often, how many incidents they took, which steps they did, in time."""
    deeds: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    done: dict[str, list[RunStep]] = defaultdict(list)
    for item in scored:
        deeds.update(item.deeds)
        if item.incident.acknowledged_by is not None:
            taken[item.incident.acknowledged_by] += 1
        for step in item.steps:
            if step.by is not None and step.state is StepState.DONE:
                done[step.by].append(step)
    return [
        {
            "person": _named(person, names),
            "deeds": deeds[person],
            "acknowledged": taken[person],
            "steps_done": len(done[person]),
            "in_time": sum(step.late_by is None for step in done[person]),
            "late": sum(step.late_by is not None for step in done[person]),
        }
        for person in sorted({*deeds, *taken, *done})
    ]


def _span(since: datetime | None, until: datetime | None) -> float | None:
    return None if since is None or until is None else (until - since).total_seconds()


def _named(person: str | None, names: Mapping[str, str]) -> dict[str, str] | None:
    return None if person is None else {"id": person, "name": names.get(person, person)}
