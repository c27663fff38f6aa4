"""Whom one answers: what they wrote, nothing masked, and who they are; by role, audited."""

from __future__ import annotations

from dataclasses import dataclass

from service.auth import Handle, Handles, Principal, Resource
from service.auth.revealing import require_reveal
from service.complaints import repository
from service.complaints.clocks import SUBJECT
from service.complaints.hand import Hand, PostReading
from service.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealedComplaint:
    """`whole` False: the post is gone, and only the masked copy is left.

    `author` is None where nobody is named, or no handle is kept.
    """

    id: str
    source: str
    url: str | None
    title: str | None
    text: str | None
    whole: bool
    author: Handle | None


class ComplaintRevealing:
    """Every look is a row of the audit trail, and so is every refusal."""

    def __init__(self, hand: Hand, *, store: PostReading, handles: Handles) -> None:
        self._hand = hand
        self._store = store
        self._handles = handles

    async def reveal(
        self, principal: Principal, complaint_id: str, *, reason: str
    ) -> RevealedComplaint:
        """The post of a complaint and its author. Raises Forbidden, InvalidInput, NotFound."""
        async with self._hand.database.read() as connection:
            complaint = await repository.find(connection, complaint_id)
        await require_reveal(
            self._hand.database,
            principal,
            Resource.COMPLAINT,
            monitor=None if complaint is None else complaint.monitor_id,
            kind="complaint",
            subject_type=SUBJECT,
            subject_id=complaint_id,
            reason=reason,
            at=self._hand.clock.now(),
        )
        if complaint is None:
            raise NotFound(f"there is no complaint {complaint_id!r}")
        post = None if complaint.post_id is None else await self._store.get(complaint.post_id)
        handle = None
        if complaint.author is not None:
            async with self._hand.database.read() as connection:
                handle = await self._handles.find(connection, complaint.author)
        return RevealedComplaint(
            id=complaint.id,
            source=complaint.source,
            url=complaint.url if post is None else post.url,
            title=None if post is None else post.title,
            text=complaint.text if post is None else post.text,
            whole=post is not None,
            author=handle,
        )
