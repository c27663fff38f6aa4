"""Where the pages of drills are, and what they share."""

from __future__ import annotations

from service.auth import Action, Resource
from service.console.i18n import Words
from service.console.places import Place, Section
from service.console.session import BASE
from service.drill import Drill, DrillState

LIST = f"{BASE}/drills"
BEGIN = f"{BASE}/new-drill"

PLACE = Place(
    name="drills",
    path="/drills",
    section=Section.SETTINGS,
    may=(Action.READ, Resource.DRILL),
    deeper=("/drills/{drill_id}", "/new-drill"),
)
_SIGNS = {
    DrillState.PREPARING: "…",
    DrillState.RUNNING: "▶",
    DrillState.DONE: "✓",
    DrillState.STOPPED: "■",
    DrillState.FAILED: "✗",
}


def address(drill_id: str) -> str:
    """The page of a drill."""
    return f"{LIST}/{drill_id}"


def state_of(words: Words, state: DrillState) -> str:
    """How it stands, with a sign beside the word."""
    return f"{_SIGNS[state]} {words.choice('drills.states', state.value)}"


def stream_of(words: Words, drill: Drill) -> str:
    """What is played."""
    return words.choice("drills.streams", drill.stream)


def share(value: float | None) -> str:
    """A share of one in per cent."""
    return "–" if value is None else f"{value:.1%}"
