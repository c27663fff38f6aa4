"""`rules/<id>.yaml`: when something is a match, and for which tier it asks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool

from playbooks.errors import BadValue
from playbooks.mistakes import Mistake
from playbooks.schema.base import (
    SCENARIOS,
    UNCLASSIFIED,
    Content,
    Duration,
    Id,
    Kind,
    Mode,
    Number,
    Text,
)
from playbooks.schema.condition import Condition

_WORDS = ("any", UNCLASSIFIED)


def _check_scenarios(value: object) -> object:
    if isinstance(value, str) and value not in _WORDS:
        message = f"{value!r} must be a list of scenarios, `any` or `unclassified`"
        raise BadValue(Mistake.UNKNOWN_SCENARIO, message)
    if isinstance(value, list):
        for name in value:
            if name not in SCENARIOS:
                message = f"{name!r} is not a scenario; known: {', '.join(SCENARIOS)}"
                raise BadValue(Mistake.UNKNOWN_SCENARIO, message)
    return value


Scenarios = Annotated[
    Literal["any", "unclassified"] | Annotated[tuple[str, ...], Field(min_length=1)],
    BeforeValidator(_check_scenarios),
]


class Rule(Content):
    """A condition over the facts of a segment; `scenarios` says which segments it reads.

    One that is not `enabled` is kept for those that name it, and matches nothing. `release` is the
    share of its bounds on the last hour at which an incident that it asked for still burns (None:
    the baseline alone says when it is calm); `cool_down` is how long after the end of an incident
    it opens no other of the same tier or a lower one.
    """

    id: Id
    name: Text
    kind: Kind
    scenarios: Scenarios
    needs_brand: StrictBool = False
    inhibited_by: tuple[Id, ...] = ()
    tier: Id
    when: Condition
    why: Text
    release: Annotated[Number, Field(gt=0, le=1)] | None = None
    cool_down: Duration | None = None
    mode: Mode = Mode.LIVE
    enabled: StrictBool = True

    def reads(self, scenario: str | None) -> bool:
        """Whether it reads that scenario's segment; None is the whole monitor."""
        if scenario is None:
            return self.scenarios == UNCLASSIFIED
        return self.scenarios == "any" or (
            self.scenarios != UNCLASSIFIED and scenario in self.scenarios
        )
