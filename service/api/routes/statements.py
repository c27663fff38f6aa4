"""Statements: write, lint, approve, publish; every wording is kept."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import HTMLResponse, Response

from playbooks.schema import StatementKind
from service.api import cursor as cursors
from service.api import examples
from service.api.answer import Json, page
from service.api.deps import Body, Cursor, Instant, Limit, Me, Service, Version
from service.api.downloads import file_headers
from service.api.statement_views import (
    LINTED,
    STATEMENTS,
    advice_view,
    edition_view,
    file_view,
    linted_view,
    statement_view,
)
from service.api.views import plain
from service.auth import Principal
from service.bootstrap import Container
from service.statements import (
    TEXT_MAX,
    Capacity,
    Change,
    Fact,
    NewStatement,
    State,
    Statement,
    StatementFilter,
    StatementSort,
    as_html,
)

router = APIRouter(prefix="/v1", tags=["statements"])

IncidentId = Annotated[str, Path(max_length=40)]
StatementId = Annotated[str, Path(max_length=40)]
States = Annotated[tuple[State, ...], Query()]
Kinds = Annotated[tuple[StatementKind, ...], Query()]
Mood = Annotated[str | None, Query(max_length=16)]


class FactBody(Body):
    """Something that the writer answers for, and where it is from."""

    text: str = Field(examples=["共收到 38 例反映"])
    source: str = Field(examples=["客服工单系统，3月2日14时"])


class StatementBody(Body):
    """From a template, or written freely with `text`. `values` win over what the incident knows."""

    template: str | None = Field(default=None, examples=["product_quality.holding"])
    kind: StatementKind | None = None
    lang: Literal["zh", "en"] | None = None
    title: str | None = None
    text: str | None = Field(default=None, max_length=TEXT_MAX)
    values: dict[str, str] = Field(default_factory=dict, max_length=50)
    facts: tuple[FactBody, ...] = Field(default=(), max_length=100)
    emotion: str | None = None
    intensity: str | None = None


class ChangeBody(Body):
    """What is left out stays. `values` alone fill the template again."""

    title: str | None = None
    text: str | None = Field(default=None, max_length=TEXT_MAX)
    values: dict[str, str] | None = Field(default=None, max_length=50)
    facts: tuple[FactBody, ...] | None = Field(default=None, max_length=100)
    note: str | None = None


class TrialBody(Body):
    text: str = Field(max_length=TEXT_MAX)
    facts: tuple[FactBody, ...] = Field(default=(), max_length=100)


class ApprovalBody(Body):
    """In which of their roles somebody answers for it."""

    capacity: Capacity = Field(alias="as")
    note: str | None = None


class ReasonBody(Body):
    reason: str


class PlaceBody(Body):
    """`step` marks the step of the playbook that asks for this template as done."""

    place: str = Field(examples=["官方微博"])
    url: str | None = Field(default=None, examples=["https://social.example/shanlan/1"])
    at: Instant | None = None
    step: bool = False


@router.get(
    "/incidents/{incident_id}/statements",
    summary="Statements of an incident",
    responses=examples.answer(STATEMENTS),
)
async def of_incident(
    incident_id: IncidentId,
    service: Service,
    me: Me,
    state: States = (),
    kind: Kinds = (),
    sort: StatementSort = StatementSort.NEWEST,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    wanted = StatementFilter(incident_id=incident_id, states=state, kinds=kind)
    return await _page(service, me, wanted, sort, limit, cursor)


@router.post("/incidents/{incident_id}/statements", summary="Begin a statement", status_code=201)
async def draft(incident_id: IncidentId, body: StatementBody, service: Service, me: Me) -> Response:
    """Variables that the incident answers are filled in; required ones without a value stay in the
    text and block it. The draft takes the register that the mood of the posts asks for.
    """
    wanted = NewStatement(**{**dict(body), "facts": _facts(body.facts)})
    made = await service.statements.desk.draft(me, incident_id, wanted)
    return await _file(service, me, made.id, status=201)


@router.get("/incidents/{incident_id}/statements/advice", summary="How its mood is to be answered")
async def advice(
    incident_id: IncidentId, service: Service, me: Me, emotion: Mood = None, intensity: Mood = None
) -> Response:
    """By the emotion matrix, in the incident's tier; null where nothing reads the posts. `emotion`
    and `intensity` ask for another mood than that of the posts.
    """
    found = await service.statements.reading.advice(
        me, incident_id, emotion=emotion, intensity=intensity
    )
    return Json({"advice": advice_view(found)})


@router.get("/statements", summary="Statements of every incident")
async def every(
    service: Service,
    me: Me,
    state: States = (),
    kind: Kinds = (),
    sort: StatementSort = StatementSort.CHANGED,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """`state=submitted` is what waits for approval. Those of a person at risk are listed with
    their incident only.
    """
    return await _page(service, me, StatementFilter(states=state, kinds=kind), sort, limit, cursor)


@router.get("/statements/{statement_id}", summary="One statement, and what it still lacks")
async def one(statement_id: StatementId, service: Service, me: Me) -> Response:
    return await _file(service, me, statement_id)


@router.put("/statements/{statement_id}", summary="Save another wording; approvals are void")
async def save(
    statement_id: StatementId, body: ChangeBody, service: Service, me: Me, version: Version
) -> Response:
    change = Change(
        title=body.title,
        text=body.text,
        values=body.values,
        facts=None if body.facts is None else _facts(body.facts),
        note=body.note,
    )
    await service.statements.desk.save(me, statement_id, change, version=version)
    return await _file(service, me, statement_id)


@router.get("/statements/{statement_id}/versions", summary="Every wording, oldest first")
async def versions(statement_id: StatementId, service: Service, me: Me) -> Response:
    found = await service.statements.reading.editions(me, statement_id)
    return page([edition_view(item) for item in found], None)


@router.get("/statements/{statement_id}/diff", summary="What changed between two wordings")
async def difference(
    statement_id: StatementId,
    service: Service,
    me: Me,
    before: Annotated[int, Query(alias="from", ge=1, le=10**6)] = 1,
    after: Annotated[int | None, Query(alias="to", ge=1, le=10**6)] = None,
) -> Response:
    """Pieces in order, places in code points; `to` is the present wording when left out."""
    if after is None:
        after = (await service.statements.reading.file(me, statement_id)).statement.edition
    found = await service.statements.reading.difference(
        me, statement_id, before=before, after=after
    )
    return Json(
        {
            "from": found.before,
            "to": found.after,
            "title": {"before": found.title[0], "after": found.title[1]},
            "pieces": plain(found.pieces),
        }
    )


@router.post(
    "/statements/{statement_id}/lint",
    summary="What would be found in a text; nothing is saved",
    responses=examples.answer(LINTED),
)
async def trial(statement_id: StatementId, body: TrialBody, service: Service, me: Me) -> Response:
    found = await service.statements.reading.trial(me, statement_id, body.text, _facts(body.facts))
    return Json(linted_view(found))


@router.post("/statements/{statement_id}/submit", summary="Ask for approval")
async def submit(statement_id: StatementId, service: Service, me: Me, version: Version) -> Response:
    """Refused with 409 while the lint blocks; `errors` names each finding."""
    done = await service.statements.desk.submit(me, statement_id, version=version)
    return _answer(done)


@router.post("/statements/{statement_id}/approve", summary="Answer for it, as lead or for legal")
async def approve(
    statement_id: StatementId, body: ApprovalBody, service: Service, me: Me, version: Version
) -> Response:
    """Two persons in the gravest tier, legal besides wherever something is promised, never the
    writers alone. Refused with 409 while a promise has no owner or no date.
    """
    done = await service.statements.approvals.approve(
        me, statement_id, body.capacity, note=body.note, version=version
    )
    return _answer(done)


@router.post("/statements/{statement_id}/send-back", summary="Not like this; say why")
async def send_back(
    statement_id: StatementId, body: ReasonBody, service: Service, me: Me, version: Version
) -> Response:
    done = await service.statements.approvals.send_back(
        me, statement_id, reason=body.reason, version=version
    )
    return _answer(done)


@router.post("/statements/{statement_id}/publish", summary="Note where it is out; as often as true")
async def publish(
    statement_id: StatementId, body: PlaceBody, service: Service, me: Me, version: Version
) -> Response:
    """Fengsui posts nothing: people do, and say so here. Promises run from the first time on."""
    done = await service.statements.publication.publish(
        me,
        statement_id,
        place=body.place,
        url=body.url,
        at=body.at,
        step=body.step,
        version=version,
    )
    step = {"step": done.step, "step_problem": done.step_problem}
    return Json(statement_view(done.statement) | step, version=done.statement.version)


@router.post("/statements/{statement_id}/withdraw", summary="It no longer holds; say why")
async def withdraw(
    statement_id: StatementId, body: ReasonBody, service: Service, me: Me, version: Version
) -> Response:
    done = await service.statements.desk.withdraw(
        me, statement_id, reason=body.reason, version=version
    )
    return _answer(done)


@router.get("/statements/{statement_id}/export", summary="The statement as a page, or as JSON")
async def export(
    statement_id: StatementId,
    service: Service,
    me: Me,
    format: Literal["html", "json"] = "html",  # noqa: A002 - the name that the wire has
) -> Response:
    """With approvals, promises, facts with their sources, and places."""
    file = await service.statements.reading.file(me, statement_id)
    headers = file_headers(f"{file.statement.id}.{format}")
    if format == "json":
        wordings = await service.statements.reading.editions(me, statement_id)
        every_wording = {"versions": [edition_view(item) for item in wordings]}
        return Json(file_view(file) | every_wording, headers=headers)
    return HTMLResponse(as_html(file, zone=service.settings.zone), headers=headers)


async def _page(
    service: Container,
    me: Principal,
    wanted: StatementFilter,
    sort: StatementSort,
    limit: int,
    cursor: str | None,
) -> Response:
    scope = ("statements", wanted, sort)
    found = await service.statements.reading.page(
        me, wanted, sort=sort, after=cursors.dated(scope, cursor), limit=limit + 1
    )
    items = found[:limit]
    following = None
    if len(found) > limit:
        last = items[-1]
        at = last.created_at if sort is StatementSort.NEWEST else last.updated_at
        following = cursors.encode(scope, [at.isoformat(), last.id])
    return page([statement_view(item) for item in items], following)


async def _file(
    service: Container, me: Principal, statement_id: str, *, status: int = 200
) -> Response:
    file = await service.statements.reading.file(me, statement_id)
    return Json(file_view(file), status=status, version=file.statement.version)


def _answer(statement: Statement) -> Response:
    return Json(statement_view(statement), version=statement.version)


def _facts(facts: tuple[FactBody, ...]) -> tuple[Fact, ...]:
    return tuple(Fact(text=fact.text, source=fact.source) for fact in facts)
