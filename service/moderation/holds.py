"""Holds: placed when the machine blocks until a person has looked, lifted or confirmed by one.

Every process keeps all holds in memory and asks the state database once a second for those that
have changed, so that a text is compared without a query and replicas follow within seconds.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row, Select, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from nlp import Analysis, CopyKey
from service.audit.trail import record
from service.clock import Clock
from service.db import Database
from service.db.statement import insert
from service.db.tables import hold as table
from service.errors import NotFound
from service.metrics import holds_known
from service.moderation.hold_index import Hold, HoldIndex, HoldLabel, HoldState, Match

POLL_S = 1.0
"""How long a process may not have heard of another's hold or of a verdict."""
COVERS_FOR = timedelta(days=180)
"""A decision speaks for copies so long; afterwards a copy is judged anew."""
_OVERLAP = timedelta(seconds=60)
"""Clocks of replicas differ, and a transaction may commit long after its rows were dated."""
_PATIENCE_S = 5.0
_CHUNK = 500

log = structlog.get_logger(__name__)


class Holds:
    """The holds of the installation. `refresh` first, once a batch; `find` costs no query."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._index = HoldIndex()
        self._lock = asyncio.Lock()
        self._loaded_at: datetime | None = None
        self._next = clock.monotonic()
        self._stale = True
        self._trusted = False

    async def refresh(self) -> bool:
        """Read what has changed, at most once in POLL_S; answers whether memory can be trusted.

        It cannot while the state database does not answer: then nothing may pass for a text that
        nobody holds.
        """
        if not self._due() or (self._lock.locked() and self._trusted):
            return self._trusted
        async with self._lock:
            if not self._due():
                return self._trusted
            self._stale = False
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    await self._load()
            except Exception:
                if self._trusted:
                    log.exception("holds.unreadable")
                self._trusted = False
            else:
                self._trusted = True
            self._next = self._clock.monotonic() + POLL_S
        return self._trusted

    def find(self, key: CopyKey) -> list[Match]:
        """The holds that a text is a copy of, as of the last refresh, nearest first."""
        return self._index.find(key)

    def get(self, hold_id: str) -> Hold:
        """A hold as of the last refresh. Raises NotFound."""
        found = self._index.get(hold_id)
        if found is None:
            raise NotFound(f"no hold {hold_id!r} is known; it may be older than 180 days")
        return found

    async def place(self, connection: AsyncConnection, holds: Sequence[Hold]) -> None:
        """Store holds with their audit rows; one that another process has placed stays as it is.

        Call `placed` when the transaction is committed, and `overtaken` after other writes.
        """
        for hold in holds:
            inserted = await connection.execute(
                insert(connection, table)
                .values(**_values(hold))
                .on_conflict_do_nothing(index_elements=["id"])
                .returning(table.c.id)
            )
            if inserted.first() is not None:
                await record(
                    connection,
                    at=hold.created_at,
                    actor=hold.caller,
                    action="hold.placed",
                    subject_type="hold",
                    subject_id=hold.id,
                    data={"labels": sorted(hold.held_labels), "policy": hold.policy},
                )

    async def filed(
        self, connection: AsyncConnection, hold_ids: Collection[str], *, at: datetime
    ) -> None:
        """Say that people have them: until then the next copy is filed in their place."""
        await connection.execute(
            update(table)
            .where(table.c.id.in_(sorted(hold_ids)), table.c.filed.is_(False))
            .values(filed=True, updated_at=at)
        )

    def placed(self, holds: Sequence[Hold]) -> None:
        """Let copies meet these holds from now on; the database has the last word at once."""
        self._index.put(hold for hold in holds if self._index.get(hold.id) is None)

    def overtaken(self) -> None:
        """Something was written that memory does not know: read it before the next text."""
        self._stale = True

    async def count_copies(self, connection: AsyncConnection, copies: Mapping[str, int]) -> None:
        """Add to the number of copies that each hold has met."""
        for hold_id, number in sorted(copies.items()):
            await connection.execute(
                update(table).where(table.c.id == hold_id).values(copies=table.c.copies + number)
            )

    async def lift(
        self, connection: AsyncConnection, hold_id: str, *, by: str, at: datetime
    ) -> Hold:
        """Let the text and its copies pass, in the caller's transaction. Raises NotFound."""
        return await self._decide(connection, hold_id, HoldState.LIFTED, by=by, at=at)

    async def confirm(
        self, connection: AsyncConnection, hold_id: str, *, by: str, at: datetime
    ) -> Hold:
        """Block the text and its copies for good, in the caller's transaction. Raises NotFound."""
        return await self._decide(connection, hold_id, HoldState.CONFIRMED, by=by, at=at)

    async def _decide(
        self,
        connection: AsyncConnection,
        hold_id: str,
        state: HoldState,
        *,
        by: str,
        at: datetime,
    ) -> Hold:
        """Also turns a decision round: a later line may overrule an earlier one."""
        row = (
            await connection.execute(select(table).where(table.c.id == hold_id).with_for_update())
        ).first()
        if row is None:
            raise NotFound(f"no hold {hold_id!r}")
        if row.state != state:
            await connection.execute(
                update(table)
                .where(table.c.id == hold_id)
                .values(state=state.value, decided_by=by[:64], decided_at=at, updated_at=at)
            )
            await record(
                connection,
                at=at,
                actor=by,
                action=f"hold.{state.value}",
                subject_type="hold",
                subject_id=hold_id,
                data={"before": row.state},
            )
            row = (await connection.execute(select(table).where(table.c.id == hold_id))).one()
        self._stale = True
        return _hold(row)

    def _due(self) -> bool:
        return self._stale or self._clock.monotonic() >= self._next

    async def _load(self) -> None:
        now = self._clock.now()
        forgotten = now - COVERS_FOR
        async with self._database.read() as connection:
            if self._loaded_at is None:
                rows = (await connection.execute(_living(select(table), forgotten))).all()
            else:
                changed = await self._changed(connection, self._loaded_at - _OVERLAP, forgotten)
                rows = await _rows(connection, changed)
        self._index.put(_hold(row) for row in rows)
        for hold_id in self._index.decided_before(forgotten):
            self._index.drop(hold_id)
        self._loaded_at = now
        holds_known.set(len(self._index))

    async def _changed(
        self, connection: AsyncConnection, since: datetime, forgotten: datetime
    ) -> list[str]:
        """Ids of what memory has not, or has otherwise: most rows since then it has seen."""
        columns = table.c
        recent = await connection.execute(
            _living(
                select(columns.id, columns.updated_at, columns.state, columns.filed), forgotten
            ).where(columns.updated_at >= since)
        )
        changed = []
        for hold_id, *told in recent:
            known = self._index.get(hold_id)
            if known is None or [known.updated_at, known.state, known.filed] != told:
                changed.append(hold_id)
        return changed


