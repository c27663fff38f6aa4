"""Values of posts in words: monitors, sentiments, scenarios and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.auth import Principal
from service.console.board import Board
from service.console.i18n import Words
from service.learning.head import NONE
from service.stores import FacetField

_FAMILIES = {
    FacetField.SENTIMENT: "sentiment",
    FacetField.EMOTION: "emotion",
    FacetField.INTENT: "intent",
    FacetField.CHANNEL: "channel",
    FacetField.CATEGORY: "category",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostNames:
    """Names for one reader; whatever has none is shown by its id."""

    words: Words
    monitors: Mapping[str, str]
    scenarios: Mapping[str, str]

    def of(self, name: str, value: str) -> str:
        """The name of a value of a filter or field."""
        if name == FacetField.MONITOR.value:
            return self.monitors.get(value, value)
        if name == FacetField.SCENARIO.value:
            return self.words("correct.none") if value == NONE else self.scenarios.get(value, value)
        family = next((word for field, word in _FAMILIES.items() if field.value == name), None)
        return value if family is None else self.words.choice(family, value)


async def names_for(board: Board, words: Words, principal: Principal) -> PostNames:
    """Names of what the reader may see of monitors, and of everything else."""
    monitors = await board.monitor_names()
    allowed = principal.monitors
    return PostNames(
        words=words,
        monitors={
            name: title for name, title in monitors.items() if allowed is None or name in allowed
        },
        scenarios=board.scenario_names(words),
    )
