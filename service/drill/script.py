"""A script of acts in YAML: who does what, how long after an incident of a drill has opened.

```yaml
people:
  - {id: anna, name: 安娜, roles: [lead]}
acts:
  - {at: 6m, by: anna, act: acknowledge}
  - {at: 40m, by: anna, act: done, step: holding_statement, note: 已发布, incident: 2}
```
An act without `incident` is done in each; a number is its place in the order of opening, from 1.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from playbooks import parse_duration
from service.auth import Principal, PrincipalKind, Role
from service.errors import InvalidInput

_MOST = 10_000
_STRICT = ConfigDict(extra="forbid", frozen=True)


def _duration(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    return parse_duration(str(value))


class ActKind(StrEnum):
    """What a person of the script does; the first ones are of incidents, two of steps."""

    ACKNOWLEDGE = "acknowledge"
    RESPOND = "respond"
    MONITOR = "monitor"
    RESOLVE = "resolve"
    CLOSE = "close"
    COMMENT = "comment"
    TAKE_SEAT = "take_seat"
    DONE = "done"
    SKIP = "skip"


OF_STEPS = frozenset({ActKind.DONE, ActKind.SKIP})


class Player(BaseModel):
    """Somebody who takes part."""

    model_config = _STRICT

    id: str = Field(pattern=r"^[a-z0-9_-]{1,40}$")
    name: str = Field(min_length=1, max_length=64)
    roles: tuple[Role, ...] = (Role.RESPONDER, Role.LEAD)

    @property
    def principal(self) -> Principal:
        """As whom they act."""
        return Principal(
            id=self.id, kind=PrincipalKind.USER, name=self.name, roles=frozenset(self.roles)
        )


class Act(BaseModel):
    """One deed, so long after the opening of the incident."""

    model_config = _STRICT

    at: Annotated[timedelta, BeforeValidator(_duration)]
    by: str
    act: ActKind
    step: str | None = None
    role: str | None = None
    note: str | None = None
    incident: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _whole(self) -> Act:
        if (self.act in OF_STEPS) != (self.step is not None):
            raise ValueError("`step` belongs to done and skip, and they need it")
        if (self.act is ActKind.TAKE_SEAT) != (self.role is not None):
            raise ValueError("`role` belongs to take_seat, which needs it")
        return self


class Script(BaseModel):
    """A cast and what it does."""

    model_config = _STRICT

    people: tuple[Player, ...] = Field(min_length=1, max_length=200)
    acts: tuple[Act, ...] = Field(max_length=_MOST)

    @field_validator("people")
    @classmethod
    def _told_apart(cls, people: tuple[Player, ...]) -> tuple[Player, ...]:
        if len({player.id for player in people}) < len(people):
            raise ValueError("two people have the same id")
        return people

    @model_validator(mode="after")
    def _cast(self) -> Script:
        known = {player.id for player in self.people}
        strangers = sorted({act.by for act in self.acts} - known)
        if strangers:
            raise ValueError(f"{', '.join(strangers)} acts, but is not among the people")
        return self


def read_script(path: Path) -> Script:
    """The script in a YAML file. Raises InvalidInput with every mistake, and where it is."""
    try:
        data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path}: no YAML: {error}") from error
    try:
        return Script.model_validate(data)
    except ValidationError as error:
        raise InvalidInput(
            f"{path}: no script of a drill",
            errors=[
                (f"{path}: {'.'.join(map(str, item['loc'])) or 'the file'}", item["msg"])
                for item in error.errors(include_url=False)
            ],
        ) from error
