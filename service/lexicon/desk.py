"""What people do to the lexicon: permission, checks, then one transaction that makes a version."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from nlp.lexicon import Entry
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.db.page import Page
from service.errors import Conflict, InvalidInput, NotFound
from service.lexicon import repository
from service.lexicon.cells import cells_of, entry_of
from service.lexicon.import_plan import ImportReport, advice_on, plan_import
from service.lexicon.imports import Imported
from service.lexicon.model import (
    Cells,
    Change,
    ChangeState,
    LexiconVersion,
    Record,
    SaveKind,
)
from service.lexicon.rollback import StepBack, changes_back, steps_back
from service.lexicon.saving import change_of, difference, save_version
from service.lexicon.shelf import Shelf
from service.lexicon.shelves import Shelves
from service.lexicon.vetting import (
    Examination,
    Mistakes,
    examined,
    example_mistakes,
    peer_mistakes,
)

ResultT = TypeVar("ResultT")

LONGEST_REASON = 1_000


class LexiconDesk:
    """The one door for edits. `version` is the If-Match of an entry; None skips the check."""

    def __init__(
        self, *, database: Database, clock: Clock, shelves: Shelves, threads: bool = True
    ) -> None:
        """`threads` False keeps all work on the event loop: virtual time."""
        self._database = database
        self._clock = clock
        self._shelves = shelves
        self._threads = threads

    async def add(self, actor: Principal, cells: Cells, *, reason: str | None) -> Record:
        """A new entry. Raises Forbidden, Conflict for a taken id, InvalidInput naming columns."""
        actor.require(Action.EDIT, Resource.LEXICON)
        said = _reason(reason)
        entry = entry_of(cells)
        _refuse(entry, example_mistakes([entry]))
        async with self._database.write() as connection:
            shelf = await self._locked(connection)
            taken = shelf.records.get(entry.id)
            if taken is not None:
                how = "there already" if taken.is_active else "retired; restore it"
                raise Conflict(f"lexicon entry {entry.id} is {how}, or take another id")
            return await self._save_one(
                connection, actor, shelf, SaveKind.ADDED, entry, ChangeState.ACTIVE, said
            )

    async def change(
        self,
        actor: Principal,
        entry_id: str,
        changes: Cells,
        *,
        reason: str | None,
        version: int | None = None,
        restore: bool = False,
    ) -> Record:
        """Other cells for an entry; `restore` takes a retired one back into use.

        Saves nothing where nothing changes. Raises Forbidden, NotFound, Conflict, InvalidInput.
        """
        actor.require(Action.EDIT, Resource.LEXICON)
        said = _reason(reason)
        async with self._database.write() as connection:
            shelf = await self._locked(connection)
            before = found(shelf, entry_id)
            _check_version(before, version)
            if not before.is_active and not restore:
                raise Conflict(f"lexicon entry {entry_id} is retired; restore it to change it")
            entry = entry_of({**cells_of(before.entry), **changes, "id": entry_id})
            if entry == before.entry and before.is_active:
                return before
            _refuse(entry, example_mistakes([entry]))
            kind = SaveKind.CHANGED if before.is_active else SaveKind.RESTORED
            return await self._save_one(
                connection, actor, shelf, kind, entry, ChangeState.ACTIVE, said
            )

    async def retire(
        self, actor: Principal, entry_id: str, *, reason: str | None, version: int | None = None
    ) -> Record:
        """From now on it hits nothing. Raises Forbidden, NotFound, Conflict, InvalidInput."""
        actor.require(Action.DELETE, Resource.LEXICON)
        said = _reason(reason)
        async with self._database.write() as connection:
            shelf = await self._locked(connection)
            before = found(shelf, entry_id)
            _check_version(before, version)
            if not before.is_active:
                raise Conflict(f"lexicon entry {entry_id} is retired already")
            return await self._save_one(
                connection,
                actor,
                shelf,
                SaveKind.RETIRED,
                before.entry,
                ChangeState.RETIRED,
                said,
            )

    async def examine(self, entry: Entry) -> Examination:
        """What saving an entry would be refused for, and what lint would say of it."""
        shelf = await self._shelves.current()
        return await self._aside(partial(examined, entry, shelf))

    async def history(self, entry_id: str, *, limit: int = 20) -> tuple[Change, ...]:
        """What became of an entry, newest first; nothing for one that ships as it is."""
        async with self._database.read() as connection:
            return await repository.history(connection, entry_id, limit=limit)

    async def versions(self, *, before: int | None = None, limit: int = 50) -> Page[LexiconVersion]:
        """Saves, newest first."""
        async with self._database.read() as connection:
            return await repository.versions(connection, before=before, limit=limit)

    async def would_roll_back(self, actor: Principal, number: int) -> tuple[StepBack, ...]:
        """What going back to version `number` would make of which entries; nothing is saved.

        Raises as `roll_back`.
        """
        actor.require(Action.READ, Resource.LEXICON)
        async with self._database.read() as connection:
            shelf = await self._shelves.current_in(connection)
            save = self._next(actor, shelf, SaveKind.ROLLED_BACK, "", restored=number)
            return steps_back(shelf, await _changes_back(connection, shelf, save))

    async def roll_back(
        self, actor: Principal, number: int, *, reason: str | None
    ) -> LexiconVersion:
        """A new version with the entries of version `number`; 0 is what ships.

        Raises Forbidden, NotFound, InvalidInput for a version whose rows cannot be read any more.
        """
        async with self._database.write() as connection:
            return await self.roll_back_in(connection, actor, number, reason=reason)

    async def roll_back_in(
        self, connection: AsyncConnection, actor: Principal, number: int, *, reason: str | None
    ) -> LexiconVersion:
        """The same inside the caller's transaction."""
        actor.require(Action.EDIT, Resource.LEXICON)
        said = _reason(reason)
        shelf = await self._locked(connection)
        save = self._next(actor, shelf, SaveKind.ROLLED_BACK, said, restored=number)
        changes = await _changes_back(connection, shelf, save)
        return await save_version(connection, replace(save, changes=len(changes)), changes)

    async def import_rows(
        self, actor: Principal, imported: Imported, *, reason: str | None, confirm: bool
    ) -> ImportReport:
        """What the rows would change; with `confirm` it is saved, all of it or nothing.

        Raises Forbidden; with `confirm` InvalidInput for a missing reason and for every bad line.
        """
        actor.require(Action.EDIT, Resource.LEXICON)
        said = _reason(reason) if confirm else ""
        shelf = await self._shelves.current()
        examples = await self._aside(partial(example_mistakes, imported.entries))
        if not confirm:
            report = plan_import(imported, shelf, examples).report
            advice = await self._aside(partial(advice_on, imported, shelf))
            return replace(report, advice=advice)
        async with self._database.write() as connection:
            return await self._import(connection, actor, imported, said, examples)

    async def import_in(
        self,
        connection: AsyncConnection,
        actor: Principal,
        imported: Imported,
        *,
        reason: str | None,
    ) -> ImportReport:
        """The rows saved inside the caller's transaction, all of them or nothing.

        Raises Forbidden, and InvalidInput for a missing reason and for every bad line.
        """
        actor.require(Action.EDIT, Resource.LEXICON)
        said = _reason(reason)
        examples = await self._aside(partial(example_mistakes, imported.entries))
        return await self._import(connection, actor, imported, said, examples)

    async def _import(
        self,
        connection: AsyncConnection,
        actor: Principal,
        imported: Imported,
        reason: str,
        examples: Mistakes,
    ) -> ImportReport:
        shelf = await self._locked(connection)
        plan = plan_import(imported, shelf, examples)
        if plan.report.issues:
            raise InvalidInput(
                f"{imported.file} is refused as a whole; mend these lines and send it again",
                errors=[
                    (f"{issue.file}:{issue.line}", issue.message) for issue in plan.report.issues
                ],
            )
        if not plan.entries:
            return plan.report
        save = self._next(actor, shelf, SaveKind.IMPORTED, reason)
        changes = [change_of(shelf, entry, ChangeState.ACTIVE, save=save) for entry in plan.entries]
        saved = await save_version(connection, replace(save, changes=len(changes)), changes)
        return replace(plan.report, saved=saved)

    async def _aside(self, work: Callable[[], ResultT]) -> ResultT:
        return await asyncio.to_thread(work) if self._threads else work()

    async def _locked(self, connection: AsyncConnection) -> Shelf:
        await repository.lock(connection)
        return await self._shelves.current_in(connection)

    async def _save_one(
        self,
        connection: AsyncConnection,
        actor: Principal,
        shelf: Shelf,
        kind: SaveKind,
        entry: Entry,
        state: ChangeState,
        reason: str,
    ) -> Record:
        if state is ChangeState.ACTIVE:
            _refuse(entry, peer_mistakes([entry], shelf))
        save = self._next(actor, shelf, kind, reason, changes=1)
        change = change_of(shelf, entry, state, save=save)
        before = shelf.records.get(entry.id)
        told = difference(None if before is None else cells_of(before.entry), cells_of(entry))
        await save_version(connection, save, [change], told={"changed": told})
        return shelf.with_changes([change], number=save.number).records[entry.id]

    def _next(
        self,
        actor: Principal,
        shelf: Shelf,
        kind: SaveKind,
        reason: str,
        *,
        changes: int = 0,
        restored: int | None = None,
    ) -> LexiconVersion:
        return LexiconVersion(
            number=shelf.number + 1,
            kind=kind,
            author=actor.id,
            reason=reason,
            at=self._clock.now(),
            changes=changes,
            restored=restored,
        )


