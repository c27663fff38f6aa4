"""Words of incidents that code makes up: shared by the queue, the incident and the history."""

from __future__ import annotations

from playbooks import Moment, StepState, Window
from playbooks import Role as PlaybookRole
from service.console.pages.rows import COLUMNS, ENDED_COLUMNS
from service.delivery import DeliveryState
from service.events import EventType
from service.incidents import Action, Kind, State
from service.moderation.at_risk import PATTERN
from service.moderation.backlog import OLDEST_AGE, QUEUE_LENGTH
from service.monitoring.grouping import TakingEnd

FAMILIES = {
    "state": set(State),
    "kind": set(Kind),
    "role": set(PlaybookRole),
    "action": set(Action),
    "step_state": set(StepState),
    "done_on": set(Moment),
    "delivery": set(DeliveryState),
    "event": set(EventType),
    "taking_ended": {end.name.lower() for end in TakingEnd},
    "window": {*Window, "of"},
    "column": set(COLUMNS) | set(ENDED_COLUMNS),
    "filter": {"tier", "state", "kind", "monitor", "scenario", "holder", "drill", "ended"},
    "clause": {PATTERN, OLDEST_AGE, QUEUE_LENGTH},
    "actor": {"system"},
    "ask": {"resolve", "close", "reopen", "mark_false_positive", "merge"}
    | {"change_tier", "name_scenario", "skip"},
}
FORMED = {
    "evidence": {"reposts", "comments", "likes"},
}
