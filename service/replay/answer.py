"""The answer of a replay, in the shape of the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.coverage import Coverage, Sight
from service.coverage.lag import LagReport, Stage
from service.coverage.view import percentiles_view
from service.db import Database
from service.delivery import recording
from service.incidents import format_instant, repository
from service.incidents.model import Incident, TierChange
from service.replay.runner import ReplayResult
from service.replay.stream import Stream
from service.response import repository as run_rows

ReplayAnswer = Mapping[str, Any]


async def build_answer(
    database: Database,
    stream: Stream,
    result: ReplayResult,
    sent: Sequence[recording.Recorded],
    *,
    coverage: Coverage,
) -> ReplayAnswer:
    """Everything that happened; instants are UTC, lags seconds."""
    async with database.read() as connection:
        incidents = await repository.newest(
            connection, repository.IncidentFilter(), before=None, limit=100_000
        )
        rows = []
        for incident in sorted(incidents, key=lambda item: (item.opened_at, item.id)):
            tiers = await repository.tier_history(connection, incident.id)
            steps = await run_rows.steps_of(connection, incident.id)
            rows.append(_incident(incident, tiers, steps))
    lag = await coverage.lag(since=stream.start) if stream.posts else None
    detected = [(item.opened_at - item.first_post_at).total_seconds() for item in incidents]
    return {
        "incidents": rows,
        "alerts": [_alert(item) for item in sent if "incident" in item.message.data],
        "coverage": await _coverage(stream, coverage),
        "lag": {
            **({} if lag is None else _stages(lag)),
            "stored": _percentiles(result.lags_s),
            "detected": _percentiles(detected),
            "delivered": _percentiles(
                [(item.at - item.message.occurred_at).total_seconds() for item in sent]
            ),
        },
        "totals": {
            "posts": result.posts,
            "seconds": round(result.seconds, 3),
            "posts_per_second": round(result.posts / max(result.seconds, 1e-9), 1),
        },
    }


def _incident(
    incident: Incident,
    tiers: Sequence[TierChange],
    steps: Sequence[run_rows.StepRow],
) -> dict[str, Any]:
    return {
        "id": incident.id,
        "kind": incident.kind.value,
        "monitor": incident.monitor_id,
        "scenario": incident.scenario,
        "tier": incident.tier,
        "opened_at": format_instant(incident.opened_at),
        "first_post_at": format_instant(incident.first_post_at),
        "closed_at": format_instant(incident.closed_at),
        "posts": incident.posts,
        "tiers": [
            {
                "tier": change.tier,
                "at": format_instant(change.at),
                "reasons": [dict(reason) for reason in change.reasons],
                "next": None if change.explanation is None else change.explanation["next"],
                "explanation": change.explanation,
            }
            for change in tiers
        ],
        "reasons": [dict(reason) for reason in incident.reasons],
        "steps": [
            {
                "id": step.step_id,
                "title": step.title,
                "role": step.role,
                "due_at": format_instant(step.due_at),
                "state": step.state,
            }
            for step in steps
        ],
    }


def _alert(item: recording.Recorded) -> dict[str, Any]:
    return {
        "incident": item.message.data["incident"]["id"],
        "kind": item.message.type.value,
        "channel": item.channel_id,
        "at": format_instant(item.at),
    }


def _stages(lag: LagReport) -> dict[str, Any]:
    """What each stage took from the one before it, as far as virtual time knows."""
    stages = (Stage.FETCHED, Stage.ANALYSED, Stage.ALERTED)
    return {stage.value: percentiles_view(lag.overall[stage]) for stage in stages}


async def _coverage(stream: Stream, coverage: Coverage) -> dict[str, Any]:
    """How well each source was seen when its last post was; `unknown` where too few came."""
    found = {feed.name: feed.condition for feed in (await coverage.overview()).feeds}
    answer: dict[str, Any] = {}
    for post in stream.posts:
        if post.source in answer:
            continue
        condition = found.get(post.source)
        since = post.published_at if condition is None else condition.since
        state = Sight.UNKNOWN if condition is None else condition.sight
        answer[post.source] = {"state": state.value, "since": format_instant(since)}
    return answer


def _percentiles(values: Sequence[float]) -> dict[str, float | None]:
    """p50, p95, p99 by nearest rank; None where nothing was measured."""
    ordered = sorted(values)
    if not ordered:
        return {"p50": None, "p95": None, "p99": None}
    return {
        f"p{share}": round(ordered[max(0, -(-share * len(ordered) // 100) - 1)], 3)
        for share in (50, 95, 99)
    }