async def _changes_back(
    connection: AsyncConnection, shelf: Shelf, save: LexiconVersion
) -> tuple[Change, ...]:
    number = save.restored or 0
    if number:
        await repository.version(connection, number)
    then = await repository.latest_changes(connection, until=number)
    return changes_back(shelf, then, save=save)


def found(shelf: Shelf, entry_id: str) -> Record:
    """The entry, retired ones too. Raises NotFound."""
    record = shelf.records.get(entry_id)
    if record is None:
        raise NotFound(f"no lexicon entry {entry_id[:64]!r}")
    return record


def _refuse(entry: Entry, mistakes: Mistakes) -> None:
    wrong = mistakes.get(entry.id, ())
    if wrong:
        raise InvalidInput(f"the entry {entry.id} is refused", errors=wrong)


def _reason(reason: str | None) -> str:
    said = (reason or "").strip()
    if not said or len(said) > LONGEST_REASON:
        raise InvalidInput(
            "every change of the lexicon has a reason",
            errors=[("reason", f"1 to {LONGEST_REASON} characters: why, for those who come after")],
        )
    return said


def _check_version(record: Record, version: int | None) -> None:
    if version is None or version == record.version:
        return
    entry_id = record.entry.id
    if version == 0:
        raise Conflict(f"lexicon entry {entry_id} exists already; edit it, or take another id")
    who = "it" if record.save is None else f"{record.save.author} ({record.save.reason})"
    raise Conflict(
        f"lexicon entry {entry_id} is at version {record.version}, not {version}: "
        f"{record.save.kind.value if record.save else 'shipped'} by {who}; reload and retry"
    )
