"""Domain events: what the outside may be told, by the names of the contract."""

from __future__ import annotations

from enum import StrEnum


class EventType(StrEnum):
    INCIDENT_OPENED = "incident.opened"
    INCIDENT_TIER_CHANGED = "incident.tier_changed"
    INCIDENT_PAGED = "incident.paged"
    INCIDENT_UNREACHED = "incident.unreached"
    INCIDENT_ACKNOWLEDGED = "incident.acknowledged"
    INCIDENT_UPDATED = "incident.updated"
    INCIDENT_ASSIGNED = "incident.assigned"
    INCIDENT_WATCHED = "incident.watched"
    INCIDENT_RESOLVED = "incident.resolved"
    INCIDENT_CLOSED = "incident.closed"
    INCIDENT_CLEARED = "incident.cleared"
    STEP_DUE_SOON = "step.due_soon"
    STEP_DUE = "step.due"
    STEP_ESCALATED = "step.escalated"
    STEP_DONE = "step.done"
    PROMISE_DUE_SOON = "promise.due_soon"
    PROMISE_DUE = "promise.due"
    PROMISE_ESCALATED = "promise.escalated"
    PROMISE_KEPT = "promise.kept"
    COVERAGE_LOST = "coverage.lost"
    COVERAGE_RESTORED = "coverage.restored"
    REVIEW_DECIDED = "review.decided"
    INDICATOR_CROSSED = "indicator.crossed"
    CHANNEL_DISABLED = "channel.disabled"
    ROTA_HANDED_OVER = "rota.handed_over"
    SILENCE_ENDED = "silence.ended"
    SERVICE_HEARTBEAT = "service.heartbeat"
    SERVICE_CANARY = "service.canary"
    """Never leaves: the end of the line for the synthetic post that watches it."""
