"""What must change for the lexicon to be again what it was. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.errors import InvalidInput
from service.lexicon.cells import Mistake, read_cells
from service.lexicon.model import Change, ChangeState, LexiconVersion, Record
from service.lexicon.shelf import Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBack:
    """What going back would make of one entry; None where it is not there."""

    entry_id: str
    before: Record | None
    after: Record | None


def changes_back(
    shelf: Shelf, then: Iterable[Change], *, save: LexiconVersion
) -> tuple[Change, ...]:
    """The changes that lead from `shelf` to where each entry's change in `then` was its last.

    Entries changed since, of which `then` tells nothing, go back to what ships, or away. Raises
    InvalidInput for rows that this release cannot read any more.
    """
    last = {change.entry_id: change for change in then}
    touched = {entry_id for entry_id, record in shelf.records.items() if record.save is not None}
    changes = []
    mistakes: list[Mistake] = []
    for entry_id in sorted(touched | shelf.gone.keys() | last.keys()):
        state, cells = _target(shelf, last.get(entry_id), entry_id)
        back = Change(
            entry_id=entry_id,
            entry_version=shelf.version_of(entry_id) + 1,
            state=state,
            cells=cells,
            save=save,
        )
        if cells is not None:
            mistakes += ((f"{entry_id} {name}", said) for name, said in read_cells(cells)[1])
        if _is_new(shelf, back):
            changes.append(back)
    if mistakes:
        raise InvalidInput(
            f"version {save.restored} cannot be restored: its rows are refused", errors=mistakes
        )
    return tuple(changes)


def steps_back(shelf: Shelf, changes: Iterable[Change]) -> tuple[StepBack, ...]:
    """The changes as entries before and after, by id."""
    return tuple(
        StepBack(
            entry_id=change.entry_id,
            before=shelf.records.get(change.entry_id),
            after=shelf.record_of(change),
        )
        for change in changes
    )


def _target(
    shelf: Shelf, change: Change | None, entry_id: str
) -> tuple[ChangeState, dict[str, str] | None]:
    if change is not None and change.cells is not None:
        return change.state, dict(change.cells)
    return (ChangeState.SHIPPED if entry_id in shelf.base else ChangeState.ABSENT), None


def _is_new(shelf: Shelf, back: Change) -> bool:
    """Whether the change would alter the entry at all."""
    before = shelf.records.get(back.entry_id)
    after = shelf.record_of(back)
    if before is None or after is None:
        return before is not after
    return (before.entry, before.state, before.origin) != (after.entry, after.state, after.origin)
