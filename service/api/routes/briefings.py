"""Briefings: prepared, read, edited, approved, delivered; and their schedules."""

from __future__ import annotations

import datetime as dates
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, NoContent, page
from service.api.catalogue import save
from service.api.deps import Body, Cursor, Instant, Limit, Me, Service, Version
from service.api.downloads import document_file
from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.briefings import (
    SCHEDULES,
    Briefing,
    BriefingFile,
    BriefingFilter,
    Kind,
    Language,
    Prose,
    Schedule,
    ScheduleDraft,
    Scope,
    SectionId,
    State,
    briefing_item,
    briefing_view,
    document,
    next_due,
)
from service.documents import Form
from service.incidents import format_instant
from service.oncall.model import Day, TimeOfDay

router = APIRouter(prefix="/v1/briefings", tags=["briefings"])
schedules_router = APIRouter(prefix="/v1/briefing-schedules", tags=["briefings"])

BriefingId = Annotated[str, Path(max_length=40)]
ScheduleId = Annotated[str, Path(max_length=64)]
Name = Annotated[str, Field(max_length=64)]


class PrepareBody(Body):
    """A daily or weekly one is of the `day` (or the week around it), the last one if left out; a
    special one of [`since`, `until`). Without brand and monitors it is of every monitor."""

    kind: Kind = Kind.DAILY
    day: Day | None = None
    since: Instant | None = None
    until: Instant | None = None
    brand: Name | None = None
    monitors: tuple[Name, ...] = Field(default=(), max_length=50)
    language: Language = Language.ZH


class ProseBody(Body):
    """All that people write; what is left out is empty. `{volume.posts}` cites a figure."""

    lead: str = Field(default="", max_length=4_000)
    comments: dict[SectionId, str] = Field(default_factory=dict)
    order: tuple[SectionId, ...] = Field(default=(), max_length=len(SectionId))
    hidden: tuple[SectionId, ...] = Field(default=(), max_length=len(SectionId))


class DeliverBody(Body):
    """Ids of channels; those of its schedule if left out."""

    channels: tuple[Name, ...] | None = Field(default=None, max_length=50)


class ReasonBody(Body):
    """Why."""

    reason: str = Field(max_length=2_000)


class ScheduleBody(Body):
    """Prepared as a draft at `at` in `zone`, every day or every week on `weekday` (1 is Monday)."""

    name: str
    kind: Kind = Kind.DAILY
    at: TimeOfDay = dates.time(8)
    weekday: int = 1
    zone: str = Field(default="Asia/Shanghai", max_length=64)
    brand: Name | None = None
    monitors: tuple[Name, ...] = Field(default=(), max_length=50)
    language: Language = Language.ZH
    channels: tuple[Name, ...] = Field(default=(), max_length=50)
    enabled: bool = True


