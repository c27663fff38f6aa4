"""Where people hand things over, see how they stand, and try again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from service import audit
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.errors import Conflict, IllegalTransition, InvalidInput, NotFound
from service.ids import stable_id
from service.incidents import repository as incident_rows
from service.incidents.trail import trace
from service.indicators.needs import NeedsReport
from service.indicators.window import Window
from service.reviews import ItemState
from service.reviews import items as item_rows
from service.trackers import rows
from service.trackers.deciding import standing_of
from service.trackers.filling import item_fields, needs_fields
from service.trackers.model import (
    Handover,
    HandoverFilter,
    Standing,
    State,
    SubjectKind,
)
from service.trackers.telling import Telling
from service.trackers.tracker import Tracker

_WORKED_ON = frozenset({ItemState.ACCEPTED, ItemState.DOING})


class NeedsReading(Protocol):
    """Who knows what people want."""

    async def report(
        self, actor: Principal, monitor_id: str, window: Window, *, limit: int = 50
    ) -> NeedsReport: ...


class HandoverDesk:
    """The one door for people."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        trackers: Mapping[str, Tracker],
        needs: NeedsReading,
        telling: Telling,
        public_url: str,
        zone: tzinfo,
    ) -> None:
        self._database = database
        self._clock = clock
        self._trackers = dict(trackers)
        self._needs = needs
        self._telling = telling
        self._public_url = public_url
        self._zone = zone

    def trackers(self, principal: Principal) -> tuple[Tracker, ...]:
        """Those that the installation knows. Raises Forbidden."""
        principal.require(Action.READ, Resource.HANDOVER)
        return tuple(self._trackers[name] for name in sorted(self._trackers))

    def tracker(self, tracker_id: str) -> Tracker | None:
        """For its webhooks; None for one that is not known."""
        return self._trackers.get(tracker_id)

    async def get(self, principal: Principal, handover_id: str) -> Handover:
        """Raises NotFound, Forbidden."""
        principal.require(Action.READ, Resource.HANDOVER)
        async with self._database.read() as connection:
            found = await rows.get(connection, handover_id)
        principal.require(Action.READ, Resource.HANDOVER, monitor=found.monitor_id)
        return found

    async def page(
        self,
        principal: Principal,
        wanted: HandoverFilter,
        *,
        after: tuple[datetime, str] | None = None,
        limit: int = 50,
    ) -> tuple[Handover, ...]:
        """Those in sight, the newest first, one more than `limit`. Raises Forbidden."""
        principal.require(Action.READ, Resource.HANDOVER)
        wanted = replace(wanted, within=principal.monitors)
        async with self._database.read() as connection:
            return await rows.page(connection, wanted, after=after, limit=limit)

    async def improvement(
        self, principal: Principal, item_id: str, tracker_id: str
    ) -> tuple[Handover, bool]:
        """Hand an improvement over, by a lead or its owner; and whether this was the first time.

        Who is second has the hand-over of the first. Raises NotFound, Forbidden,
        IllegalTransition for one that nobody works on, Conflict for one that another tracker has
        or a drill's, InvalidInput for a tracker that is not ready.
        """
        principal.require(Action.READ, Resource.HANDOVER)
        async with self._database.write() as connection:
            item = await item_rows.get(connection, item_id, locked=True)
            action = Action.READ if item.owner == principal.id else Action.RUN
            principal.require(action, Resource.HANDOVER, monitor=item.monitor_id)
            tracker = self._ready(tracker_id)
            if before := await rows.of_subject(connection, SubjectKind.IMPROVEMENT, item_id):
                return _same(before, tracker), False
            if item.state not in _WORKED_ON:
                raise IllegalTransition(
                    f"improvement {item_id} is {item.state.value}; accepted or doing ones are "
                    "handed over"
                )
            incident = await incident_rows.get(connection, item.incident_id)
            if incident.drill or incident.is_private:
                raise Conflict(f"incident {incident.id} is practice or private: it stays here")
            made = self._new(
                principal,
                tracker,
                subject=(SubjectKind.IMPROVEMENT, item.id),
                monitor_id=item.monitor_id,
                incident_id=item.incident_id,
                fields=item_fields(item, public_url=self._public_url, zone=self._zone),
                wanted=standing_of(item.state),
                item_version=item.version,
            )
            kept, first = await self._keep(connection, principal, tracker, made)
            if first:
                data = {"improvement": item.id, "handover": made.id, "tracker": tracker.id}
                await trace(
                    connection,
                    item.incident_id,
                    "improvement_handed_over",
                    data,
                    now=made.created_at,
                    actor=principal.id,
                    action="improvement.handed_over",
                )
            return kept, first

    async def needs(
        self, principal: Principal, monitor_id: str, window: Window, tracker_id: str
    ) -> tuple[Handover, bool]:
        """Hand the needs report of a window over, as it is now; the same window is one ticket.

        Raises Forbidden, NotFound for the monitor, InvalidInput for a tracker that is not ready or
        a report that says nothing, Conflict, StoreError.
        """
        principal.require(Action.RUN, Resource.HANDOVER, monitor=monitor_id)
        tracker = self._ready(tracker_id)
        report = await self._needs.report(principal, monitor_id, window)
        subject = stable_id("nds", monitor_id, window.since, window.until)
        async with self._database.read() as connection:
            before = await rows.of_subject(connection, SubjectKind.NEEDS, subject)
        if before is not None:
            return _same(before, tracker), False
        if not report.items:
            raise InvalidInput(
                f"the needs report of {monitor_id} names none in this window; nothing to hand over"
            )
        made = self._new(
            principal,
            tracker,
            subject=(SubjectKind.NEEDS, subject),
            monitor_id=monitor_id,
            incident_id=None,
            fields=needs_fields(
                report, monitor_id, window, public_url=self._public_url, zone=self._zone
            ),
            wanted=Standing.OPEN,
            item_version=None,
        )
        async with self._database.write() as connection:
            return await self._keep(connection, principal, tracker, made)

    async def again(self, principal: Principal, handover_id: str) -> Handover:
        """Try once more what failed, or bring a ticket that disagrees to how it stands here.

        What was deleted there is made anew. Said twice is said once: one that is on its way stays.
        Raises NotFound, Forbidden, IllegalTransition where there is nothing to try.
        """
        found = await self.get(principal, handover_id)
        async with self._database.write() as connection:
            action, wanted, version = Action.RUN, found.wanted, None
            if found.subject_kind is SubjectKind.IMPROVEMENT:
                item = await item_rows.get(connection, found.subject_id, locked=True)
                action = Action.READ if item.owner == principal.id else Action.RUN
                wanted, version = standing_of(item.state), item.version
            principal.require(action, Resource.HANDOVER, monitor=found.monitor_id)
            tracker = self._ready(found.tracker)
            before = await rows.get(connection, handover_id, locked=True)
            if before.state is State.SENDING:
                return before
            if before.trouble is None:
                raise IllegalTransition(
                    f"hand-over {handover_id} is {before.state.value} and has no trouble"
                )
            gone = before.state is State.DELETED or before.key is None
            after = replace(
                before,
                state=State.SENDING,
                key=None if gone else before.key,
                url=None if gone else before.url,
                standing=None,  # it is asked before anything is moved
                heard_at=None if gone else before.heard_at,
                wanted=wanted,
                trouble=None,
                revision=before.revision + 1,
                item_version=version,
            )
            now = self._clock.now()
            await rows.put(connection, after, now=now)
            await self._ask(connection, principal, tracker, after, deed="again", now=now)
            return await rows.get(connection, handover_id)

    async def _keep(
        self, connection: AsyncConnection, principal: Principal, tracker: Tracker, made: Handover
    ) -> tuple[Handover, bool]:
        kept, first = await rows.add(connection, made)
        if not first:
            return _same(kept, tracker), False
        now = made.created_at
        await self._ask(connection, principal, tracker, made, deed="requested", now=now)
        return made, True

    async def _ask(
        self,
        connection: AsyncConnection,
        principal: Principal,
        tracker: Tracker,
        handover: Handover,
        *,
        deed: str,
        now: datetime,
    ) -> None:
        await self._telling.request(connection, handover, channel=tracker.channel_id, now=now)
        await audit.record(
            connection,
            at=now,
            actor=principal.id,
            action=f"handover.{deed}",
            subject_type="handover",
            subject_id=handover.id,
            data={
                "tracker": tracker.id,
                "subject": handover.subject_id,
                "revision": handover.revision,
            },
        )

    def _ready(self, tracker_id: str) -> Tracker:
        tracker = self._trackers.get(tracker_id)
        if tracker is None:
            known = ", ".join(sorted(self._trackers)) or "none; FENGSUI_TRACKERS_DIR is for them"
            raise NotFound(f"no tracker {tracker_id!r}; there are: {known}")
        if tracker.token is None:
            raise InvalidInput(
                f"tracker {tracker_id} has no token: set {tracker.form.token_env} and start again"
            )
        return tracker

    def _new(
        self,
        principal: Principal,
        tracker: Tracker,
        *,
        subject: tuple[SubjectKind, str],
        **given: Any,
    ) -> Handover:
        kind, subject_id = subject
        now = self._clock.now()
        return Handover(
            id=stable_id("hov", kind, subject_id),
            subject_kind=kind,
            subject_id=subject_id,
            tracker=tracker.id,
            state=State.SENDING,
            key=None,
            url=None,
            standing=None,
            word=None,
            heard_at=None,
            trouble=None,
            last_answer=None,
            answered_at=None,
            revision=1,
            tried=False,
            poll_at=None,
            created_by=principal.id,
            created_at=now,
            updated_at=now,
            **given,
        )


def _same(before: Handover, tracker: Tracker) -> Handover:
    if before.tracker != tracker.id:
        raise Conflict(f"it is handed over to {before.tracker} already: {before.id}")
    return before
