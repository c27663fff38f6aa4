"""The sender: brings a ticket to how it is wanted, whatever message was the reason.

Messages may come late, twice or out of order; each looks at how things stand when it is sent. A
ticket is looked for before it is made again, and its state read before it is moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import Database
from service.delivery import (
    ChannelTarget,
    DeliveryNews,
    DeliveryReport,
    Message,
    SendOutcome,
    SendResult,
)
from service.delivery.channels.template import fill
from service.errors import NotFound
from service.events import EventType
from service.trackers import rows
from service.trackers.answers import SAID_LIMIT, Outcome, Said, key_in
from service.trackers.calls import Calls, words_of
from service.trackers.model import CLOSED, Handover, Standing, State, Trouble
from service.trackers.telling import Telling
from service.trackers.tracker import Tracker

KIND = "tracker"

_OUTCOMES = {
    Outcome.AGAIN: SendOutcome.RETRY,
    Outcome.REFUSED: SendOutcome.REFUSED,
    Outcome.GONE: SendOutcome.RETRY,
    Outcome.TAKEN: SendOutcome.SENT,
}


def targets_of(trackers: Mapping[str, Tracker]) -> list[ChannelTarget]:
    """The hidden channels that lead to trackers: they have what is addressed to them alone."""
    return [
        ChannelTarget(id=item.channel_id, kind=KIND, events=(EventType.HANDOVER_REQUESTED,))
        for item in trackers.values()
    ]


def state_of(standing: Standing) -> State:
    """The state of a hand-over whose ticket stands like that."""
    return State.CLOSED if standing in CLOSED else State.OPEN


class TrackerSender:
    """A sender for the deliverer."""

    def __init__(
        self,
        database: Database,
        *,
        trackers: Mapping[str, Tracker],
        calls: Calls,
        telling: Telling,
    ) -> None:
        self._database = database
        self._trackers = trackers
        self._calls = calls
        self._telling = telling

    async def send(self, channel: ChannelTarget, message: Message, *, at: datetime) -> SendResult:
        """One attempt at `at`; what the tracker answered stays visible at the hand-over."""
        handover_id = str(message.data["handover"]["id"])
        try:
            async with self._database.read() as connection:
                handover = await rows.get(connection, handover_id)
        except NotFound:
            return SendResult(outcome=SendOutcome.NEEDLESS, reason="the hand-over is gone")
        if handover.state is State.DELETED or message.data["handover"]["revision"] != (
            handover.revision
        ):
            return SendResult(outcome=SendOutcome.NEEDLESS, reason="another message came after it")
        tracker = self._trackers[handover.tracker]
        said = await self._bring(tracker, handover, at=at)
        if said.outcome is not Outcome.TAKEN:
            await self._note(handover_id, at=at, last_answer=said.text)
        if said.outcome is Outcome.GONE and handover.key is not None:
            return SendResult(outcome=SendOutcome.NEEDLESS, reason="the ticket is gone there")
        return SendResult(
            outcome=_OUTCOMES[said.outcome],
            status=said.status,
            answer=said.text,
            reason="" if said.outcome is Outcome.TAKEN else said.text,
            retry_after=said.retry_after,
        )

    async def settled(self, connection: AsyncConnection, report: DeliveryReport) -> None:
        """News of a delivery: one that is given up leaves the hand-over to people."""
        message = report.event.message
        if message.type is not EventType.HANDOVER_REQUESTED or report.news is not DeliveryNews.DEAD:
            return
        try:
            handover = await rows.get(connection, str(message.data["handover"]["id"]), locked=True)
        except NotFound:
            return
        if handover.revision != message.data["handover"]["revision"]:
            return
        handover = replace(handover, state=State.FAILED, trouble=Trouble.UNDELIVERED)
        if handover.last_answer is None:
            handover = replace(
                handover, last_answer=report.reason[:SAID_LIMIT], answered_at=report.at
            )
        await rows.put(connection, handover, now=report.at)
        await self._telling.news(
            connection,
            handover,
            change="failed",
            actor="system",
            now=report.at,
            reason=handover.last_answer,
        )

    async def _bring(self, tracker: Tracker, handover: Handover, *, at: datetime) -> Said:
        """Make the ticket, or find it; then move it. Each step is kept before the next.

        Where it stands as wanted, as far as known, nothing is asked: that it has moved there
        meanwhile is news, which comes another way and is no reason to move it back.
        """
        said = Said(outcome=Outcome.TAKEN, text=handover.last_answer or "")
        if handover.key is None:
            said, handover = await self._made(tracker, handover, at=at)
            if handover.key is None:
                return said
        wanted = tracker.reachable(handover.wanted)
        if handover.standing not in (wanted, handover.wanted):
            said, heard = await self._calls.read(tracker, handover, at=at)
            if said.outcome is Outcome.GONE:
                await self._gone(handover, said, at=at)
            if heard is None or heard.deleted:
                return said
            handover = replace(handover, standing=heard.standing)
        if handover.standing not in (wanted, handover.wanted):
            for call in tracker.form.moves[wanted]:
                said = await self._calls.call(tracker, call, words_of(tracker, handover), at=at)
                if said.outcome is Outcome.GONE:
                    return replace(said, outcome=Outcome.AGAIN)  # it was there a moment ago
                if said.outcome is not Outcome.TAKEN:
                    return said
        standing = handover.wanted if handover.standing is handover.wanted else wanted
        await self._note(
            handover.id,
            at=at,
            news="sent",
            state=state_of(standing),
            standing=standing,
            trouble=None,
            last_answer=said.text,
        )
        return said

    async def _made(
        self, tracker: Tracker, handover: Handover, *, at: datetime
    ) -> tuple[Said, Handover]:
        form = tracker.form
        words = words_of(tracker, handover)
        if handover.tried and form.find is not None:
            said = await self._calls.call(tracker, form.find, words, at=at)
            key = key_in(form.find.key, said.body) if said.outcome is Outcome.TAKEN else None
            if key is not None or said.outcome is not Outcome.TAKEN:
                return said, await self._keyed(tracker, handover, key, at=at, poll_at=at)
        await self._note(handover.id, at=at, tried=True)
        said = await self._calls.call(tracker, form.create, words, at=at)
        if said.outcome is not Outcome.TAKEN:
            return said, handover
        key = key_in(form.create.key, said.body)
        if key is None:
            words_for = f"HTTP {said.status} without the key of a ticket: {said.text}"
            return replace(said, outcome=Outcome.AGAIN, text=words_for[:SAID_LIMIT]), handover
        pause = timedelta(minutes=form.poll_minutes)
        poll_at = at + pause if form.poll_minutes else None
        return said, await self._keyed(tracker, handover, key, at=at, poll_at=poll_at)

    async def _keyed(
        self,
        tracker: Tracker,
        handover: Handover,
        key: str | None,
        *,
        at: datetime,
        poll_at: datetime | None,
    ) -> Handover:
        """Keep the key. A ticket that was found may have moved since: it is polled at once."""
        if key is None:
            return handover
        url = None
        if tracker.form.create.url is not None:
            given = {"key": key, "address": tracker.form.address}
            url = fill(tracker.form.create.url, tracker.words(given))
        return await self._note(
            handover.id, at=at, key=key, url=url, standing=Standing.OPEN, poll_at=poll_at
        )

    async def _gone(self, handover: Handover, said: Said, *, at: datetime) -> None:
        await self._note(
            handover.id,
            at=at,
            news="deleted",
            state=State.DELETED,
            trouble=Trouble.DELETED_THERE,
            poll_at=None,
            last_answer=said.text,
        )

    async def _note(
        self, handover_id: str, *, at: datetime, news: str | None = None, **changes: Any
    ) -> Handover:
        """Write what changed over the row as it is now; `news` is told."""
        if "last_answer" in changes:
            changes["answered_at"] = at
        async with self._database.write() as connection:
            handover = await rows.get(connection, handover_id, locked=True)
            if handover.state is State.DELETED:
                return handover
            handover = replace(handover, **changes)
            await rows.put(connection, handover, now=at)
            if news is not None:
                await self._telling.news(
                    connection,
                    handover,
                    change=news,
                    actor="system",
                    now=at,
                    reason=handover.last_answer if handover.trouble else None,
                )
        return handover
