"""A post becomes a complaint, or belongs to one that is there: one a person, brand and cause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from nlp.causes import CauseFinder
from playbooks import Library
from service.complaints import records, repository
from service.complaints.claim import Claim, begun, cause_of, feeling, subject_of
from service.complaints.lifecycle import FOLDING, STARTED, Clock, Deed, State
from service.complaints.model import Complaint, ComplaintPost, Origin, Part
from service.complaints.rule import ComplaintRuleDraft
from service.complaints.telling import announce
from service.complaints.timing import Timing
from service.complaints.trail import trace
from service.db import tables
from service.db.committed import when_committed
from service.errors import Conflict
from service.events import EventType
from service.incidents import OPEN_STATES, Kind
from service.metrics import complaints_taken

COPY_CHARACTERS = 40
"""Shorter words may be the same by chance: two people who write 不退款 are two people."""


OPENED, JOINED = "opened", "post_joined"
POST_EVENTS = (OPENED, JOINED)
"""Events that name a post."""


class Taken(StrEnum):
    """What became of a post; a metric label."""

    OPENED = "opened"
    FURTHER = "further"
    """It joins the complaint of its author."""
    COPY = "copy"
    """It joins the complaint whose words it has."""
    KNOWN = "known"
    FULL = "full"
    """The rule has opened as many in this hour as it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What was done, and the complaint that has the post now (None: full)."""

    taken: Taken
    complaint: Complaint | None


class Intake:
    """Opens complaints and folds posts into them, inside the caller's transaction."""

    def __init__(
        self,
        *,
        timing: Timing,
        causes: Callable[[], CauseFinder],
        library: Library,
    ) -> None:
        self._timing = timing
        self._causes = causes
        self._library = library

    async def take(
        self,
        connection: AsyncConnection,
        claim: Claim,
        rule: ComplaintRuleDraft,
        *,
        now: datetime,
        room: bool = True,
    ) -> Took:
        """Open a complaint for a post, or let it join one. Taking a post again changes nothing.

        A person who complains of the same cause joins their complaint until it is resolved; later
        that is a new one, which names the one before. The same words, when there are enough of
        them, join whoever wrote them first. Without `room` nothing is opened.
        """
        cause = claim.cause or cause_of(claim.post, self._causes())
        subject = subject_of(claim, cause)
        latest = await repository.latest(connection, subject)
        holders = await records.holders_of(connection, claim.post.id, drill=claim.drill)
        own = [held for held, part in holders if part is not Part.COPY]
        if own or (holders and claim.origin is Origin.RULE):
            held = (own or [item for item, _ in holders])[0]
            return Took(taken=Taken.KNOWN, complaint=await repository.get(connection, held))
        if latest is not None and _joins(latest, claim):
            joined = await self._join(connection, latest, claim, Part.FURTHER, now=now)
            return Took(taken=Taken.FURTHER, complaint=joined)
        original = await self._original(connection, claim, cause)
        if original is not None:
            joined = await self._join(connection, original, claim, Part.COPY, now=now)
            return Took(taken=Taken.COPY, complaint=joined)
        if not room:
            return Took(taken=Taken.FULL, complaint=None)
        opened = await self._open(connection, claim, rule, cause, subject, latest, now=now)
        if opened is not None:
            return Took(taken=Taken.OPENED, complaint=opened)
        # Another process was first with this person and cause.
        first = await repository.latest(connection, subject)
        if first is None:
            raise Conflict(f"the complaint of post {claim.post.id} is being opened; try again")
        joined = await self._join(connection, first, claim, Part.FURTHER, now=now)
        return Took(taken=Taken.FURTHER, complaint=joined)

    async def _original(
        self, connection: AsyncConnection, claim: Claim, cause: str
    ) -> Complaint | None:
        if claim.origin is Origin.HAND or len(claim.post.text) < COPY_CHARACTERS:
            return None
        return await repository.of_copies(
            connection,
            claim.post.copy_group,
            monitor=claim.monitor,
            cause=cause,
            drill=claim.drill,
        )

    async def _join(
        self,
        connection: AsyncConnection,
        complaint: Complaint,
        claim: Claim,
        part: Part,
        *,
        now: datetime,
    ) -> Complaint:
        if not await records.add_post(connection, complaint.id, _post(claim, part, now)):
            return complaint
        await repository.mark(
            connection,
            complaint.id,
            posts=complaint.posts + 1,
            last_post_at=max(complaint.last_post_at, claim.post.published_at),
        )
        joined = await repository.get(connection, complaint.id)
        data = {"post": claim.post.id, "part": part.value}
        await trace(connection, joined, JOINED, data, actor=claim.by, now=now, note=claim.note)
        return joined

    async def _open(
        self,
        connection: AsyncConnection,
        claim: Claim,
        rule: ComplaintRuleDraft,
        cause: str,
        subject: str,
        latest: Complaint | None,
        *,
        now: datetime,
    ) -> Complaint | None:
        complaint = begun(
            claim,
            rule,
            cause=cause,
            subject=subject,
            latest=latest,
            feeling=feeling(claim.post, self._library.responses),
            due_at=self._timing.due_at(rule, Clock.ANSWER, now),
            now=now,
        )
        incident = claim.incident_id or await _burning(connection, complaint)
        complaint = replace(complaint, incident_id=incident)
        if not await repository.add(connection, complaint):
            return None
        await records.add_post(connection, complaint.id, _post(claim, Part.FIRST, now))
        clocks = STARTED[Deed.REOPEN]
        await self._timing.start(connection, complaint, clocks, rule=rule, now=now)
        data = {
            "post": claim.post.id,
            "origin": claim.origin.value,
            "rule": complaint.rule_id,
            "monitor": claim.monitor,
            "scenario": complaint.scenario,
            "cause": cause,
            "incident": incident,
            "previous": complaint.previous_id,
        }
        await trace(connection, complaint, OPENED, data, actor=claim.by, now=now, note=claim.note)
        await announce(connection, complaint, EventType.COMPLAINT_OPENED, now=now)
        if not claim.drill:
            opened = complaints_taken.labels(origin=claim.origin.value, outcome=Taken.OPENED.value)
            when_committed(connection, opened.inc)
        return complaint


def _joins(latest: Complaint, claim: Claim) -> bool:
    """Whether that complaint of the same person and cause takes the post as well."""
    if latest.state in FOLDING:
        return True
    # Somebody has said that this is no complaint: brought again it is none either.
    return latest.state is State.DISMISSED and claim.origin is Origin.RULE


def _post(claim: Claim, part: Part, now: datetime) -> ComplaintPost:
    post = claim.post
    return ComplaintPost(
        post_id=post.id,
        kind=part,
        author=post.author,
        copy_group=post.copy_group[:64],
        posted_at=post.published_at,
        at=now,
    )


async def _burning(connection: AsyncConnection, complaint: Complaint) -> str | None:
    """The open crisis that the complaint is part of, None where there is none."""
    incident = tables.incident
    found: str | None = await connection.scalar(
        select(incident.c.id)
        .where(
            incident.c.monitor_id == complaint.monitor_id,
            incident.c.scenario == complaint.scenario,
            incident.c.kind == Kind.CRISIS.value,
            incident.c.drill.is_(complaint.drill),
            incident.c.state.in_([state.value for state in OPEN_STATES]),
        )
        .order_by(incident.c.opened_at.desc(), incident.c.id)
        .limit(1)
    )
    return found
