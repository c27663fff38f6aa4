"""The queue of complaints, and what people do with a ticket that does not answer anybody."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.auth.account import load
from service.complaints import records, repository
from service.complaints.claim import Claim
from service.complaints.hand import Hand, Opened, PostReading, words
from service.complaints.intake import Intake, Taken
from service.complaints.model import Complaint, ComplaintFile, ComplaintFilter, Origin
from service.complaints.rule import is_at_risk
from service.complaints.telling import tell_assignee
from service.complaints.watch import BrandOf
from service.errors import Conflict, InvalidInput, NotFound
from service.incidents import Incident, Kind
from service.incidents import repository as incident_rows
from service.incidents.words import is_line

_CAUSE_MAX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComplaint:
    """A complaint that a person opens from a post. `monitor` None: the first one of the post.

    `cause` None is read from the post; `drill` is practice, and leaves every figure as it is.
    """

    post_id: str
    monitor: str | None = None
    cause: str | None = None
    incident_id: str | None = None
    note: str | None = None
    drill: bool = False


class ComplaintDesk:
    """The one door for reading, opening, assigning and linking."""

    def __init__(
        self, hand: Hand, *, store: PostReading, intake: Intake, brand_of: BrandOf
    ) -> None:
        self._hand = hand
        self._store = store
        self._intake = intake
        self._brand_of = brand_of

    async def page(
        self,
        principal: Principal,
        wanted: ComplaintFilter,
        *,
        after: repository.Position | None = None,
        limit: int = 50,
    ) -> tuple[Complaint, ...]:
        """By time to breach, those of monitors that the reader may see. Raises Forbidden."""
        principal.require(Action.READ, Resource.COMPLAINT)
        wanted = replace(wanted, reach=principal.monitors)
        async with self._hand.database.read() as connection:
            return await repository.page(connection, wanted, after=after, limit=limit)

    async def file(self, principal: Principal, complaint_id: str) -> ComplaintFile:
        """One complaint with all that belongs to it. Raises NotFound, Forbidden."""
        principal.require(Action.READ, Resource.COMPLAINT)
        async with self._hand.database.read() as connection:
            complaint = await repository.get(connection, complaint_id)
            principal.require(Action.READ, Resource.COMPLAINT, monitor=complaint.monitor_id)
            return ComplaintFile(
                complaint=complaint,
                posts=await records.posts_of(connection, complaint_id),
                clocks=await records.clocks_of(connection, complaint_id),
                answers=await records.answers_of(connection, complaint_id),
                ratings=await records.ratings_of(connection, complaint_id),
                history=await records.history_of(connection, complaint_id),
            )

    async def open(self, principal: Principal, new: NewComplaint) -> Complaint:
        """Open a complaint from a post; of a person whose complaint is open it joins that one.

        A post that was folded in as a copy gets a complaint of its own. Raises Forbidden, NotFound,
        InvalidInput, and Conflict naming the complaint that has the post already, or for the post
        of a person at risk.
        """
        principal.require(Action.WORK, Resource.COMPLAINT)
        note = words("note", new.note, needed=False)
        cause = None if new.cause is None else new.cause.strip()
        if cause is not None and not (is_line(cause) and len(cause) <= _CAUSE_MAX):
            problem = f"1 to {_CAUSE_MAX} visible characters, or left out"
            raise InvalidInput("this is no cause", errors=[("cause", problem)])
        post = await self._store.get(new.post_id)
        if post is None:
            raise NotFound(f"there is no post {new.post_id!r}")
        monitor = new.monitor or next(iter(post.monitors), None)
        if monitor is None or monitor not in post.monitors:
            found = ", ".join(post.monitors) or "none"
            raise InvalidInput(
                "the post is not of that monitor", errors=[("monitor", f"of the post: {found}")]
            )
        principal.require(Action.WORK, Resource.COMPLAINT, monitor=monitor)
        if is_at_risk(post):
            raise Conflict("the author may harm themselves: the rota of people at risk answers")
        claim = Claim(
            post=post,
            monitor=monitor,
            brand=self._brand_of(monitor),
            origin=Origin.HAND,
            by=principal.id,
            drill=new.drill,
            incident_id=new.incident_id,
            cause=cause,
            note=note,
        )
        async with self._hand.database.write() as connection:
            if new.incident_id is not None:
                incident = await self._incident(connection, principal, new.incident_id, new.drill)
                claim = replace(claim, incident_id=incident.id)
            rule = await self._hand.rules.of(connection, None)
            now = self._hand.clock.now()
            took = await self._intake.take(connection, claim, rule, now=now)
            complaint = took.complaint
            if complaint is None or took.taken is Taken.KNOWN:
                held = "another" if complaint is None else f"{complaint.id} ({complaint.state})"
                raise Conflict(f"complaint {held} has this post already")
            if claim.incident_id in (None, complaint.incident_id):
                return complaint
            # It joined a ticket: that is part of the crisis now.
            opened = Opened(
                connection=connection, complaint=complaint, principal=principal, now=now
            )
            return await self._related(opened, claim.incident_id)

    async def assign(
        self,
        principal: Principal,
        complaint_id: str,
        *,
        person: str | None,
        note: str | None = None,
        version: int | None = None,
    ) -> Complaint:
        """Give it to a user, or to nobody. Taking what another has is handing over, with a note.

        Raises InvalidInput for who may not work it, Conflict naming whoever has it.
        """
        said = words("note", note, needed=False)
        async with self._hand.opened(principal, complaint_id, version) as opened:
            before = opened.complaint
            if person == before.assignee:
                return before
            others = before.assignee not in (None, principal.id)
            if others and said is None:
                raise Conflict(
                    f"{before.assignee} has complaint {complaint_id}; to hand it over say why"
                )
            if person not in (None, principal.id):
                await _require_worker(opened.connection, person, before)
            data = {"from": before.assignee, "to": person}
            deed = "assigned" if before.assignee is None else "handed_over"
            changed = await self._hand.settled(opened, deed, data, note=said, assignee=person)
            if person not in (None, principal.id):
                await tell_assignee(opened.connection, changed, now=opened.now)
            return changed

    async def relate(
        self,
        principal: Principal,
        complaint_id: str,
        *,
        incident_id: str | None,
        version: int | None = None,
    ) -> Complaint:
        """Say of which crisis it is part, or of none. A merged one is the one that goes on."""
        async with self._hand.opened(principal, complaint_id, version) as opened:
            before = opened.complaint
            if incident_id is not None:
                incident = await self._incident(
                    opened.connection, principal, incident_id, before.drill
                )
                incident_id = incident.id
            if incident_id == before.incident_id:
                return before
            return await self._related(opened, incident_id)

    async def _related(self, opened: Opened, incident_id: str | None) -> Complaint:
        data = {"from": opened.complaint.incident_id, "to": incident_id}
        return await self._hand.settled(opened, "related", data, incident_id=incident_id)

    async def _incident(
        self, connection: AsyncConnection, principal: Principal, incident_id: str, drill: bool
    ) -> Incident:
        """The crisis, or the one that it was merged into."""
        incident = await incident_rows.get(connection, incident_id)
        while incident.merged_into is not None:
            incident = await incident_rows.get(connection, incident.merged_into)
        principal.require(Action.READ, Resource.INCIDENT, monitor=incident.monitor_id)
        problem = None
        if incident.kind is not Kind.CRISIS:
            problem = "only a crisis has complaints"
        elif incident.drill is not drill:
            problem = "practice and real ones stay apart"
        if problem is not None:
            raise InvalidInput(f"incident {incident_id}: {problem}", errors=[("incident", problem)])
        return incident


async def _require_worker(connection: AsyncConnection, person: str, complaint: Complaint) -> None:
    """Raise InvalidInput unless that user may work the complaint."""
    try:
        user = await load(connection, person)
    except NotFound as error:
        raise InvalidInput(str(error), errors=[("person", "the id of a user")]) from error
    may = user.principal.may(Action.WORK, Resource.COMPLAINT, monitor=complaint.monitor_id)
    if user.disabled or not may:
        problem = f"{user.name} may not work complaint {complaint.id}"
        raise InvalidInput(problem, errors=[("person", "a user who may work complaints")])
