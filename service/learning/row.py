"""One thing that a person said of one text, as a row to train and to compare with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter

from service.learning.head import Head

_TENTHS = 10
_INSTANT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$"
_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


def _in_the_calendar(at: str) -> str:
    datetime.strptime(at, _FORM).replace(tzinfo=UTC)
    return at


class Origin(StrEnum):
    """How people came to say it."""

    CORRECTION = "correction"
    NOT_ABOUT_US = "not_about_us"
    VERDICT = "verdict"
    APPEAL = "appeal"
    """A verdict after the author had objected."""


class Split(StrEnum):
    """Which part of training a row is for; all texts of an author are in the same one."""

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRow:
    """A text with personal information masked, what a person said of it, and how that came about.

    `machine` is what was said before, None where nothing was, and `versions` are of what said it.
    `labels` are the reviewer's categories of a decision. `by` is an id of ours; `at` is
    `YYYY-MM-DDTHH:MM:SS.mmmZ`; `group` is a hash of the author, or of the text where none is known.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")
    id: Annotated[str, Field(min_length=1, max_length=200)]
    origin: Origin
    head: Head
    kind: str = "post"
    text: Annotated[str, Field(max_length=200_000)]
    label: Annotated[str, Field(min_length=1, max_length=64)]
    labels: tuple[str, ...] = ()
    machine: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    at: Annotated[str, Field(pattern=_INSTANT), AfterValidator(_in_the_calendar)]
    group: str
    split: Split

    def as_json(self) -> dict[str, Any]:
        """The row as an object of a line, keys in the order above."""
        return asdict(self) | {"labels": list(self.labels), "versions": dict(self.versions)}


ROW = TypeAdapter(TrainingRow)
"""Reads a row. `validate_json` raises pydantic's ValidationError."""


def group_of(*, author: str | None, text: str) -> str:
    """16 hex digits; the pseudonym itself stays here."""
    whom = f"author:{author}" if author else f"text:{text}"
    return hashlib.sha256(whom.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def split_of(group: str) -> Split:
    """Eight tenths train, one tenth each dev and test, by the group alone."""
    tenth = int(hashlib.sha256(group.encode()).hexdigest()[:8], 16) % _TENTHS
    if tenth < _TENTHS - 2:
        return Split.TRAIN
    return Split.DEV if tenth == _TENTHS - 2 else Split.TEST


def instant_of(row: TrainingRow) -> datetime:
    """When it was said, aware UTC."""
    return datetime.strptime(row.at, _FORM).replace(tzinfo=UTC)
