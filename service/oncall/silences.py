"""What people do with silences: make one with a reason and an end, end it; its end is announced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import Library
from service import audit
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.db.page import Page
from service.delivery import outbox
from service.errors import Conflict, Forbidden, InvalidInput
from service.events import EventType
from service.ids import stable_id
from service.incidents import OPEN_STATES, Incident
from service.incidents import repository as incident_rows
from service.oncall import silence_rows
from service.oncall.silence import Matcher, Silence
from service.timers import FiredTimer, Stale, TimerHandler, Timers, TimerSpec

KIND, SUBJECT = "oncall.silence", "silence"
LONGEST = timedelta(days=7)
REASON_MAX = 1_000
_NAMES_MAX = 50
_SHOWN = 50


class Over(Protocol):
    """Told in the same transaction that a silence has ended."""

    async def __call__(self, connection: AsyncConnection, *, now: datetime) -> None: ...


class Silences:
    """The one door for people, and the handler of the timer that ends a silence.

    `over` is told in the same transaction that one has ended: pages that waited go out.
    """

    def __init__(
        self, *, database: Database, clock: Clock, timers: Timers, library: Library, over: Over
    ) -> None:
        self._database = database
        self._clock = clock
        self._timers = timers
        self._library = library
        self._over = over

    def handlers(self) -> Mapping[str, TimerHandler]:
        """By timer kind."""
        return {KIND: self.expired}

    async def make(
        self,
        principal: Principal,
        matcher: Matcher,
        *,
        reason: str,
        until: datetime,
        since: datetime | None = None,
        gravest: bool = False,
    ) -> Silence:
        """A silence from `since` (None: now) to `until`, at most a week.

        `gravest` confirms that the gravest tier is meant too, which takes a lead. Whoever works on
        some monitors alone names some of them. Raises InvalidInput with every mistake, Forbidden.
        """
        _require(principal, matcher)
        now = self._clock.now()
        starts_at = max(since or now, now)
        problems = self._problems(matcher, reason, starts_at, until, gravest=gravest)
        if problems:
            raise InvalidInput("this silence cannot be made", errors=problems)
        if gravest:
            principal.require(Action.APPROVE, Resource.SILENCE)
        silence = Silence(
            id=stable_id("sil", principal.id, now, starts_at, until, repr(matcher), reason),
            reason=reason.strip(),
            matcher=matcher,
            gravest=gravest,
            created_by=principal.id,
            created_at=now,
            starts_at=starts_at,
            ends_at=until,
        )
        async with self._database.write() as connection:
            await silence_rows.add(connection, silence)
            spec = TimerSpec(
                kind=KIND, subject_type=SUBJECT, subject_id=silence.id, due_at=silence.ends_at
            )
            await self._timers.set(connection, spec, now=now)
            await _audit(connection, silence, "made", actor=principal.id, now=now)
        return silence

    async def end(self, principal: Principal, silence_id: str) -> Silence:
        """End one before its time. Raises NotFound, Forbidden, Conflict when it is over."""
        principal.require(Action.EDIT, Resource.SILENCE)
        now = self._clock.now()
        async with self._database.write() as connection:
            silence = await silence_rows.held(connection, silence_id)
            _require(principal, silence.matcher)
            if silence.ended_at is not None:
                raise Conflict(
                    f"silence {silence_id} was ended by {silence.ended_by} at "
                    f"{silence.ended_at.isoformat()}"
                )
            await self._timers.cancel(connection, subject=(SUBJECT, silence.id), kinds=[KIND])
            await self._end(connection, silence, by=principal.id, now=now)
            return await silence_rows.get(connection, silence_id)

    async def get(self, principal: Principal, silence_id: str) -> Silence:
        """Raises NotFound, Forbidden."""
        principal.require(Action.READ, Resource.SILENCE)
        async with self._database.read() as connection:
            silence = await silence_rows.get(connection, silence_id)
        if not silence.matcher.is_about(principal.monitors):
            raise Forbidden(
                f"silence {silence_id} is about monitors that {principal.name} does not work on"
            )
        return silence

    async def page(
        self,
        principal: Principal,
        *,
        over: bool | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[Silence]:
        """Newest first; `over` says whether only those that have ended, or have not.

        Whoever works on some monitors alone sees those that may be about them.
        """
        principal.require(Action.READ, Resource.SILENCE)
        async with self._database.read() as connection:
            return await silence_rows.page(
                connection, over=over, after=after, limit=limit, within=principal.monitors
            )

    async def expired(self, connection: AsyncConnection, fired: FiredTimer) -> Stale | None:
        """Timer handler: its time is over."""
        silence = await silence_rows.held(connection, fired.subject_id, wait=False)
        if silence.ended_at is not None:
            return Stale.NO_LONGER_DUE
        await self._end(connection, silence, by=audit.SYSTEM, now=fired.fired_at)
        return None

    async def _end(
        self, connection: AsyncConnection, silence: Silence, *, by: str, now: datetime
    ) -> None:
        await silence_rows.end(connection, silence.id, at=now, by=by)
        await _audit(connection, silence, "ended", actor=by, now=now)
        found = await self._silenced(connection, silence)
        await outbox.enqueue(
            connection,
            type=EventType.SILENCE_ENDED,
            occurred_at=now,
            incident_id=None,
            tier_rank=None,
            drill=False,
            data={
                "silence": {
                    "id": silence.id,
                    "reason": silence.reason,
                    "starts_at": silence.starts_at,
                    "ends_at": silence.ends_at,
                    "created_by": silence.created_by,
                    "ended_by": by,
                },
                "open_incidents": len(found),
                "incidents": [
                    {"id": item.id, "tier": item.tier, "state": item.state.value}
                    for item in found[:_SHOWN]
                ],
            },
            parts=[silence.id],
        )
        await self._over(connection, now=now)

    async def _silenced(
        self, connection: AsyncConnection, silence: Silence
    ) -> tuple[Incident, ...]:
        """Open incidents that it matched."""
        wanted = incident_rows.only_open(incident_rows.IncidentFilter())
        rows = await incident_rows.newest(connection, wanted, before=None, limit=1_000)
        gravest = self._library.tiers.ids[-1]
        return tuple(
            item
            for item in rows
            if item.state in OPEN_STATES and silence.matches(item, gravest=gravest)
        )

    def _problems(
        self,
        matcher: Matcher,
        reason: str,
        starts_at: datetime,
        until: datetime,
        *,
        gravest: bool,
    ) -> Sequence[tuple[str, str]]:
        problems: list[tuple[str, str]] = []
        tiers = self._library.tiers.ids
        if not 1 <= len(reason.strip()) <= REASON_MAX:
            problems.append(("reason", f"say why, in 1 to {REASON_MAX} characters"))
        if until <= starts_at:
            problems.append(("until", "ends before it begins"))
        elif until - starts_at > LONGEST:
            problems.append(("until", f"at most {LONGEST.days} days; make another one then"))
        if not (matcher.monitors or matcher.scenarios or matcher.tiers):
            problems.append(("matcher", "name a monitor, a scenario or a tier"))
        for path, names in (
            ("matcher.monitors", matcher.monitors),
            ("matcher.scenarios", matcher.scenarios),
            ("matcher.tiers", matcher.tiers),
        ):
            if len(names) > _NAMES_MAX:
                problems.append((path, f"at most {_NAMES_MAX}"))
        for path, names, known in (
            ("matcher.scenarios", matcher.scenarios, self._library.scenarios),
            ("matcher.tiers", matcher.tiers, tiers),
        ):
            strange = sorted(set(names) - set(known))
            if strange:
                there = ", ".join(sorted(known))
                problems.append((path, f"not there: {', '.join(strange)}; there are {there}"))
        if tiers[-1] in matcher.tiers and not gravest:
            problems.append(
                ("gravest", f"true confirms that {tiers[-1]} is silenced; it takes a lead")
            )
        return problems


def _require(principal: Principal, matcher: Matcher) -> None:
    """Raise Forbidden unless they may silence that; of a monitor that is not theirs, nothing."""
    principal.require(Action.EDIT, Resource.SILENCE)
    if principal.monitors is not None and not matcher.monitors:
        theirs = ", ".join(sorted(principal.monitors)) or "none"
        raise Forbidden(
            f"{principal.name} works on {theirs}: name such monitors in matcher.monitors"
        )
    for monitor in matcher.monitors:
        principal.require(Action.EDIT, Resource.SILENCE, monitor=monitor)


async def _audit(
    connection: AsyncConnection, silence: Silence, deed: str, *, actor: str, now: datetime
) -> None:
    matcher = silence.matcher
    await audit.record(
        connection,
        at=now,
        actor=actor,
        action=f"silence.{deed}",
        subject_type="silence",
        subject_id=silence.id,
        data={
            "reason": silence.reason,
            "monitors": list(matcher.monitors),
            "scenarios": list(matcher.scenarios),
            "tiers": list(matcher.tiers),
            "gravest": silence.gravest,
            "starts_at": silence.starts_at.isoformat(),
            "ends_at": silence.ends_at.isoformat(),
        },
    )
