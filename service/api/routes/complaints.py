"""Complaints: the queue by time to breach, and each deed of a ticket's life.

Answers are published by people where the complaint is; what is sent here is the record of it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api import examples
from service.api.answer import Json, page
from service.api.complaint_views import (
    COMPLAINT,
    complaint_view,
    figures_view,
    file_view,
    place_of,
    reply_view,
    written_place,
)
from service.api.deps import Body, Cursor, Instant, Limit, Me, Reveal, Service, Version
from service.api.views import plain
from service.complaints import (
    Complaint,
    ComplaintFilter,
    Deed,
    NewComplaint,
    Published,
    ReplyWanted,
    Said,
    State,
)
from service.complaints.repository import position

router = APIRouter(prefix="/v1/complaints", tags=["complaints"])

ComplaintId = Annotated[str, Path(max_length=40)]
Names = Annotated[tuple[str, ...], Query(max_length=50)]
NOBODY = "nobody"
_REPORT_DAYS = 30
_SAYS = {
    "answer": Deed.ANSWER,
    "respond": Deed.RESPOND,
    "resolve": Deed.RESOLVE,
    "tell": Deed.TELL,
}


class OpenBody(Body):
    """The post that complains; `monitor` is its first one, `cause` is read, if left out."""

    post: str = Field(max_length=64)
    monitor: str | None = Field(default=None, max_length=64)
    cause: str | None = Field(default=None, max_length=64)
    incident: str | None = Field(default=None, max_length=40)
    note: str | None = None
    drill: bool = False


class AssignBody(Body):
    """Who has it from now on; null is nobody. What another has takes a note."""

    person: str | None = Field(max_length=64)
    note: str | None = None


class RelateBody(Body):
    """The crisis that it is part of; null is none."""

    incident: str | None = Field(max_length=40)


class PublishedBody(Body):
    """What was published or said: where, in which words, and when if that was not just now."""

    channel: str = Field(examples=["weibo"])
    text: str
    url: str | None = None
    published_at: Instant | None = None


class RatingBody(Body):
    """How the person rates it: `csat` 1 to 5, `nps` 0 to 10; who said so, without a name."""

    csat: int | None = None
    nps: int | None = None
    words: str | None = None
    said_by: str | None = Field(default=None, examples=["customer, by phone"])
    said_at: Instant | None = None


class ReasonBody(Body):
    reason: str


class CloseBody(Body):
    """Without a rating it takes a reason."""

    reason: str | None = None


class DraftBody(Body):
    """A template with values, or a text of one's own to be looked at."""

    template: str | None = Field(default=None, max_length=130, examples=["complaint.answer"])
    values: dict[str, str] = Field(default_factory=dict)
    text: str | None = None
    lang: Literal["zh", "en"] = "zh"
    emotion: str | None = None
    intensity: str | None = None


