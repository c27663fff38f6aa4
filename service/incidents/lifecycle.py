"""The life of an incident as one pure table: which action leads from which state to which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.errors import IllegalTransition, InvalidInput


class State(StrEnum):
    """From the first alarm to the closed file. A closed one may be reopened, the last two never."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    RESPONDING = "responding"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    CLOSED = "closed"
    FALSE_POSITIVE = "false_positive"
    MERGED = "merged"


OPEN_STATES = frozenset(
    {State.NEW, State.ACKNOWLEDGED, State.RESPONDING, State.MONITORING, State.RESOLVED}
)


class Action(StrEnum):
    """What a person (or a rule on their behalf) does to an incident."""

    ACKNOWLEDGE = "acknowledge"
    RESPOND = "respond"
    MONITOR = "monitor"
    RESOLVE = "resolve"
    CLOSE = "close"
    MARK_FALSE_POSITIVE = "mark_false_positive"
    MERGE = "merge"
    REOPEN = "reopen"


# Responding is reachable from the later states: a fire that flares up again needs no new incident.
_TABLE: Mapping[Action, Mapping[State, State]] = {
    Action.ACKNOWLEDGE: {State.NEW: State.ACKNOWLEDGED},
    Action.RESPOND: {
        State.ACKNOWLEDGED: State.RESPONDING,
        State.MONITORING: State.RESPONDING,
        State.RESOLVED: State.RESPONDING,
    },
    Action.MONITOR: {
        State.ACKNOWLEDGED: State.MONITORING,
        State.RESPONDING: State.MONITORING,
    },
    Action.RESOLVE: {
        State.ACKNOWLEDGED: State.RESOLVED,
        State.RESPONDING: State.RESOLVED,
        State.MONITORING: State.RESOLVED,
    },
    Action.CLOSE: {State.RESOLVED: State.CLOSED},
    Action.MARK_FALSE_POSITIVE: dict.fromkeys(OPEN_STATES, State.FALSE_POSITIVE),
    Action.MERGE: dict.fromkeys(OPEN_STATES, State.MERGED),
    Action.REOPEN: {State.RESOLVED: State.RESPONDING, State.CLOSED: State.RESPONDING},
}

# Answers that must say why: they take an incident off the queue without its playbook being worked,
# or put one back on it that somebody had called over.
NEEDS_REASON = frozenset({Action.MARK_FALSE_POSITIVE, Action.MERGE, Action.REOPEN})


@dataclass(frozen=True, slots=True)
class Transition:
    """An allowed move; `changed` is False when the incident is there already (a second click)."""

    action: Action
    before: State
    after: State
    changed: bool


def allowed_actions(state: State) -> tuple[Action, ...]:
    """The actions that lead somewhere from `state`, in the order of a life."""
    return tuple(action for action in Action if state in _TABLE[action])


def transition(state: State, action: Action, *, reason: str | None = None) -> Transition:
    """Decide one move.

    Raises IllegalTransition naming state, action and what is allowed instead, InvalidInput when a
    reason is required and missing.
    """
    targets = _TABLE[action]
    if state not in targets:
        if state in targets.values() and state is not State.MERGED:
            return Transition(action, state, state, changed=False)
        allowed = ", ".join(allowed_actions(state)) or "none"
        raise IllegalTransition(
            f"{action.value} is not possible while the incident is {state.value}; "
            f"possible now: {allowed}"
        )
    if action in NEEDS_REASON and not (reason and reason.strip()):
        raise InvalidInput(
            f"{action.value} needs a reason", errors=[("reason", "say why in a few words")]
        )
    return Transition(action, state, targets[state], changed=True)
