"""What a text says behind its mask, and who wrote it: by role, with a reason, audited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nlp.pii import masked
from service.auth import Handle, Handles, Principal, Resource
from service.auth.revealing import require_reveal
from service.clock import Clock
from service.db import Database
from service.errors import NotFound
from service.incidents import Evidence, Incident, repository
from service.moderation.at_risk import PATTERN, evidence_id
from service.moderation.review.originals import texts_sent
from service.posts.errors import PostNotFound
from service.posts.service import PostDetail, Posts

_CLASSIFIED = "classify:"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealedEvidence:
    """One post of an incident as it was written when it was frozen; `whole` False where only the
    masked copy is left.

    `author` is None where no handle is kept: then `source` and `native_id` say where to ask.
    """

    post: str
    source: str
    native_id: str | None
    url: str | None
    title: str | None
    text: str
    whole: bool
    author: Handle | None


class Revealing:
    """Every look is a row of the audit trail, and so is every refusal."""

    def __init__(self, *, database: Database, clock: Clock, posts: Posts, handles: Handles) -> None:
        self._database = database
        self._clock = clock
        self._posts = posts
        self._handles = handles

    async def post(self, principal: Principal, post_id: str, *, reason: str) -> PostDetail:
        """A stored post and its earlier wordings, nothing masked.

        Raises Forbidden, InvalidInput without a reason, PostNotFound.
        """
        await require_reveal(
            self._database,
            principal,
            Resource.POST,
            kind="post",
            subject_type="post",
            subject_id=post_id,
            reason=reason,
            at=self._clock.now(),
        )
        return await self._posts.detail(post_id)

    async def evidence(
        self, principal: Principal, incident_id: str, post_id: str, *, reason: str
    ) -> RevealedEvidence:
        """A post of an incident's evidence and its author, whom somebody may have to reach.

        Of a person at risk to its rota, of other incidents to lead and legal. Raises Forbidden,
        InvalidInput without a reason, NotFound for what is not in the evidence.
        """
        async with self._database.read() as connection:
            incident = await repository.get(connection, incident_id)
        await require_reveal(
            self._database,
            principal,
            _permission(incident),
            monitor=incident.monitor_id,
            kind="incident",
            subject_type="incident",
            subject_id=incident_id,
            reason=reason,
            at=self._clock.now(),
            data={"post": post_id},
        )
        async with self._database.read() as connection:
            evidence = await repository.evidence_of(connection, incident_id)
        for item in evidence:
            if item.post_id == post_id:
                return await self._revealed(item)
        raise NotFound(f"incident {incident_id} has no post {post_id!r} as evidence")

    async def _revealed(self, item: Evidence) -> RevealedEvidence:
        snapshot = item.snapshot
        author = snapshot.get("author")
        async with self._database.read() as connection:
            handle = None if author is None else await self._handles.find(connection, author)
        title, text, whole = await self._wording(item)
        return RevealedEvidence(
            post=item.post_id,
            source=str(snapshot.get("source") or ""),
            native_id=snapshot.get("native_id"),
            url=snapshot.get("url"),
            title=title,
            text=text,
            whole=whole,
            author=handle,
        )

    async def _wording(self, item: Evidence) -> tuple[str | None, str, bool]:
        """(title, text, whether it is the original): of the post as it stood when it was frozen,
        or of the classified text that people have in their queue."""
        snapshot = item.snapshot
        if str(snapshot.get("source") or "").startswith(_CLASSIFIED):
            original = await self._classified(item.post_id, snapshot)
            if original is not None:
                return None, original, True
        else:
            for title, text in await self._wordings(item.post_id):
                if _is_frozen(snapshot, title, text):
                    return title, text, True
        return snapshot.get("title"), str(snapshot.get("text") or ""), False

    async def _wordings(self, post_id: str) -> list[tuple[str | None, str]]:
        """(title, text) of a post, as it stands and then as it stood, newest first."""
        try:
            found = await self._posts.detail(post_id)
        except PostNotFound:
            return []
        earlier = [(each.title, each.text) for each in reversed(found.versions)]
        return [(found.post.title, found.post.text), *earlier]

    async def _classified(self, post_id: str, snapshot: Mapping[str, Any]) -> str | None:
        caller = str(snapshot["source"]).removeprefix(_CLASSIFIED)
        async with self._database.read() as connection:
            texts = await texts_sent(
                connection, caller=caller, item_id=snapshot.get("native_id"), label=PATTERN
            )
        author = snapshot.get("author")
        return next(
            (text for text in texts if evidence_id(text, caller=caller, author=author) == post_id),
            None,
        )


def _is_frozen(snapshot: Mapping[str, Any], title: str | None, text: str) -> bool:
    """Whether evidence was made of this wording: a post may say something else since."""
    shown = None if title is None else masked(title)
    return (shown, masked(text)) == (snapshot.get("title"), snapshot.get("text"))


def _permission(incident: Incident) -> Resource:
    return Resource.PERSON_AT_RISK if incident.is_private else Resource.INCIDENT
