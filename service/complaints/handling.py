"""What people do for the person who complains; Fengsui publishes nothing, it keeps the record.

A clock is met when the deed is recorded here, not when somebody says that it was done.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.auth import Principal
from service.complaints import lifecycle, records, repository
from service.complaints.hand import Hand, Opened, words
from service.complaints.lifecycle import FOLDING, MET, STARTED, WAITING, Clock, Deed, State
from service.complaints.model import AnswerKind, Complaint
from service.complaints.rule import ComplaintRuleDraft
from service.complaints.said import Published, Said, answer_of, rating_of
from service.complaints.telling import announce, tell
from service.errors import Conflict, InvalidInput
from service.events import EventType

_KINDS: Mapping[Deed, AnswerKind] = {
    Deed.ANSWER: AnswerKind.ANSWER,
    Deed.RESPOND: AnswerKind.RESPONSE,
    Deed.RESOLVE: AnswerKind.RESOLUTION,
    Deed.TELL: AnswerKind.TOLD,
}
_STAMPS: Mapping[Deed, str] = {
    Deed.ANSWER: "answered_at",
    Deed.RESPOND: "responded_at",
    Deed.RESOLVE: "resolved_at",
    Deed.TELL: "told_at",
    Deed.CLOSE: "ended_at",
    Deed.DISMISS: "ended_at",
}
_AGAIN: Mapping[Deed, tuple[str, ...]] = {
    Deed.DISPUTE: ("resolved_at", "told_at", "rated_at", "ended_at"),
    Deed.REOPEN: (
        *("answered_at", "responded_at", "resolved_at"),
        *("told_at", "rated_at", "ended_at"),
    ),
}
"""What is not so any more; the history and the clocks of the round before keep it."""
_EVENTS: Mapping[Deed, EventType] = {
    Deed.ANSWER: EventType.COMPLAINT_ANSWERED,
    Deed.RESOLVE: EventType.COMPLAINT_RESOLVED,
    Deed.CLOSE: EventType.COMPLAINT_CLOSED,
}
"""For those who have asked for them by name."""


class Handling:
    """Each deed is one transaction, by the version that was read; two at once are one and a 409."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand

    async def say(
        self,
        principal: Principal,
        complaint_id: str,
        deed: Deed,
        published: Published,
        *,
        version: int | None = None,
    ) -> Complaint:
        """Record an answer, a response, a resolution, or that the person was told of it.

        Raises Forbidden, NotFound, InvalidInput, IllegalTransition, and Conflict naming whoever
        was first where that has been done already.
        """
        if deed not in _KINDS:
            raise InvalidInput(f"{deed.value} records nothing that was said")
        async with self._hand.opened(principal, complaint_id, version) as opened:
            await self._refuse_second(opened, deed)
            after = lifecycle.after(opened.complaint.state, deed)
            answer = answer_of(opened, _KINDS[deed], published)
            await records.add_answer(opened.connection, complaint_id, answer)
            data = {
                "channel": answer.channel,
                "published_at": answer.published_at.isoformat(),
                "linked": answer.url is not None,
            }
            values: dict[str, Any] = {}
            if opened.complaint.assignee is None:
                # Whoever answers has it: the next one is not to begin at the beginning.
                values["assignee"] = data["assignee"] = principal.id
            if deed is Deed.RESPOND and opened.complaint.answered_at is None:
                values["answered_at"] = opened.now
            return await self._moved(opened, deed, after, data, **values)

    async def rate(
        self, principal: Principal, complaint_id: str, said: Said, *, version: int | None = None
    ) -> Complaint:
        """Record how the person rates it, once they were told; a later rating is what counts."""
        async with self._hand.opened(principal, complaint_id, version) as opened:
            after = lifecycle.after(opened.complaint.state, Deed.RATE)
            rating = rating_of(opened, said)
            await records.add_rating(opened.connection, complaint_id, rating)
            values = {
                name: value
                for name in ("csat", "nps")
                if (value := getattr(rating, name)) is not None
            }
            data = {**values, "said_at": rating.said_at.isoformat()}
            return await self._moved(opened, Deed.RATE, after, data, rated_at=opened.now, **values)

    async def close(
        self,
        principal: Principal,
        complaint_id: str,
        *,
        reason: str | None = None,
        version: int | None = None,
    ) -> Complaint:
        """End it. Without a rating that takes a reason: they were asked and did not say, or why
        they could not be told."""
        async with self._hand.opened(principal, complaint_id, version) as opened:
            after = lifecycle.after(opened.complaint.state, Deed.CLOSE)
            rated = opened.complaint.state is State.RATED
            note = words("reason", reason, needed=not rated)
            return await self._moved(opened, Deed.CLOSE, after, {}, note=note)

    async def dismiss(
        self, principal: Principal, complaint_id: str, *, reason: str, version: int | None = None
    ) -> Complaint:
        """Say that it is no complaint: it leaves the figures, and its author's posts join it."""
        note = words("reason", reason)
        async with self._hand.opened(principal, complaint_id, version) as opened:
            after = lifecycle.after(opened.complaint.state, Deed.DISMISS)
            return await self._moved(opened, Deed.DISMISS, after, {}, note=note)

    async def reopen(
        self, principal: Principal, complaint_id: str, *, reason: str, version: int | None = None
    ) -> Complaint:
        """Begin anew, with new clocks for the first answer and the response."""
        return await self._again(principal, complaint_id, Deed.REOPEN, reason, version)

    async def dispute(
        self, principal: Principal, complaint_id: str, *, reason: str, version: int | None = None
    ) -> Complaint:
        """The person does not accept it: a new clock for settling the dispute."""
        return await self._again(principal, complaint_id, Deed.DISPUTE, reason, version)

    async def _again(
        self,
        principal: Principal,
        complaint_id: str,
        deed: Deed,
        reason: str,
        version: int | None,
    ) -> Complaint:
        note = words("reason", reason)
        async with self._hand.opened(principal, complaint_id, version) as opened:
            before = opened.complaint
            after = lifecycle.after(before.state, deed)
            await _refuse_beside_open(opened)
            counter = "reopened" if deed is Deed.REOPEN else "disputed"
            values: dict[str, Any] = {counter: getattr(before, counter) + 1}
            # While a response is being settled its clock runs on: a dispute wins no time.
            anew = before.state is not State.RESPONDED
            if anew:
                values |= dict.fromkeys(_AGAIN[deed]) | {"round": before.round + 1}
            data = {"was": before.state.value, "round": before.round + anew}
            moved = await self._moved(opened, deed, after, data, note=note, anew=anew, **values)
            rule = await self._hand.rules.of(opened.connection, moved.rule_id)
            reopened = deed is Deed.REOPEN
            await tell(
                opened.connection,
                moved,
                EventType.COMPLAINT_REOPENED if reopened else EventType.COMPLAINT_DISPUTED,
                rule=rule,
                parts=[str(moved.version)],
                now=opened.now,
                deputies=not reopened,
            )
            return moved

    async def _moved(
        self,
        opened: Opened,
        deed: Deed,
        after: State,
        data: Mapping[str, Any],
        *,
        note: str | None = None,
        anew: bool = True,
        **values: Any,
    ) -> Complaint:
        """Write the state with its clocks; without `anew` those that run go on."""
        connection, before, now = opened.connection, opened.complaint, opened.now
        timing = self._hand.timing
        started = STARTED.get(deed, ()) if anew else ()
        rule = await self._hand.rules.of(connection, before.rule_id)
        if deed in MET:
            await timing.stop(connection, before, MET[deed], now=now, met=True)
        if deed is Deed.DISMISS:
            await timing.stop(connection, before, tuple(Clock), now=now, met=False)
        if deed in _STAMPS:
            values[_STAMPS[deed]] = now
        waiting = WAITING.get(after)
        if waiting is None:
            values |= {"resting": 1} | ({} if before.resting else {"due_at": now})
        else:
            due_at = await self._due(opened, rule, waiting, started)
            values |= {"resting": 0, "due_at": due_at}
        changed = await self._hand.settled(
            opened, deed.value, data, note=note, state=after.value, **values
        )
        if started:
            await timing.start(connection, changed, started, rule=rule, now=now)
        if deed in _EVENTS:
            await announce(connection, changed, _EVENTS[deed], now=now)
        return changed

    async def _due(
        self,
        opened: Opened,
        rule: ComplaintRuleDraft,
        waiting: Clock,
        started: tuple[Clock, ...],
    ) -> datetime:
        """When the clock is due that runs after the deed: begun by it, or running already."""
        if waiting in started:
            return self._hand.timing.due_at(rule, waiting, opened.now)
        rows = await records.clocks_of(opened.connection, opened.complaint.id)
        running = [row for row in rows if row.clock is waiting and row.met_at is None]
        return running[-1].due_at

    async def _refuse_second(self, opened: Opened, deed: Deed) -> None:
        """Two people at one complaint: the second is told whose answer is there."""
        complaint = opened.complaint
        if complaint.state in lifecycle.MOVES[deed]:
            return
        answers = await records.answers_of(opened.connection, complaint.id)
        done = [
            item for item in answers if item.kind is _KINDS[deed] and item.round == complaint.round
        ]
        if done and complaint.state is not State.DISMISSED:
            first = done[-1]
            raise Conflict(
                f"{first.by} has recorded the {first.kind.value} of complaint {complaint.id} at "
                f"{first.at.isoformat()} on {first.channel}; load it again before you add to it"
            )


async def _refuse_beside_open(opened: Opened) -> None:
    """One person and cause has one open ticket: what they say now is said there."""
    other = await repository.latest(opened.connection, opened.complaint.subject)
    if other is None or other.id == opened.complaint.id or other.state not in FOLDING:
        return
    raise Conflict(
        f"complaint {opened.complaint.id} goes on as {other.id} ({other.state.value}): say it there"
    )
