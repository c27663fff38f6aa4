"""Self-harm found in a text: one private incident for its author, and a person who answers it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from nlp import Analysis
from nlp.pii import masked
from service.db.storable import storable
from service.ids import stable_id
from service.incidents import Evidence, Incident, Incidents, Kind, Opening, State, subjects
from service.incidents.frozen import digest

PATTERN = "self_harm"
TITLE = "有人处于危险"
JOINS_FOR = timedelta(hours=24)
"""How long after its opening the texts of the same author join an open incident."""
TOO_OLD = timedelta(days=7)
"""A text published longer ago, as an import of an archive brings it, opens nothing."""
NO_MONITOR = ""
"""The monitor of an incident that belongs to none: out of reach for who is bound to monitors."""
_JOINABLE = frozenset({State.NEW, State.ACKNOWLEDGED, State.RESPONDING, State.MONITORING})
JOINED = "text_joined"


class Notice(StrEnum):
    """What became of a text."""

    OPENED = "an incident was opened for its author"
    JOINED = "an open incident of its author takes it"
    SHARED = "it shares a text of an open incident, which takes it"
    KNOWN = "an incident has it as evidence already"
    TOO_OLD = "it was published too long ago to reach its author in time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A text in which somebody speaks of harming themselves.

    `author` is a keyed pseudonym, or None where nobody is named: then the text stands for its
    author. `rule` names the wording that was found, never the text. `shares` is the id of the post
    that this one shares.
    """

    evidence: Evidence
    said_at: datetime
    author: str | None
    rule: str
    monitor_id: str = NO_MONITOR
    shares: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """What was done, and the incident that has the text now (None: too old)."""

    notice: Notice
    incident: Incident | None


def rule_of(analysis: Analysis) -> str | None:
    """The wording by which the analysis finds self-harm, or None; what is suppressed is none."""
    return next((hit.rule for hit in analysis.counted_patterns if hit.pattern == PATTERN), None)


def text_sighting(
    text: str,
    *,
    rule: str,
    caller: str,
    item_id: str | None,
    author: str | None,
    now: datetime,
) -> Sighting:
    """A sighting in a text that a caller had classified; private data in it is masked.

    The same text of the same author is the same evidence, however often it is classified.
    """
    snapshot = storable(
        {
            "source": f"classify:{caller}",
            "native_id": item_id,
            "text": masked(text),
            "author": author,
        }
    )
    evidence = Evidence(
        post_id=evidence_id(text, caller=caller, author=author),
        at=now,
        copy_group=stable_id("txt", _digest(text)),
        snapshot=snapshot,
        sha256=digest(snapshot),
    )
    return Sighting(evidence=evidence, said_at=now, author=author, rule=rule)


def evidence_id(text: str, *, caller: str, author: str | None) -> str:
    """The id under which a classified text is evidence: that of its words, caller and author."""
    return stable_id("txt", caller, author or "", _digest(text))


class PeopleAtRisk:
    """Opens and feeds incidents of people at risk, inside the caller's transaction."""

    def __init__(self, *, incidents: Incidents, tiers: tuple[str, ...]) -> None:
        """`tiers` are the ids of the tier table, lowest first: a life takes the highest."""
        self._incidents = incidents
        self._tier, self._rank = tiers[-1], len(tiers)

    async def notice(
        self, connection: AsyncConnection, sighting: Sighting, *, now: datetime
    ) -> Noticed:
        """Open an incident for the author of a text, or let the text join the open one.

        Noticing a text again changes nothing, also after its incident has ended. A post that shares
        a text of an open incident joins that one: who passes it on speaks of somebody else, and
        whoever works the incident reads it. A text after the incident was resolved, or a day after
        it was opened, is a new alarm and links the old one.
        """
        kind = Kind.PERSON_AT_RISK
        subject = _subject(sighting)
        latest = await subjects.latest_about(connection, kind, subject)
        known = await subjects.holding_post(connection, kind, sighting.evidence.post_id)
        if known is not None:
            return Noticed(notice=Notice.KNOWN, incident=known)
        if now - sighting.said_at > TOO_OLD:
            return Noticed(notice=Notice.TOO_OLD, incident=None)
        if latest is not None and _joinable(latest, now):
            return await self._join(connection, latest, sighting, Notice.JOINED, now=now)
        if sighting.shares is not None:
            shared = await subjects.holding_post(connection, kind, sighting.shares)
            if shared is not None and _joinable(shared, now):
                return await self._join(connection, shared, sighting, Notice.SHARED, now=now)
        incident = await self._incidents.open(
            connection, self._opening(sighting, subject, latest), now=now
        )
        return Noticed(notice=Notice.OPENED, incident=incident)

    def _opening(self, sighting: Sighting, subject: str, latest: Incident | None) -> Opening:
        return Opening(
            kind=Kind.PERSON_AT_RISK,
            monitor_id=sighting.monitor_id,
            scenario=None,
            subject=subject,
            title=TITLE,
            tier=self._tier,
            tier_rank=self._rank,
            reasons=({"clause": PATTERN, "value": sighting.rule, "threshold": None},),
            posts=1,
            first_post_id=sighting.evidence.post_id,
            first_post_at=sighting.said_at,
            last_post_at=sighting.said_at,
            previous_id=None if latest is None else latest.id,
            evidence=(sighting.evidence,),
        )

    async def _join(
        self,
        connection: AsyncConnection,
        incident: Incident,
        sighting: Sighting,
        notice: Notice,
        *,
        now: datetime,
    ) -> Noticed:
        post_id = sighting.evidence.post_id
        last = incident.last_post_at or sighting.said_at
        incident = await self._incidents.take(
            connection,
            incident,
            posts=incident.posts + 1,
            evidence=(sighting.evidence,),
            last_post_at=max(last, sighting.said_at),
            first_post=(sighting.said_at, post_id),
            now=now,
        )
        await self._incidents.note(
            connection, incident, JOINED, {"post": post_id}, part=post_id, now=now
        )
        return Noticed(notice=notice, incident=incident)


def _joinable(incident: Incident, now: datetime) -> bool:
    return incident.state in _JOINABLE and now - incident.opened_at <= JOINS_FOR


def _subject(sighting: Sighting) -> str:
    """One person: the pseudonym, or else the wording, under a hash that says nothing of either."""
    if sighting.author is not None:
        return stable_id("per", "author", sighting.author)
    return stable_id("per", "text", sighting.evidence.copy_group)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
