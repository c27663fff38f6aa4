"""How entries have moved between two instants. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from service.risks.register import Entry


class Direction(StrEnum):
    NEW = "new"
    """Entered, or reopened."""
    GONE = "gone"
    """Retired, one that was entered meanwhile too."""
    UP = "up"
    DOWN = "down"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An entry at the end of the span; `before` is None where it was not there, or retired."""

    direction: Direction
    before: Entry | None
    after: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Entries by where they have gone; in each list the gravest first."""

    moved: tuple[Moved, ...] = field(default=())

    def of(self, direction: Direction) -> tuple[Moved, ...]:
        """Those that went there."""
        return tuple(item for item in self.moved if item.direction is direction)


def movement(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> Movement:
    """Both by id, retired ones too, their money at the same rates.

    So that a rate of exchange moves no risk. By score, and where that is the same by what is to
    be expected of it a year.
    """
    moved = []
    for risk_id, entry in after.items():
        old = before.get(risk_id)
        was_there = old is not None and not old.risk.retired
        if entry.risk.retired and old is not None and not was_there:
            continue
        direction = _direction(old if was_there else None, entry)
        moved.append(Moved(direction=direction, before=old if was_there else None, after=entry))
    moved.sort(key=lambda item: (-item.after.assessment.score.value, item.after.risk.id))
    return Movement(moved=tuple(moved))


def _direction(before: Entry | None, after: Entry) -> Direction:
    if after.risk.retired:
        return Direction.GONE
    if before is None:
        return Direction.NEW
    old, new = before.assessment, after.assessment
    if old.score.value != new.score.value:
        return Direction.UP if new.score.value > old.score.value else Direction.DOWN
    if old.expected_loss is None or new.expected_loss is None:
        return Direction.SAME
    if old.expected_loss == new.expected_loss:
        return Direction.SAME
    return Direction.UP if new.expected_loss > old.expected_loss else Direction.DOWN
