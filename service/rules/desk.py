"""What people do to rules: permission, checks, then one transaction with its trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import Document, Library
from service.audit import record
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.db.changes import announce
from service.db.storable import storable
from service.errors import Conflict, InvalidInput, NotFound
from service.rules import repository
from service.rules.directory import KIND
from service.rules.laying import rule_id_of, rules_in_force, stored_document
from service.rules.model import Overlay, OverlayChange, RuleRecord, SavedRule


class RuleDesk:
    """The one door for edits of rules. `version` is the If-Match: 0 for a rule without overlay."""

    def __init__(self, database: Database, clock: Clock, base: Library) -> None:
        self._database = database
        self._clock = clock
        self._base = base

    async def put(
        self,
        actor: Principal,
        rule_id: str,
        data: Mapping[str, Any],
        *,
        version: int | None = None,
    ) -> SavedRule:
        """Lay an overlay over one rule, or add a rule; the overlay that was there is replaced.

        Raises Forbidden, Conflict, and InvalidInput with (path of the key, message).
        """
        actor.require(Action.EDIT, Resource.RULE)
        if data.get("id", rule_id) != rule_id:
            message = f"is {data['id']!r} in the body and {rule_id!r} in the address"
            raise InvalidInput(f"rule {rule_id} cannot be saved", errors=[("id", message)])
        document = stored_document(rule_id, storable({"id": rule_id, **data}))
        return await self.write(actor, document, version=version)

    async def put_all(
        self,
        actor: Principal,
        rules: Sequence[Mapping[str, Any]],
        *,
        versions: Mapping[str, int | None],
    ) -> tuple[SavedRule, ...]:
        """Several at once, each with its `id` in it: all of them or none. Raises as `put`."""
        actor.require(Action.EDIT, Resource.RULE)
        documents = [stored_document(str(rule["id"]), storable(dict(rule))) for rule in rules]
        async with self._database.write() as connection:
            return await self._save(connection, actor, documents, versions=versions)

    async def write(
        self, actor: Principal, document: Document, *, version: int | None = None
    ) -> SavedRule:
        """The same for one rule as it stands in a text; its id is in it.

        Raises Forbidden, Conflict, and InvalidInput with (file:line:column, message).
        """
        actor.require(Action.EDIT, Resource.RULE)
        versions = {rule_id_of(document): version}
        async with self._database.write() as connection:
            saved = await self._save(connection, actor, [document], versions=versions)
        return saved[0]

    async def apply(
        self, connection: AsyncConnection, actor: Principal, documents: Sequence[Document]
    ) -> tuple[SavedRule, ...]:
        """Lay what files say, inside the caller's transaction; other overlays stay as they are.

        Raises Forbidden, and InvalidInput with every mistake as (file:line:column, message).
        """
        actor.require(Action.EDIT, Resource.RULE)
        return await self._save(connection, actor, documents, versions={})

    async def restore(
        self,
        connection: AsyncConnection,
        actor: Principal,
        overlays: Mapping[str, Mapping[str, Any] | None],
    ) -> None:
        """Make these overlays what is given again, None for none, inside the caller's transaction.

        Raises Forbidden, InvalidInput where the rules that come of it are refused, and Conflict
        where other overlays name a rule that would be gone.
        """
        actor.require(Action.EDIT, Resource.RULE)
        await repository.lock(connection)
        present = await repository.every(connection)
        others = [overlay for name, overlay in present.items() if name not in overlays]
        documents = [
            stored_document(name, data) for name, data in overlays.items() if data is not None
        ]
        # Refused as a whole before anything is written.
        now, then = rules_in_force(self._base, present.values()), rules_in_force(self._base, others)
        then.replacing(documents)
        if hanging := sorted(now.readable - then.readable - overlays.keys()):
            raise Conflict(
                f"{', '.join(hanging)} name rules that would be gone; change these first"
            )
        for name, data in overlays.items():
            before = present.get(name)
            if data is None and before is not None:
                await repository.remove(connection, name)
                await self._tell(connection, actor, name, "deleted", before=before, after=None)
        await self._save(connection, actor, documents, versions={})

    async def remove(self, actor: Principal, rule_id: str, *, version: int | None = None) -> None:
        """Take an overlay away: a shipped rule is again what it was, an added one is gone.

        Raises Forbidden, NotFound where there is no overlay, and Conflict for another version or
        while other rules name it.
        """
        actor.require(Action.EDIT, Resource.RULE)
        async with self._database.write() as connection:
            await repository.lock(connection)
            overlays = await repository.every(connection)
            overlay = overlays.pop(rule_id, None)
            if overlay is None:
                raise NotFound(f"nothing was laid over rule {rule_id}")
            _check_version(rule_id, overlay, version)
            without = rules_in_force(self._base, overlays.values())
            with_it = rules_in_force(self._base, [*overlays.values(), overlay])
            hanging = sorted(with_it.readable - without.readable - {rule_id})
            if hanging:
                raise Conflict(
                    f"rule {rule_id} is named by {', '.join(hanging)}; change these first"
                )
            await repository.remove(connection, rule_id)
            await self._tell(connection, actor, rule_id, "deleted", before=overlay, after=None)

    async def _save(
        self,
        connection: AsyncConnection,
        actor: Principal,
        documents: Sequence[Document],
        *,
        versions: Mapping[str, int | None],
    ) -> tuple[SavedRule, ...]:
        await repository.lock(connection)
        overlays = await repository.every(connection)
        names = [rule_id_of(document) for document in documents]
        for name in names:
            _check_version(name, overlays.get(name), versions.get(name))
        library = rules_in_force(self._base, overlays.values()).replacing(documents)
        return tuple(
            [
                await self._save_one(connection, actor, library, overlays.get(name), document)
                for name, document in zip(names, documents, strict=True)
            ]
        )

    async def _save_one(
        self,
        connection: AsyncConnection,
        actor: Principal,
        library: Library,
        before: Overlay | None,
        document: Document,
    ) -> SavedRule:
        name, data = rule_id_of(document), storable(document.data)
        change = OverlayChange.CREATED if before is None else OverlayChange.CHANGED
        if before is not None and dict(before.data) == data:
            overlay, change = before, OverlayChange.UNCHANGED
        else:
            overlay = await repository.save(
                connection, name, data, before=before, author=actor.id, now=self._clock.now()
            )
            await self._tell(connection, actor, name, change.value, before=before, after=overlay)
        shipped = self._base.rules.get(name)
        kept = RuleRecord(id=name, rule=library.rules[name], shipped=shipped, overlay=overlay)
        return SavedRule(record=kept, change=change)

    async def _tell(
        self,
        connection: AsyncConnection,
        actor: Principal,
        rule_id: str,
        change: str,
        *,
        before: Overlay | None,
        after: Overlay | None,
    ) -> None:
        now = self._clock.now()
        version = None if after is None else after.version
        await record(
            connection,
            at=now,
            actor=actor.id,
            action=f"{KIND}.{change}",
            subject_type=KIND,
            subject_id=rule_id,
            data={
                "before": None if before is None else dict(before.data),
                "after": None if after is None else dict(after.data),
                "version": version,
            },
        )
        await announce(
            connection,
            at=now,
            kind=KIND,
            subject_id=rule_id,
            data={"change": change, "version": version},
        )


def _check_version(rule_id: str, overlay: Overlay | None, version: int | None) -> None:
    if version is None or version == (0 if overlay is None else overlay.version):
        return
    if overlay is None:
        raise Conflict(f"nothing is laid over rule {rule_id}: it was taken away; reload and retry")
    raise Conflict(
        f"rule {rule_id} is at version {overlay.version}, not {version}: {overlay.author} changed "
        "it; reload and retry",
        errors=[(name, "changed since you read it") for name in sorted(overlay.data)],
    )