@router.get("", summary="Complaints by time to breach", responses=examples.answer(COMPLAINT))
async def queue(
    service: Service,
    me: Me,
    state: Annotated[tuple[State, ...], Query()] = (),
    assignee: Names = (),
    monitor: Names = (),
    scenario: Names = (),
    cause: Names = (),
    incident: Names = (),
    breached: bool | None = None,
    drill: bool = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Filters are ANDed, values inside one are ORed; `assignee=nobody` is what nobody has. Those
    whose clock runs come first, the longest overdue before all. The text is in the single one.
    """
    wanted = ComplaintFilter(
        states=state,
        assignees=tuple("" if name == NOBODY else name for name in assignee),
        monitors=monitor,
        scenarios=scenario,
        causes=cause,
        incidents=incident,
        breached=breached,
        drill=drill,
    )
    scope = ("complaints", wanted)
    desk = service.complaints.desk
    found = await desk.page(me, wanted, after=place_of(scope, cursor), limit=limit + 1)
    shown, now = found[:limit], service.clock.now()
    following = None
    if len(found) > limit:
        following = cursors.encode(scope, written_place(position(shown[-1])))
    return page([complaint_view(item, now=now) for item in shown], following)


@router.post("", summary="Open a complaint from a post", status_code=201)
async def open_one(body: OpenBody, service: Service, me: Me) -> Response:
    """Of a person whose complaint of that cause is open, the post joins that one."""
    new = NewComplaint(
        post_id=body.post,
        monitor=body.monitor,
        cause=body.cause,
        incident_id=body.incident,
        note=body.note,
        drill=body.drill,
    )
    return _answer(await service.complaints.desk.open(me, new), service, status=201)


@router.get("/report", summary="Answered in time, settled, rated: figures of real complaints")
async def report(
    service: Service,
    me: Me,
    since: Instant | None = None,
    until: Instant | None = None,
    monitor: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Of complaints opened since then, the last 30 days when it is left out; without practice."""
    began = since or service.clock.now() - timedelta(days=_REPORT_DAYS)
    reading = service.complaints.report
    return Json(figures_view(await reading.between(me, since=began, until=until, monitor=monitor)))


@router.get("/{complaint_id}", summary="One complaint with posts, clocks, answers and history")
async def one(complaint_id: ComplaintId, service: Service, me: Me) -> Response:
    file = await service.complaints.desk.file(me, complaint_id)
    return Json(file_view(file, now=service.clock.now()), version=file.complaint.version)


@router.post("/{complaint_id}/assign", summary="Take it, give it to somebody, hand it over")
async def assign(
    complaint_id: ComplaintId, body: AssignBody, service: Service, me: Me, version: Version
) -> Response:
    changed = await service.complaints.desk.assign(
        me, complaint_id, person=body.person, note=body.note, version=version
    )
    return _answer(changed, service)


@router.post("/{complaint_id}/incident", summary="Say of which crisis it is part")
async def relate(
    complaint_id: ComplaintId, body: RelateBody, service: Service, me: Me, version: Version
) -> Response:
    changed = await service.complaints.desk.relate(
        me, complaint_id, incident_id=body.incident, version=version
    )
    return _answer(changed, service)


@router.post("/{complaint_id}/draft", summary="Draft a reply for what the person feels")
async def draft(complaint_id: ComplaintId, body: DraftBody, service: Service, me: Me) -> Response:
    """Nothing is sent and nothing is kept: the reply, what the lint found, and the advice."""
    wanted = ReplyWanted(
        template=body.template,
        values=body.values,
        text=body.text,
        lang=body.lang,
        emotion=body.emotion,
        intensity=body.intensity,
    )
    return Json(reply_view(await service.complaints.replies.draft(me, complaint_id, wanted)))


@router.post("/{complaint_id}/said/{deed}", summary="Record what was published or said, and where")
async def say(
    complaint_id: ComplaintId,
    deed: Literal["answer", "respond", "resolve", "tell"],
    body: PublishedBody,
    service: Service,
    me: Me,
    version: Version,
) -> Response:
    """`answer` and `respond` meet their clocks at the moment of this record; 409 names whoever was
    first.
    """
    published = Published(
        channel=body.channel, text=body.text, url=body.url, published_at=body.published_at
    )
    handling = service.complaints.handling
    return _answer(
        await handling.say(me, complaint_id, _SAYS[deed], published, version=version), service
    )


@router.post("/{complaint_id}/rating", summary="Record how the person rates it")
async def rate(
    complaint_id: ComplaintId, body: RatingBody, service: Service, me: Me, version: Version
) -> Response:
    said = Said(
        csat=body.csat,
        nps=body.nps,
        words=body.words,
        said_by=body.said_by,
        said_at=body.said_at,
    )
    changed = await service.complaints.handling.rate(me, complaint_id, said, version=version)
    return _answer(changed, service)


@router.post("/{complaint_id}/close", summary="End it")
async def close(
    complaint_id: ComplaintId, body: CloseBody, service: Service, me: Me, version: Version
) -> Response:
    changed = await service.complaints.handling.close(
        me, complaint_id, reason=body.reason, version=version
    )
    return _answer(changed, service)


@router.post("/{complaint_id}/dismiss", summary="Say that it is no complaint")
async def dismiss(
    complaint_id: ComplaintId, body: ReasonBody, service: Service, me: Me, version: Version
) -> Response:
    changed = await service.complaints.handling.dismiss(
        me, complaint_id, reason=body.reason, version=version
    )
    return _answer(changed, service)


@router.post("/{complaint_id}/reopen", summary="Begin anew, with new clocks")
async def reopen(
    complaint_id: ComplaintId, body: ReasonBody, service: Service, me: Me, version: Version
) -> Response:
    changed = await service.complaints.handling.reopen(
        me, complaint_id, reason=body.reason, version=version
    )
    return _answer(changed, service)


@router.post("/{complaint_id}/dispute", summary="The person does not accept it")
async def dispute(
    complaint_id: ComplaintId, body: ReasonBody, service: Service, me: Me, version: Version
) -> Response:
    """While a response is being settled its clock runs on; afterwards a new one begins."""
    changed = await service.complaints.handling.dispute(
        me, complaint_id, reason=body.reason, version=version
    )
    return _answer(changed, service)


@router.post("/{complaint_id}/reveal", summary="The post and its author, for an audited reason")
async def reveal(complaint_id: ComplaintId, body: Reveal, service: Service, me: Me) -> Response:
    found = await service.complaints.revealing.reveal(me, complaint_id, reason=body.reason)
    return Json(plain(found))


def _answer(complaint: Complaint, service: Service, *, status: int = 200) -> Response:
    view = complaint_view(complaint, now=service.clock.now())
    return Json(view, status=status, version=complaint.version)
