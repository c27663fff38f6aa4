"""Words of the board that code makes up."""

from __future__ import annotations

from service.indicators import AuthorsBy, Earlier, IndicatorId, Measure, Measured
from service.indicators.changes import AuthorGroup
from service.indicators.definition import Unit
from service.indicators.figure import Silence
from service.indicators.threshold import Level

FAMILIES = {
    "board.units": set(Unit),
    "board.silences": set(Silence),
    "board.levels": set(Level),
    "board.counted": set(IndicatorId),
    "board.about": set(IndicatorId),
    "board.earliers": set(Earlier),
    "board.measures": set(Measured),
    "board.measured_as": set(Measure),
    "board.authors": set(AuthorsBy),
    "board.groups": set(AuthorGroup),
    "board.direction": {"better", "worse"},
    "board.funnel_stages": {"posts", "alerts", "incidents", "answered", "contained"},
    "board.links": {"posts", "rivals", "crises", "statement"},
    "board.parts": {"sentiment", "emotion", "intent", "source", "channel", "topic", "count"}
    | {"author", "brand", "hours", "acknowledged", "answered"},
    "board.members": {"breached", "due", "recurrences", "crises", "posts", "rivals", "opened"}
    | {"acknowledged", "answered", "unseen", "watched", "median", "p90"},
}
FORMED = {
    "board": {"earlier", "value", "change", "before", "now", "yellow", "orange", "red"},
}
