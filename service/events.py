"""Domain events: what the outside may be told, by the names of the contract."""

from __future__ import annotations

from enum import StrEnum


class EventType(StrEnum):
    INCIDENT_OPENED = "incident.opened"
    INCIDENT_TIER_CHANGED = "incident.tier_changed"
    INCIDENT_ACKNOWLEDGED = "incident.acknowledged"
    INCIDENT_UPDATED = "incident.updated"
    INCIDENT_RESOLVED = "incident.resolved"
    INCIDENT_CLOSED = "incident.closed"
    INCIDENT_CLEARED = "incident.cleared"
    STEP_DUE_SOON = "step.due_soon"
    STEP_DUE = "step.due"
    STEP_ESCALATED = "step.escalated"
    STEP_DONE = "step.done"
    COVERAGE_LOST = "coverage.lost"
    COVERAGE_RESTORED = "coverage.restored"
    REVIEW_DECIDED = "review.decided"
    INDICATOR_CROSSED = "indicator.crossed"
    SERVICE_HEARTBEAT = "service.heartbeat"
    SERVICE_CANARY = "service.canary"
    """Never leaves: the end of the line for the synthetic post that watches it."""
