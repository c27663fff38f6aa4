"""The life of a complaint as pure functions: what may follow what, and which clock then runs.

open ─answer→ answered ─respond→ responded ─resolve→ resolved ─tell→ told ─rate→ rated
  └──────────respond────────────↑     ↑
resolved, told, rated ─close→ closed (without a rating it takes a reason)
responded, resolved, told, rated, closed ─dispute→ responded
resolved, told, rated, closed, dismissed ─reopen→ open
open, answered ─dismiss→ dismissed
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from service.errors import IllegalTransition


class State(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    """A person has answered: seen, who sees to it, when there will be more."""
    RESPONDED = "responded"
    """The person knows what is offered, or why nothing is."""
    RESOLVED = "resolved"
    TOLD = "told"
    """The person knows that it is settled, and how."""
    RATED = "rated"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    """It was no complaint."""


class Deed(StrEnum):
    """What a person does with a complaint that moves it; also the name of its event."""

    ANSWER = "answer"
    RESPOND = "respond"
    RESOLVE = "resolve"
    TELL = "tell"
    RATE = "rate"
    CLOSE = "close"
    REOPEN = "reopen"
    DISPUTE = "dispute"
    DISMISS = "dismiss"


class Clock(StrEnum):
    """What is measured; each has a timer to warn, one when it is due, one to escalate."""

    ANSWER = "answer"
    RESPONSE = "response"
    RESOLUTION = "resolution"


_SETTLED = (State.RESOLVED, State.TOLD, State.RATED, State.CLOSED)

MOVES: Mapping[Deed, Mapping[State, State]] = {
    Deed.ANSWER: {State.OPEN: State.ANSWERED},
    Deed.RESPOND: {State.OPEN: State.RESPONDED, State.ANSWERED: State.RESPONDED},
    Deed.RESOLVE: {State.RESPONDED: State.RESOLVED},
    Deed.TELL: {State.RESOLVED: State.TOLD},
    Deed.RATE: {
        State.TOLD: State.RATED,
        State.RATED: State.RATED,
        State.CLOSED: State.CLOSED,
    },
    Deed.CLOSE: dict.fromkeys((State.RESOLVED, State.TOLD, State.RATED), State.CLOSED),
    Deed.REOPEN: dict.fromkeys((*_SETTLED, State.DISMISSED), State.OPEN),
    Deed.DISPUTE: dict.fromkeys((State.RESPONDED, *_SETTLED), State.RESPONDED),
    Deed.DISMISS: dict.fromkeys((State.OPEN, State.ANSWERED), State.DISMISSED),
}

WAITING: Mapping[State, Clock] = {
    State.OPEN: Clock.ANSWER,
    State.ANSWERED: Clock.RESPONSE,
    State.RESPONDED: Clock.RESOLUTION,
}
"""The clock that the person waits by; in other states nobody is waited for."""

RUNS: Mapping[Clock, frozenset[State]] = {
    Clock.ANSWER: frozenset({State.OPEN}),
    Clock.RESPONSE: frozenset({State.OPEN, State.ANSWERED}),
    Clock.RESOLUTION: frozenset({State.RESPONDED}),
}
"""In which states each clock runs."""

MET: Mapping[Deed, tuple[Clock, ...]] = {
    Deed.ANSWER: (Clock.ANSWER,),
    Deed.RESPOND: (Clock.ANSWER, Clock.RESPONSE),
    Deed.RESOLVE: (Clock.RESOLUTION,),
}
"""The clocks that a deed meets."""

STARTED: Mapping[Deed, tuple[Clock, ...]] = {
    Deed.RESPOND: (Clock.RESOLUTION,),
    Deed.DISPUTE: (Clock.RESOLUTION,),
    Deed.REOPEN: (Clock.ANSWER, Clock.RESPONSE),
}
"""The clocks that begin with a deed; opening begins those of reopening."""

FOLDING = frozenset(WAITING)
"""States in which more posts of the same person join; what comes later is a new complaint."""

_FIRST: Mapping[State, str] = {
    State.OPEN: "answer it first",
    State.ANSWERED: "respond first: what is offered, or why nothing is",
    State.RESPONDED: "resolve it first",
    State.RESOLVED: "tell the person first",
}


def after(state: State, deed: Deed) -> State:
    """The state that a deed leads to. Raises IllegalTransition saying what may be done instead."""
    following = MOVES[deed].get(state)
    if following is None:
        may = ", ".join(item.value for item in allowed(state)) or "nothing"
        hint = _FIRST.get(state)
        raise IllegalTransition(
            f"a complaint that is {state.value} cannot be moved by {deed.value}; it can by {may}"
            + (f" ({hint})" if hint is not None else "")
        )
    return following


def allowed(state: State) -> tuple[Deed, ...]:
    """What may be done in a state."""
    return tuple(deed for deed, moves in MOVES.items() if state in moves)
