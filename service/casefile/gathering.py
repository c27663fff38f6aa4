"""The whole case as one JSON document: what is kept, masked, with an address for each claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from nlp.pii import masked
from service import audit
from service.auth import Principal
from service.auth.roles import Action as Permission
from service.casefile.chapter import Chapter
from service.casefile.published import published
from service.cases import rows as case_rows
from service.cases.desk import may_read
from service.clock import Clock
from service.db import Database, tables
from service.evidence import rows as shot_rows
from service.evidence.checking import check
from service.incidents import UNCLASSIFIED, Evidence, Incident, format_instant, incident_view
from service.incidents import repository as incident_rows
from service.incidents.desk import require
from service.response import repository as run_rows

SCHEMA = "fengsui.case/1"
MOST_ENTRIES = 2_000
"""Of the timeline; the document says when there were more."""
_SAID = frozenset(
    {
        *("note", "reason", "text", "answer", "title", "clause", "evidence", "place"),
        *("question", "stopped_early", "root_cause", "excused", "description"),
        *("words", "said_by", "channel"),
    }
)
"""Keys under which stand words that people wrote, whatever they wrote."""


class CaseFiles:
    """Puts the case of an incident together for somebody who may take it away."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        public_url: str,
        chapters: Sequence[Chapter] = (),
    ) -> None:
        self._chapters = tuple(chapters)
        self._database = database
        self._clock = clock
        self._public_url = public_url.rstrip("/")

    async def case(self, principal: Principal, incident_id: str, *, form: str) -> dict[str, Any]:
        """The case as JSON values; instants are UTC texts. `form` is what it is written as.

        Who took which case is in the audit trail. Raises NotFound, Forbidden.
        """
        now = self._clock.now()
        async with self._database.read() as connection:
            incident = await incident_rows.get(connection, incident_id)
            require(principal, Permission.EXPORT, incident)
            case = await self._gathered(connection, principal, incident, now=now)
            for chapter in self._chapters:
                case |= await chapter.of(connection, principal, incident)
        async with self._database.write(quiet=True) as connection:
            await audit.record(
                connection,
                at=now,
                actor=principal.id,
                action="incident.exported",
                subject_type="incident",
                subject_id=incident_id,
                data={"form": form, "kind": incident.kind.value},
            )
        answer: dict[str, Any] = shown(case)
        return answer

    async def _gathered(
        self,
        connection: AsyncConnection,
        principal: Principal,
        incident: Incident,
        *,
        now: datetime,
    ) -> dict[str, Any]:
        evidence = await incident_rows.evidence_of(connection, incident.id)
        tiers = await incident_rows.tier_history(connection, incident.id)
        entries = await incident_rows.timeline(connection, incident.id, limit=MOST_ENTRIES + 1)
        shots = await shot_rows.of_incident(connection, incident.id)
        steps = await run_rows.steps_of(connection, incident.id)
        changed = sorted(item.post_id for item in check(evidence, ()) if item.kept != item.computed)
        return {
            "schema": SCHEMA,
            "made_at": format_instant(now),
            "made_by": principal.id,
            "drill": incident.drill,
            "incident": incident_view(incident, public_url=self._public_url),
            "links": {
                "incident": f"{self._public_url}/console/incidents/{incident.id}",
                "evidence": f"{self._public_url}/v1/incidents/{incident.id}/evidence",
                "explanation": f"{self._public_url}/v1/incidents/{incident.id}/explanation",
                "posts": self._query(incident, now),
            },
            "tiers": [
                {
                    "tier": item.tier,
                    "at": item.at,
                    "actor": item.actor,
                    "reasons": item.reasons,
                }
                for item in tiers
            ],
            "evidence": [
                self._post(item)
                | {
                    "screenshots": [
                        {"sha256": shot.sha256, "media_type": shot.media_type, "at": shot.at}
                        for shot in shots
                        if shot.post_id == item.post_id
                    ]
                }
                for item in evidence
            ],
            "intact": not changed,
            "changed": changed,
            "steps": [
                {
                    "id": step.step_id,
                    "title": step.title,
                    "role": step.role,
                    "state": step.state,
                    "due_at": step.due_at,
                    "done_at": step.done_at,
                    "done_by": step.done_by,
                    "breached_at": step.breached_at,
                    "note": step.note,
                }
                for step in steps
            ],
            "statements": await published(connection, incident.id),
            "handovers": [
                {
                    "from": item.from_person,
                    "to": item.to_person,
                    "state": item.state.value,
                    "offered_at": item.offered_at,
                    "answered_at": item.answered_at,
                    "note": item.note,
                    "answer": item.answer,
                }
                for item in await case_rows.hand_overs(connection, incident.id)
            ],
            "linked": await self._linked(connection, principal, incident.id),
            "merged": await self._merged(connection, principal, incident.id),
            "timeline": [
                {"at": item.at, "kind": item.kind, "actor": item.actor, "data": item.data}
                for item in entries[:MOST_ENTRIES]
            ],
            "timeline_cut": len(entries) > MOST_ENTRIES,
            # Of chapters; what one may not see is as if there were none.
            "review": None,
            "complaints": [],
            "complaints_cut": False,
        }

    def _post(self, item: Evidence) -> dict[str, Any]:
        return {
            "post": item.post_id,
            "link": f"{self._public_url}/v1/posts/{item.post_id}",
            "frozen_at": item.at,
            "sha256": item.sha256,
            "not_about_us": item.not_about_us,
            "deleted_at": item.deleted_at,
            "snapshot": item.snapshot,
        }

    def _query(self, incident: Incident, now: datetime) -> str:
        """Where the posts are that the count is of."""
        until = incident.taking_ended_at or now
        wanted = {
            "monitor": incident.monitor_id,
            "since": format_instant(incident.first_post_at),
            "until": format_instant(until + timedelta(seconds=1)),
        }
        if incident.segment not in (None, UNCLASSIFIED):
            wanted["scenario"] = incident.segment
        elif not incident.every_mood:
            wanted["sentiment"] = "negative"
        return f"{self._public_url}/v1/posts?{urlencode(wanted)}"

    async def _merged(
        self, connection: AsyncConnection, principal: Principal, incident_id: str
    ) -> list[dict[str, Any]]:
        """What went into it: the screenshots and statements of that stay there."""
        incident = tables.incident.c
        ids = await connection.scalars(
            select(incident.id)
            .where(incident.merged_into == incident_id)
            .order_by(incident.closed_at, incident.id)
        )
        others = [await incident_rows.get(connection, other_id) for other_id in ids.all()]
        return [
            {
                "incident": other.id,
                "at": other.closed_at,
                "link": f"{self._public_url}/console/incidents/{other.id}",
            }
            for other in others
            if may_read(principal, other)
        ]

    async def _linked(
        self, connection: AsyncConnection, principal: Principal, incident_id: str
    ) -> list[dict[str, Any]]:
        seen = []
        for link in await case_rows.links(connection, incident_id):
            word, other_id = link.seen_from(incident_id)
            other = await incident_rows.get(connection, other_id)
            if may_read(principal, other):
                seen.append(
                    {
                        "kind": word,
                        "incident": other_id,
                        "link": f"{self._public_url}/console/incidents/{other_id}",
                        "note": link.note,
                    }
                )
        return seen


def shown(value: Any, *, key: str = "") -> Any:
    """JSON values: instants as UTC texts, and personal information masked in what people wrote.

    Ids, hashes and addresses stay whole: digits in them are no telephone numbers.
    """
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, str):
        return masked(value) if key in _SAID else value
    if isinstance(value, Mapping):
        return {str(name): shown(item, key=str(name)) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [shown(item, key=key) for item in value]
    return value
