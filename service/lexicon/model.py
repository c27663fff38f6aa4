"""The lexicon as people edit it: entries with their state, changes, versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from nlp.lexicon import Entry


class EntryState(StrEnum):
    """A retired entry is kept and shown, and hits nothing."""

    ACTIVE = "active"
    RETIRED = "retired"


class Origin(StrEnum):
    """Where an entry comes from: a table that ships, one that ships but was edited, or people."""

    SHIPPED = "shipped"
    CHANGED = "changed"
    ADDED = "added"


class ChangeState(StrEnum):
    """What a change made of an entry; `shipped` and `absent` are what rollbacks lead back to."""

    ACTIVE = "active"
    RETIRED = "retired"
    SHIPPED = "shipped"
    ABSENT = "absent"


class SaveKind(StrEnum):
    """What a version came of."""

    ADDED = "added"
    CHANGED = "changed"
    RETIRED = "retired"
    RESTORED = "restored"
    IMPORTED = "imported"
    ROLLED_BACK = "rolled_back"


Cells = Mapping[str, str]
"""A row as in a table: every one of `nlp.lexicon.COLUMNS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconVersion:
    """One save. Number 0 is what ships and is no save; `restored` is where a rollback led."""

    number: int
    kind: SaveKind
    author: str
    reason: str
    at: datetime
    changes: int
    restored: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a save made of one entry. `entry_version` counts the entry's own changes."""

    entry_id: str
    entry_version: int
    state: ChangeState
    cells: Cells | None
    save: LexiconVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An entry with its life. `version` is for If-Match; `save` is None for what ships as is."""

    entry: Entry
    state: EntryState = EntryState.ACTIVE
    origin: Origin = Origin.SHIPPED
    version: int = 1
    save: LexiconVersion | None = None

    @property
    def is_active(self) -> bool:
        """Whether it can hit."""
        return self.state is EntryState.ACTIVE