@router.get("", summary="Briefings, the newest first")
async def every(
    service: Service,
    me: Me,
    kind: Annotated[tuple[Kind, ...], Query()] = (),
    state: Annotated[tuple[State, ...], Query()] = (),
    monitor: Annotated[tuple[str, ...], Query(max_length=50)] = (),
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Drafts and discarded ones for those who write them; without what they say."""
    wanted = BriefingFilter(kinds=kind, states=state, monitors=monitor)
    scope = ("briefings", kind, state, monitor)
    items, following = await service.briefings.desk.page(
        me, wanted, after=cursors.dated(scope, cursor), limit=limit
    )
    ends = None
    if following is not None:
        ends = cursors.encode(scope, [following[0].isoformat(), following[1]])
    return page([briefing_item(item, zone=service.settings.zone) for item in items], ends)


@router.post("", summary="Prepare a briefing as a draft", status_code=201)
async def prepare(body: PrepareBody, service: Service, me: Me) -> Response:
    made = await service.briefings.desk.prepare(
        me,
        body.kind,
        scope=Scope(brand=body.brand, monitors=body.monitors),
        day=body.day,
        since=body.since,
        until=body.until,
        language=body.language,
    )
    return Json(briefing_item(made, zone=service.settings.zone), status=201, version=made.version)


@router.get("/{briefing_id}", summary="One briefing, with every figure and quote")
async def one(briefing_id: BriefingId, service: Service, me: Me) -> Response:
    """Quotes say what the post store says now; of a post that is gone they say so."""
    found = await service.briefings.desk.get(me, briefing_id)
    return Json(_view(found, service, me), version=found.briefing.version)


@router.put("/{briefing_id}", summary="Write the prose of a briefing anew")
async def edit(
    briefing_id: BriefingId, body: ProseBody, service: Service, me: Me, version: Version
) -> Response:
    """Lead, comments, order, what is hidden: figures and quotes cannot be written. An approved one
    is a draft again."""
    given: dict[str, Any] = {name: getattr(body, name) for name in type(body).model_fields}
    saved = await service.briefings.desk.edit(me, briefing_id, Prose(**given), version=version)
    return _item(saved, service)


@router.post("/{briefing_id}/approve", summary="Approve a briefing as it is")
async def approve(briefing_id: BriefingId, service: Service, me: Me, version: Version) -> Response:
    """By a person, and another than the one who edited it last."""
    return _item(await service.briefings.desk.approve(me, briefing_id, version=version), service)


@router.post("/{briefing_id}/deliver", summary="Send an approved briefing through channels")
async def deliver(
    briefing_id: BriefingId, body: DeliverBody, service: Service, me: Me, version: Version
) -> Response:
    """Headline figures and the link; again, for other channels."""
    saved = await service.briefings.desk.deliver(
        me, briefing_id, channels=body.channels, version=version
    )
    return _item(saved, service)


@router.post("/{briefing_id}/discard", summary="Discard a briefing; say why")
async def discard(
    briefing_id: BriefingId, body: ReasonBody, service: Service, me: Me, version: Version
) -> Response:
    saved = await service.briefings.desk.discard(
        me, briefing_id, reason=body.reason, version=version
    )
    return _item(saved, service)


@router.get("/{briefing_id}/document", summary="The briefing as HTML, DOCX or JSON")
async def as_document(
    briefing_id: BriefingId,
    service: Service,
    me: Me,
    form: Annotated[Form, Query(alias="format")] = Form.HTML,
) -> Response:
    """Prints well; hidden sections are left out. Who took it is in the audit trail."""
    found = await service.briefings.desk.export(me, briefing_id, form=form.value)
    view = _view(found, service, None)
    made_at = service.clock.now()
    return await document_file(view, document, form, name=found.briefing.id, made_at=made_at)


@schedules_router.get("", summary="Schedules of briefings by id")
async def schedules(service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None) -> Response:
    me.require(Action.READ, Resource.BRIEFING)
    scope = ("briefing schedules",)
    found = await service.briefings.schedules.page(after=cursors.after(scope, cursor), limit=limit)
    following = cursors.following(scope, found.next)
    return page([_schedule(item) for item in found.items], following)


@schedules_router.get("/{schedule_id}", summary="One schedule")
async def schedule(schedule_id: ScheduleId, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.BRIEFING)
    item = await service.briefings.schedules.get(schedule_id)
    return Json(_schedule(item), version=item.version)


@schedules_router.put("/{schedule_id}", summary="Create or change a schedule")
async def put_schedule(
    schedule_id: ScheduleId, body: ScheduleBody, service: Service, me: Me, version: Version
) -> Response:
    """Another time counts from now on: what was due before is not made up for."""
    fields = {name: getattr(body, name) for name in type(body).model_fields}
    draft = ScheduleDraft(id=schedule_id, **fields)
    return await save(service.briefings.schedules, me, draft, version=version, view=_schedule)


@schedules_router.delete("/{schedule_id}", summary="Delete a schedule", status_code=204)
async def remove_schedule(
    schedule_id: ScheduleId, service: Service, me: Me, version: Version
) -> Response:
    """What it prepared stays."""
    await service.briefings.schedules.delete(me, schedule_id, version=version)
    return NoContent()


def _item(saved: Briefing, service: Container) -> Response:
    return Json(briefing_item(saved, zone=service.settings.zone), version=saved.version)


def _view(found: BriefingFile, service: Container, me: Principal | None) -> dict[str, Any]:
    return briefing_view(
        found.briefing,
        found.quotes,
        zone=service.settings.zone,
        public_url=service.settings.public_url,
        to_write=me is not None and me.may(Action.EDIT, Resource.BRIEFING),
    )


def _schedule(item: Schedule) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name,
        **SCHEDULES.body(item),
        "next_due_at": format_instant(next_due(item)),
        "problem": item.problem,
        "created_at": format_instant(item.created_at),
        "updated_at": format_instant(item.updated_at),
        "version": item.version,
    }
