"""`ladders/<id>.yaml` and `playbooks/<id>.yaml`: who must do what by when."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool

from playbooks.errors import BadValue
from playbooks.mistakes import Mistake
from playbooks.schema.base import (
    Content,
    Duration,
    Id,
    Kind,
    Number,
    Offset,
    Role,
    TemplateId,
    Text,
)
from playbooks.schema.holiday_calendar import Office

EVERY_TIER = "all"
_STEP_ANCHOR = "step:"
_ANCHOR_SHAPE = re.compile(r"first_post|opened|acknowledged|tier_raised|step:[a-z][a-z0-9_]{0,63}")


class Moment(StrEnum):
    """What may happen to an incident and be known to its run."""

    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    CONTAINED = "contained"
    RESOLVED = "resolved"
    CLOSED = "closed"


class StepClock(StrEnum):
    """Which hours count for a step: every one, or those of the office.

    Business hours hold in the tiers below orange alone; from there on every hour counts.
    """

    WALL = "wall"
    BUSINESS = "business"


def _check_anchor(anchor: str) -> str:
    if not _ANCHOR_SHAPE.fullmatch(anchor):
        raise BadValue(
            Mistake.UNKNOWN_ANCHOR,
            f"{anchor!r} is not an anchor: "
            "first_post, opened, acknowledged, tier_raised or step:<id>",
        )
    return anchor


def _text_for_all(value: Any) -> Any:
    if isinstance(value, dict) and value and set(value) <= {"zh", "en"}:
        return {EVERY_TIER: value}
    return {EVERY_TIER: value} if isinstance(value, Text) else value


Anchor = Annotated[str, AfterValidator(_check_anchor)]
Instructions = Annotated[
    dict[Id, Text], BeforeValidator(_text_for_all, json_schema_input_type=Text | dict[Id, Text])
]
Share = Annotated[Number, Field(gt=0, lt=1)]


class Step(Content):
    """One obligation. `due` has an offset for each tier, or for `all`; else the tier lacks it.

    The law sets the deadline of a `statutory` one: it is neither extended nor paused.
    """

    id: Id
    title: Text
    do: Instructions = Field(default_factory=dict)
    role: Role
    anchor: Anchor
    due: dict[Id, Offset]
    clock: StepClock = StepClock.WALL
    warn: Share = 0.8
    escalate_after: Duration = timedelta(minutes=10)
    escalate_to: Role = Role.EXECUTIVE
    done_on: Moment | None = None
    needs: tuple[Id, ...] = ()
    mandatory: StrictBool = True
    statutory: StrictBool = False
    template: TemplateId | None = None

    @property
    def anchor_step(self) -> str | None:
        """The step that this one is anchored on, if it is."""
        return self.anchor.removeprefix(_STEP_ANCHOR) if _STEP_ANCHOR in self.anchor else None

    def in_tier(self, tier: str) -> bool:
        """Whether that tier has the step at all."""
        return tier in self.due or EVERY_TIER in self.due

    def offset(self, tier: str) -> timedelta | None:
        """Time from anchor to due in a tier that has the step; None when it has no deadline."""
        return self.due[tier] if tier in self.due else self.due[EVERY_TIER]

    def instructions(self, tier: str) -> Text | None:
        """What to do in that tier."""
        return self.do.get(tier) or self.do.get(EVERY_TIER)

    def overlaid(self, overlay: StepOverlay | Step) -> Step:
        """This step with the keys that the overlay names; texts for single tiers are added."""
        named = {key: getattr(overlay, key) for key in overlay.model_fields_set}
        if named.get("do") and EVERY_TIER not in named["do"]:
            named["do"] = {**self.do, **named["do"]}
        own = {key: getattr(self, key) for key in self.model_fields_set}
        return Step.model_validate(own | named)


class StepOverlay(Content):
    """A step as a playbook writes it: on top of a ladder's only the keys that change."""

    id: Id
    title: Text | None = None
    do: Instructions | None = None
    role: Role | None = None
    anchor: Anchor | None = None
    due: dict[Id, Offset] | None = None
    clock: StepClock | None = None
    warn: Share | None = None
    escalate_after: Duration | None = None
    escalate_to: Role | None = None
    done_on: Moment | None = None
    needs: tuple[Id, ...] | None = None
    mandatory: StrictBool | None = None
    statutory: StrictBool | None = None
    template: TemplateId | None = None


class Ladder(Content):
    """Obligations that several playbooks share."""

    id: Id
    name: Text
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


class PlaybookFile(Content):
    """A playbook as it is written: ladders, and steps of its own or on top of theirs.

    `calendar` has the office hours of its steps with `clock: business`.
    """

    id: Id
    name: Text
    scenario: Id | None
    kind: Kind
    ladders: tuple[Id, ...] = ()
    calendar: Id = "cn"
    steps: tuple[StepOverlay, ...] = ()


class Playbook(Content):
    """A playbook as it is run: every step complete, in order, with the tiers that it was read with.

    `tiers` are lowest first; `version` is that of the library; `office` stands where a step goes
    by office hours. A run keeps a copy.
    """

    id: Id
    name: Text
    scenario: Id | None
    kind: Kind
    ladders: tuple[Id, ...]
    steps: tuple[Step, ...]
    tiers: tuple[Id, ...]
    version: str
    office: Office | None = None

    def by_id(self) -> Mapping[str, Step]:
        """Steps by id."""
        return {step.id: step for step in self.steps}

    def rank(self, tier: str) -> int:
        """Position of a tier, from 1; raises ValueError for one that this playbook has not."""
        return self.tiers.index(tier) + 1

    def in_office_hours(self, step: Step, tier: str) -> Office | None:
        """The office by whose hours the step runs in that tier; None for the wall clock."""
        if step.clock is StepClock.WALL or self.office is None or tier not in self.office.tiers:
            return None
        return self.office

    def with_version(self, version: str) -> Self:
        """The same playbook, stamped with the version of its library."""
        return self.model_copy(update={"version": version})