def _living(query: Select[Any], forgotten: datetime) -> Select[Any]:
    return query.where(or_(table.c.decided_at.is_(None), table.c.decided_at >= forgotten))


async def _rows(connection: AsyncConnection, hold_ids: Sequence[str]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for start in range(0, len(hold_ids), _CHUNK):
        chunk = hold_ids[start : start + _CHUNK]
        found += await connection.execute(select(table).where(table.c.id.in_(chunk)))
    return found


def hold_key(analysis: Analysis) -> CopyKey:
    """The copy key of a text; one without words of its own is at least a copy of its equal."""
    key = analysis.copy_key
    if key.exact or not analysis.normal:
        return key
    digest = hashlib.blake2b(analysis.normal.encode("utf-8", "surrogatepass"), digest_size=12)
    return CopyKey(exact=f"={digest.hexdigest()}", simhash=0, bands=())


def _values(hold: Hold) -> dict[str, Any]:
    return {
        "id": hold.id,
        "kind": hold.kind,
        "blocking": hold.blocking,
        "state": hold.state.value,
        "labels": [[item.label, item.score, item.source, item.held] for item in hold.labels],
        "risk_level": hold.risk_level,
        "exact": hold.key.exact,
        "simhash": f"{hold.key.simhash:016x}",
        "bands": list(hold.key.bands),
        "policy": hold.policy[:64],
        "caller": hold.caller[:64],
        "copies": hold.copies,
        "filed": hold.filed,
        "created_at": hold.created_at,
        "updated_at": hold.updated_at,
    }


def _hold(row: Row[Any]) -> Hold:
    values = row._mapping
    return Hold(
        id=values["id"],
        kind=values["kind"],
        blocking=values["blocking"],
        state=HoldState(values["state"]),
        labels=tuple(
            HoldLabel(label=label, score=score, source=source, held=held)
            for label, score, source, held in values["labels"]
        ),
        risk_level=values["risk_level"],
        key=CopyKey(
            exact=values["exact"],
            simhash=int(values["simhash"], 16),
            bands=tuple(values["bands"]),
        ),
        policy=values["policy"],
        caller=values["caller"],
        created_at=values["created_at"],
        updated_at=values["updated_at"],
        copies=values["copies"],
        filed=values["filed"],
        decided_by=values["decided_by"],
        decided_at=values["decided_at"],
    )
