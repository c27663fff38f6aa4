"""How coverage looks from outside: JSON for API, console, replay and reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.coverage.canary import CanaryState
from service.coverage.feed import Feed, Gap
from service.coverage.lag import EVERY_FEED, LagReport, Stage
from service.coverage.objectives import Objective, Standing
from service.coverage.overview import Overview
from service.coverage.percentiles import Percentiles
from service.coverage.statement import Statement
from service.delivery.render import instant_text


def overview_view(overview: Overview, lag: LagReport) -> dict[str, Any]:
    """The answer of GET /v1/coverage."""
    return {
        "at": instant_text(overview.at),
        "channels": {name: sight.value for name, sight in overview.channels.items()},
        "feeds": [
            feed_view(feed)
            | {
                "gaps": [gap_view(gap) for gap in overview.gaps if gap.feed_id == feed.id],
                "collection": _collection(overview.standing, feed.id),
                "lag": _stages(lag.by_feed.get(feed.id, {})),
            }
            for feed in overview.feeds
        ],
        "objectives": [objective_view(item) for item in overview.standing.objectives],
        "accuracy": {
            "checked": overview.standing.accuracy.checked,
            "right": overview.standing.accuracy.right,
            "wrong_fields": dict(overview.standing.accuracy.wrong_fields),
        },
        "lag": _stages(lag.overall),
        "canary": canary_view(overview.canary, overview.at),
    }


def feed_view(feed: Feed) -> dict[str, Any]:
    """A feed as it is now."""
    condition = feed.condition
    return {
        "feed": feed.id,
        "name": feed.name,
        "pushed": feed.pushed,
        "sources": list(feed.platforms),
        "channels": list(feed.channels),
        "state": condition.sight.value,
        "since": instant_text(condition.since),
        "reason": condition.cause.value,
        "detail": condition.detail,
        "blind": condition.dark,
        "known_since": instant_text(feed.known_since),
        "last_post_at": _instant(feed.last_post_at),
        "last_pull_at": _instant(feed.last_pull_at),
    }


def gap_view(gap: Gap) -> dict[str, Any]:
    """A spell in which a feed could not be seen; `until` is null while it lasts."""
    return {
        "state": gap.sight.value,
        "since": instant_text(gap.since),
        "until": _instant(gap.until),
        "detail": gap.detail,
    }


def statement_view(statement: Statement) -> dict[str, Any]:
    """The coverage statement of an incident or a report, by source and channel."""
    return {
        "since": instant_text(statement.since),
        "until": instant_text(statement.until),
        "complete": statement.is_complete,
        "sources": [
            {
                "feed": item.feed.id,
                "name": item.feed.name,
                "sources": list(item.feed.platforms),
                "channels": list(item.feed.channels),
                "state": item.feed.condition.sight.value,
                "gone_at": _instant(item.feed.gone_at),
                "gaps": [gap_view(gap) for gap in item.gaps],
            }
            for item in statement.feeds
        ],
        "channels": {name: sight.value for name, sight in statement.channels.items()},
    }


def objective_view(objective: Objective) -> dict[str, Any]:
    """An objective, what was reached of it, and whether that is too little."""
    return {
        "objective": objective.name.value,
        "target": objective.target,
        "share": None if objective.share is None else round(objective.share, 5),
        "cases": objective.cases,
        "missed": objective.missed,
    }


def canary_view(canary: CanaryState, now: datetime) -> dict[str, Any]:
    """How the synthetic post fares."""
    return {
        "state": canary.health(now).value,
        "set_out_at": _instant(canary.set_out_at),
        "arrived_at": _instant(canary.arrived_at),
        "stuck_at": canary.stuck_at,
    }


def lag_view(lag: LagReport) -> dict[str, Any]:
    """Percentiles of each stage in seconds, over all feeds and by feed."""
    return {
        "overall": _stages(lag.overall),
        "feeds": {
            name: _stages(stages) for name, stages in lag.by_feed.items() if name != EVERY_FEED
        },
    }


def percentiles_view(found: Percentiles) -> dict[str, float | None]:
    """In seconds; null where nothing was measured."""
    return {"p50": found.p50, "p95": found.p95, "p99": found.p99}


def _stages(stages: Mapping[Stage, Percentiles]) -> dict[str, Any]:
    return {
        stage.value: percentiles_view(found) | {"count": found.count}
        for stage, found in stages.items()
    }


def _collection(standing: Standing, feed_id: str) -> dict[str, Any] | None:
    found = standing.collection.get(feed_id)
    if found is None:
        return None
    share = None if found.share is None else round(found.share, 5)
    return {"due": found.due, "collected": found.collected, "share": share}


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant_text(instant)
