"""What people do with briefings: prepare, read, edit, approve, deliver, discard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.briefings import lifecycle, rows
from service.briefings.content import Prose, prose_json
from service.briefings.hand import PUBLIC, Hand, in_sight, is_writer
from service.briefings.lifecycle import Deed
from service.briefings.model import Briefing, BriefingFilter, Language, Scope
from service.briefings.period import Kind, asked_period
from service.briefings.preparing import Preparation, Wanted
from service.briefings.prose import checked_prose
from service.briefings.quoting import Quotes, quotes_of
from service.briefings.telling import tell
from service.clock import Clock
from service.db import Database, tables
from service.errors import Conflict, Forbidden, InvalidInput
from service.incidents.words import said
from service.stores import PostStore

_REASON_MAX = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefingFile:
    """A briefing with what its quotes say now."""

    briefing: Briefing
    quotes: Quotes


class BriefingDesk:
    """The one door for people. `version` is the If-Match of an edit; None skips the check."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        preparation: Preparation,
        store: PostStore,
        zone: tzinfo,
        public_url: str,
    ) -> None:
        self._hand = Hand(database, clock)
        self._preparation = preparation
        self._store = store
        self._zone = zone
        self._public_url = public_url

    async def prepare(
        self,
        principal: Principal,
        kind: Kind,
        *,
        scope: Scope | None = None,
        day: date | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        language: Language = Language.ZH,
    ) -> Briefing:
        """A new draft of a period that is over; a day or week left out is the last one.

        Raises Forbidden, InvalidInput, StoreError.
        """
        principal.require(Action.EDIT, Resource.BRIEFING)
        window = asked_period(
            kind, day=day, since=since, until=until, now=self._hand.clock.now(), zone=self._zone
        )
        wanted = Wanted(kind=kind, window=window, scope=scope or Scope(), language=language)
        made = await self._preparation.prepared(principal, wanted)
        if not await self.keep(made):
            raise Conflict("the same briefing was prepared a moment ago; look at the list")
        return made

    async def keep(self, made: Briefing) -> bool:
        """Store a draft that was prepared; False where there is one already."""
        async with self._hand.database.write() as connection:
            return await self.keep_in(connection, made)

    async def keep_in(self, connection: AsyncConnection, made: Briefing) -> bool:
        """`keep` inside the caller's transaction."""
        if not await rows.add(connection, made):
            return False
        data = {
            "kind": made.kind.value,
            "monitors": list(made.monitors),
            "since": made.window.since.isoformat(),
            "until": made.window.until.isoformat(),
            "schedule": made.schedule_id,
        }
        await self._hand.record(connection, made, "prepared", made.prepared_by, data)
        return True

    async def get(self, principal: Principal, briefing_id: str) -> BriefingFile:
        """One briefing with its quotes. Raises Forbidden, NotFound, StoreError."""
        principal.require(Action.READ, Resource.BRIEFING)
        async with self._hand.database.read() as connection:
            found = await rows.get(connection, briefing_id)
        if not in_sight(principal, found):
            raise rows.missing(briefing_id)
        return BriefingFile(briefing=found, quotes=await quotes_of(self._store, found.body))

    async def page(
        self,
        principal: Principal,
        wanted: BriefingFilter,
        *,
        after: rows.Position | None = None,
        limit: int = 50,
    ) -> tuple[tuple[Briefing, ...], rows.Position | None]:
        """The newest first, and where the next page begins: None at the end. Raises Forbidden."""
        principal.require(Action.READ, Resource.BRIEFING)
        if not is_writer(principal):
            states = [state for state in PUBLIC if not wanted.states or state in wanted.states]
            if not states:
                return (), None
            wanted = replace(wanted, states=tuple(states))
        wanted = replace(wanted, within=principal.monitors)
        async with self._hand.database.read() as connection:
            found = await rows.page(connection, wanted, after=after, limit=limit)
        items = found[:limit]
        more = len(found) > limit
        return items, (items[-1].created_at, items[-1].id) if more else None

    async def export(self, principal: Principal, briefing_id: str, *, form: str) -> BriefingFile:
        """The same to be taken away, which is audited. Raises Forbidden, NotFound, StoreError."""
        principal.require(Action.EXPORT, Resource.BRIEFING)
        found = await self.get(principal, briefing_id)
        async with self._hand.database.write(quiet=True) as connection:
            await self._hand.record(
                connection, found.briefing, "exported", principal.id, {"form": form}
            )
        return found

    async def edit(
        self, principal: Principal, briefing_id: str, prose: Prose, *, version: int | None = None
    ) -> Briefing:
        """Write the prose anew. What was approved is a draft again; the same is no new version.

        Raises Forbidden, NotFound, InvalidInput with every mistake, Conflict saying who changed
        what since, IllegalTransition.
        """
        async with self._hand.opened(principal, briefing_id, Action.EDIT, version) as opened:
            before = opened.briefing
            state = lifecycle.after(before.state, Deed.EDIT, briefing_id=briefing_id)
            prose = checked_prose(prose, before.body)
            was, is_now = prose_json(before.prose), prose_json(prose)
            changed = {
                name: {"before": was[name], "after": is_now[name]}
                for name in is_now
                if was[name] != is_now[name]
            }
            if not changed:
                return before
            return await self._hand.saved(
                opened,
                principal,
                "edited",
                {"changed": changed, "was": before.state.value},
                state=state,
                prose=prose,
                edited_at=opened.now,
                edited_by=principal.id,
                approved_at=None,
                approved_by=None,
            )

    async def approve(
        self, principal: Principal, briefing_id: str, *, version: int | None = None
    ) -> Briefing:
        """It may go out as it is. By a person, and another than the one who edited it last.

        Raises Forbidden, NotFound, Conflict, IllegalTransition.
        """
        async with self._hand.opened(principal, briefing_id, Action.APPROVE, version) as opened:
            state = lifecycle.after(opened.briefing.state, Deed.APPROVE, briefing_id=briefing_id)
            principal.require_person("a briefing is approved by somebody who is signed in")
            if opened.briefing.edited_by == principal.id:
                raise Forbidden(
                    f"{principal.name} edited this briefing last: somebody else approves it"
                )
            return await self._hand.saved(
                opened,
                principal,
                "approved",
                {},
                state=state,
                approved_at=opened.now,
                approved_by=principal.id,
            )

    async def deliver(
        self,
        principal: Principal,
        briefing_id: str,
        *,
        channels: Sequence[str] | None = None,
        version: int | None = None,
    ) -> Briefing:
        """Send the headline figures and the link through channels, those of its schedule unless
        named; again to others too. Raises Forbidden, NotFound, InvalidInput for a channel that is
        not there or switched off, and without any; Conflict, IllegalTransition.
        """
        async with self._hand.opened(principal, briefing_id, Action.RUN, version) as opened:
            before = opened.briefing
            state = lifecycle.after(before.state, Deed.DELIVER, briefing_id=briefing_id)
            wanted = sorted(set(before.channels if channels is None else channels))
            await _check_channels(opened.connection, wanted)
            saved = await self._hand.saved(
                opened,
                principal,
                "delivered",
                {"channels": wanted},
                state=state,
                delivered_at=opened.now,
                delivered_by=principal.id,
                delivered_to=tuple(sorted({*before.delivered_to, *wanted})),
            )
            await tell(
                opened.connection,
                saved,
                channels=wanted,
                zone=self._zone,
                public_url=self._public_url,
                now=opened.now,
            )
            return saved

    async def discard(
        self, principal: Principal, briefing_id: str, *, reason: str, version: int | None = None
    ) -> Briefing:
        """It goes nowhere; it stays to be read. Raises as `edit`."""
        why = said(reason, most=_REASON_MAX, path="reason")
        if why is None:
            raise InvalidInput("say why", errors=[("reason", "say why it is discarded")])
        async with self._hand.opened(principal, briefing_id, Action.EDIT, version) as opened:
            state = lifecycle.after(opened.briefing.state, Deed.DISCARD, briefing_id=briefing_id)
            return await self._hand.saved(
                opened,
                principal,
                "discarded",
                {"reason": why},
                state=state,
                reason=why,
                discarded_at=opened.now,
                discarded_by=principal.id,
            )


async def _check_channels(connection: AsyncConnection, wanted: Sequence[str]) -> None:
    if not wanted:
        raise InvalidInput("name a channel", errors=[("channels", "name at least one channel")])
    channel = tables.channel.c
    found = await connection.execute(
        select(channel.id, channel.enabled).where(channel.id.in_(wanted))
    )
    enabled = {row.id: row.enabled for row in found}
    wrong = [
        ("channels", f"there is no channel {name!r}" if name not in enabled else f"{name} is off")
        for name in wanted
        if not enabled.get(name)
    ]
    if wrong:
        raise InvalidInput("the briefing cannot go there", errors=wrong)
