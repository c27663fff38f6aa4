"""All entries at one version of the lexicon: what ships, with the changes laid over it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import structlog

from nlp.lexicon import Entry
from service.lexicon.cells import read_cells
from service.lexicon.model import Change, ChangeState, EntryState, Origin, Record

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """`records` by id, retired ones included; `gone` are the versions of entries that a rollback
    took away, so that an id which comes back goes on counting."""

    number: int
    base: Mapping[str, Entry]
    records: Mapping[str, Record]
    gone: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, base: Iterable[Entry]) -> Shelf:
        """Version 0: the entries that ship."""
        shipped = {entry.id: entry for entry in base}
        records = {entry_id: Record(entry=entry) for entry_id, entry in shipped.items()}
        return cls(number=0, base=shipped, records=records)

    def active(self) -> tuple[Entry, ...]:
        """The entries that can hit: shipped ones in their order, then added ones by id.

        So equal versions have equal fingerprints, whatever led to them.
        """
        added = sorted(self.records.keys() - self.base.keys())
        order = [entry_id for entry_id in self.base if entry_id in self.records] + added
        return tuple(
            self.records[entry_id].entry for entry_id in order if self.records[entry_id].is_active
        )

    def version_of(self, entry_id: str) -> int:
        """How often the entry was changed, counting from 1 for what was never; 0 for none."""
        record = self.records.get(entry_id)
        return self.gone.get(entry_id, 0) if record is None else record.version

    def with_changes(self, changes: Iterable[Change], *, number: int) -> Shelf:
        """The shelf after the changes, in the order of their saves, at that version.

        A row that this release cannot read any more is left out and logged.
        """
        records, gone = dict(self.records), dict(self.gone)
        for change in changes:
            record = self.record_of(change)
            if record is None:
                records.pop(change.entry_id, None)
                gone[change.entry_id] = change.entry_version
            else:
                records[change.entry_id] = record
                gone.pop(change.entry_id, None)
        return replace(self, number=number, records=records, gone=gone)

    def record_of(self, change: Change) -> Record | None:
        """What a change makes of its entry; None where it is away, or cannot be read any more."""
        base = self.base.get(change.entry_id)
        if change.state is ChangeState.SHIPPED and base is not None:
            return Record(entry=base, version=change.entry_version, save=change.save)
        if change.cells is None:
            return None
        entry, mistakes = read_cells(change.cells)
        if entry is None:
            log.error("lexicon.entry_unreadable", entry=change.entry_id, mistakes=mistakes)
            return None
        return Record(
            entry=entry,
            state=EntryState(change.state.value),
            origin=Origin.ADDED if base is None else Origin.CHANGED,
            version=change.entry_version,
            save=change.save,
        )
