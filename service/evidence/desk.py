"""What people do with frozen evidence: look at it, add a screenshot, check that it is untouched."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.auth import Principal
from service.auth.roles import Action as Permission
from service.clock import Clock
from service.db import Database
from service.errors import Conflict, NotFound
from service.evidence import rows
from service.evidence.checking import Checked, Finding, check
from service.evidence.screenshots import MOST, Screenshot, media_type_of
from service.incidents import Evidence, Incident
from service.incidents import repository as incident_rows
from service.incidents.desk import require
from service.incidents.reactions import Acted, unnoticed
from service.incidents.reading import keep_reading
from service.incidents.trail import trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a check of all evidence of an incident has found at `at` (UTC)."""

    incident: Incident
    at: datetime
    items: tuple[Checked, ...]

    @property
    def changed(self) -> tuple[Checked, ...]:
        """What is not as it was frozen; empty when everything is intact."""
        return tuple(item for item in self.items if item.finding is Finding.CHANGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenPosts:
    """The evidence of an incident with what there is of screenshots."""

    incident: Incident
    evidence: tuple[Evidence, ...]
    screenshots: tuple[Screenshot, ...]


class EvidenceDesk:
    """The one door for people. Evidence is added to and never changed or removed."""

    def __init__(self, *, database: Database, clock: Clock, acted: Acted = unnoticed) -> None:
        self._database = database
        self._clock = clock
        self._acted = acted

    async def frozen(self, principal: Principal, incident_id: str) -> FrozenPosts:
        """All of it but the pictures' bytes. Raises NotFound, Forbidden."""
        async with self._database.read() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Permission.READ, incident)
            found = FrozenPosts(
                incident=incident,
                evidence=await incident_rows.evidence_of(connection, incident_id),
                screenshots=await rows.of_incident(connection, incident_id),
            )
        await keep_reading(self._database, principal, incident, now=self._clock.now())
        return found

    async def verify(self, principal: Principal, incident_id: str) -> Verification:
        """Compute every hash anew; the check and its result are on the timeline and the trail.

        Raises NotFound, Forbidden.
        """
        # Read first: pictures take their time, and nobody else should wait for it to write.
        async with self._database.read() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Permission.READ, incident)
            evidence = await incident_rows.evidence_of(connection, incident_id)
            items = list(check(evidence, ()))
            async for picture in rows.contents(connection, incident_id):
                items += check((), [picture])
        async with self._database.write() as connection:
            done = Verification(incident=incident, at=self._clock.now(), items=tuple(items))
            data = {"items": len(items), "changed": _ids(done.changed)}
            await trace(
                connection,
                incident_id,
                "evidence_verified",
                data,
                now=done.at,
                actor=principal.id,
            )
        return done

    async def add_screenshot(
        self, principal: Principal, incident_id: str, post_id: str, content: bytes
    ) -> Screenshot:
        """Keep a picture of a frozen post; the same picture twice is one.

        Raises NotFound for a post that is no evidence, InvalidInput for what is no picture,
        TooLarge, Conflict when the post has enough of them, Forbidden.
        """
        media_type = media_type_of(content)
        async with self._database.write() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Permission.WORK, incident)
            evidence = await incident_rows.evidence_of(connection, incident_id)
            if all(item.post_id != post_id for item in evidence):
                raise NotFound(f"incident {incident_id} has no post {post_id!r} as evidence")
            now = self._clock.now()
            shot = Screenshot(
                post_id=post_id,
                sha256=hashlib.sha256(content).hexdigest(),
                media_type=media_type,
                size=len(content),
                by=principal.id,
                at=now,
            )
            known = await rows.of_incident(connection, incident_id)
            same = [item for item in known if item.post_id == post_id]
            for item in same:
                if item.sha256 == shot.sha256:
                    return item
            if len(same) >= MOST:
                raise Conflict(f"post {post_id} has {MOST} screenshots; that is the most")
            await rows.add(connection, incident_id, shot, content)
            data = {"post": post_id, "sha256": shot.sha256, "size": shot.size}
            await trace(
                connection, incident_id, "screenshot_added", data, now=now, actor=principal.id
            )
            await self._acted(connection, incident_id, actor=principal.id, now=now)
            return shot

    async def screenshot(
        self, principal: Principal, incident_id: str, post_id: str, sha256: str
    ) -> tuple[Screenshot, bytes]:
        """One with its bytes. Raises NotFound, Forbidden; of a private incident it is audited."""
        async with self._database.read() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Permission.READ, incident)
            found = await rows.content_of(connection, incident_id, post_id, sha256)
        await keep_reading(self._database, principal, incident, now=self._clock.now())
        return found


def _ids(items: Iterable[Checked]) -> list[str]:
    return sorted({item.post_id for item in items})
