"""Is the trail as it was written? Recomputes the chain and names the first link that fails."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from service.audit.entry import GENESIS, AuditEntry, chain_hash
from service.audit.trail import read
from service.db import Database
from service.db.tables import audit_entry

BATCH = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLink:
    """The first sealed row that is not what was sealed, and what about it is wrong."""

    sequence: int
    id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """`sealed` rows held; `unsealed` are the ids of the tail that no chain protects yet.

    `head` is the hash of the last good row: kept elsewhere, it shows a tail that was cut off.
    """

    ok: bool
    sealed: int
    unsealed: tuple[int, ...]
    head: str
    first_bad: BadLink | None = None


async def verify(database: Database) -> Verification:
    """Walk the chain in order of sealing; the memory used does not grow with the trail's length."""
    sequence, head, bad = 0, GENESIS, None
    async with database.read() as connection:
        while bad is None:
            rows = await connection.execute(
                select(audit_entry)
                .where(audit_entry.c.sequence > sequence)
                .order_by(audit_entry.c.sequence)
                .limit(BATCH)
            )
            page = [read(row) for row in rows]
            for entry in page:
                reason = _fault(entry, expected=sequence + 1, previous=head)
                if reason is not None:
                    bad = BadLink(sequence=entry.sequence or 0, id=entry.id, reason=reason)
                    break
                sequence, head = sequence + 1, entry.hash or ""
            if len(page) < BATCH:
                break
        unsealed = await connection.scalars(
            select(audit_entry.c.id)
            .where(audit_entry.c.sequence.is_(None))
            .order_by(audit_entry.c.id)
        )
        tail = tuple(unsealed)
    return Verification(ok=bad is None, sealed=sequence, unsealed=tail, head=head, first_bad=bad)


def _fault(entry: AuditEntry, *, expected: int, previous: str) -> str | None:
    if entry.sequence != expected:
        return f"row {expected} of the chain is missing"
    if entry.previous_hash != previous:
        return "does not continue the row before it"
    if entry.hash != chain_hash(entry, sequence=expected, previous=previous):
        return "was changed after it was sealed"
    return None
