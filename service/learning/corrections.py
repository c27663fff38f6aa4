"""People say what a post should have been read as."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select

from service.audit import record
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.db.storable import storable
from service.db.tables import correction
from service.delivery.channels.escaping import plain
from service.errors import InvalidInput, NotFound
from service.learning.head import NONE, Head, checked_label
from service.stores import PostStore, StoredPost

LONGEST_NOTE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What somebody said of a post: `machine` is the label that stood there before, if any."""

    id: int
    post_id: str
    head: Head
    label: str
    machine: str | None
    versions: Mapping[str, str]
    note: str | None
    author: str
    at: datetime


class CorrectionDesk:
    """Takes corrections. The post itself stays as it was read; what is learnt comes later."""

    def __init__(
        self, *, database: Database, store: PostStore, clock: Clock, scenarios: Collection[str]
    ) -> None:
        """`scenarios` are those of the playbooks."""
        self._database = database
        self._store = store
        self._clock = clock
        self._scenarios = frozenset(scenarios)

    async def correct(
        self,
        principal: Principal,
        post_id: str,
        *,
        head: str,
        label: str,
        note: str | None = None,
    ) -> Correction:
        """Say what a post is; the label that it has already confirms that one.

        Raises Forbidden, NotFound, InvalidInput for an unknown head or label, or a note that is too
        long.
        """
        principal.require(Action.WORK, Resource.MODEL)
        chosen = checked_label(head, label, self._scenarios)
        said = (note or "").strip() or None
        if said is not None and not plain(said):
            said = None
        if said is not None and len(said) > LONGEST_NOTE:
            raise InvalidInput(
                "the note is too long", errors=[("note", f"at most {LONGEST_NOTE} characters")]
            )
        post = await self._store.get(post_id)
        if post is None:
            raise NotFound(f"no post has the id {post_id[:64]!r}: never stored, or erased")
        now = self._clock.now()
        machine = label_of(post, chosen)
        values = {
            "post_id": post.id,
            "head": chosen.value,
            "label": label,
            "wording": post.content_hash,
            "machine": machine,
            "versions": dict(post.analysis.get("versions", {})),
            "note": None if said is None else storable(said),
            "author": principal.id,
            "at": now,
        }
        async with self._database.write() as connection:
            done = await connection.execute(
                insert(correction).values(values).returning(correction.c.id)
            )
            number = int(done.scalar_one())
            await record(
                connection,
                at=now,
                actor=principal.id,
                action="correction.made",
                subject_type="post",
                subject_id=post.id,
                data={"head": chosen.value, "label": label, "machine": machine},
            )
            row = await connection.execute(select(correction).where(correction.c.id == number))
            return _correction(row.one())

    async def of_post(
        self, principal: Principal, post_id: str, *, after: int = 0, limit: int = 50
    ) -> tuple[Correction, ...]:
        """What was said of a post behind that correction, oldest first. Raises Forbidden."""
        principal.require(Action.READ, Resource.MODEL)
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(correction)
                .where(correction.c.post_id == post_id, correction.c.id > after)
                .order_by(correction.c.id)
                .limit(limit)
            )
            return tuple(_correction(row) for row in rows)


def label_of(post: StoredPost, head: Head) -> str | None:
    """What the stored post was read as; None where nothing was said."""
    said = post.analysis
    if head is Head.SENTIMENT:
        return post.sentiment
    if head is Head.SCENARIO:
        return post.scenario or NONE
    if head is Head.ABUSE:
        score = (said.get("abuse") or {}).get("score")
        return None if score is None else abuse_label(score)
    found = (said.get(head.value) or {}).get("label")
    return None if found is None else str(found)


def abuse_label(score: float) -> str:
    """Abuse is decided at 0.5."""
    return "abusive" if score >= 0.5 else "clean"


def _correction(row: Row[Any]) -> Correction:
    values = {name: row._mapping[name] for name in Correction.__dataclass_fields__}
    return Correction(**values | {"head": Head(row.head)})
