"""5-Why reviews of closed incidents: the form, the departments, what has come again."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, page
from service.api.deps import Body, Cursor, Instant, Limit, Me, Service, Version
from service.api.routes.improvements import improvement_view
from service.api.views import plain
from service.auth import Action, Resource
from service.cases.recurrence import RECURS_WITHIN, TARGET, Crisis, Recurrence
from service.reviews import (
    EvidenceKind,
    EvidenceLink,
    Form,
    Involved,
    Review,
    ReviewFile,
    ReviewFilter,
    ReviewSort,
    ReviewState,
    Why,
    load_cause_classes,
)
from service.reviews.rows import position

router = APIRouter(prefix="/v1", tags=["reviews"])

ReviewId = Annotated[str, Path(max_length=40)]
DepartmentId = Annotated[str, Path(max_length=64)]
Names = Annotated[tuple[str, ...], Query(max_length=50)]


class Again(StrEnum):
    """Whether both causes are known, and the same."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"


class LinkBody(Body):
    """A frozen post or a step of the incident by its id, or an address."""

    kind: EvidenceKind
    ref: str


class WhyBody(Body):
    question: str = Field(examples=["为什么批次检验没有发现？"])
    answer: str = Field(examples=["抽检只看首件"])
    evidence: tuple[LinkBody, ...] = ()


class FormBody(Body):
    """The whole form, finished or not: what is left out is empty."""

    whys: tuple[WhyBody, ...] = ()
    stopped_early: str | None = None
    root_cause: str | None = None
    cause_class: str | None = None


class OwnerBody(Body):
    owner: str = Field(max_length=64, description="A user id")


class ReasonBody(Body):
    reason: str


@router.get("/reviews", summary="Reviews of closed incidents")
async def every(
    service: Service,
    me: Me,
    state: Annotated[tuple[ReviewState, ...], Query()] = (),
    incident: Annotated[str | None, Query(max_length=40)] = None,
    owner: Names = (),
    monitor: Names = (),
    scenario: Names = (),
    cause: Names = (),
    department: Annotated[str | None, Query(max_length=64)] = None,
    overdue: bool | None = None,
    sort: ReviewSort = ReviewSort.DUE,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """What falls due next comes first unless sorted otherwise."""
    wanted = ReviewFilter(
        incident_id=incident,
        states=state,
        owners=owner,
        monitors=monitor,
        scenarios=scenario,
        causes=cause,
        department_id=department,
        overdue=overdue,
    )
    scope = ("reviews", wanted, sort)
    found = await service.reviewing.desk.page(
        me, wanted, sort=sort, after=cursors.dated(scope, cursor), limit=limit + 1
    )
    shown, following = found[:limit], None
    if len(found) > limit:
        at, key = position(shown[-1][0], sort)
        following = cursors.encode(scope, [at.isoformat(), key])
    return page([_view(review, involved) for review, involved in shown], following)


@router.get("/reviews/{cause_review_id}", summary="One review, and what it still lacks")
async def one(cause_review_id: ReviewId, service: Service, me: Me) -> Response:
    return _file(await service.reviewing.desk.file(me, cause_review_id))


@router.put("/reviews/{cause_review_id}", summary="Save the 5-Why form, finished or not")
async def put(
    cause_review_id: ReviewId, body: FormBody, service: Service, me: Me, version: Version
) -> Response:
    form = Form(
        whys=tuple(
            Why(
                question=why.question,
                answer=why.answer,
                evidence=tuple(EvidenceLink(kind=link.kind, ref=link.ref) for link in why.evidence),
            )
            for why in body.whys
        ),
        stopped_early=body.stopped_early,
        root_cause=body.root_cause,
        cause_class=body.cause_class,
    )
    return _file(await service.reviewing.desk.save(me, cause_review_id, form, version=version))


@router.post("/reviews/{cause_review_id}/assign", summary="Name the owner")
async def assign(
    cause_review_id: ReviewId, body: OwnerBody, service: Service, me: Me, version: Version
) -> Response:
    found = await service.reviewing.desk.assign(me, cause_review_id, body.owner, version=version)
    return _file(found)


@router.put(
    "/reviews/{cause_review_id}/departments/{department_id}",
    summary="Name a department that was involved; it owes a proposal",
)
async def involve(
    cause_review_id: ReviewId, department_id: DepartmentId, service: Service, me: Me
) -> Response:
    return _file(await service.reviewing.desk.involve(me, cause_review_id, department_id))


@router.delete(
    "/reviews/{cause_review_id}/departments/{department_id}",
    summary="Take out a department that was named by mistake",
)
async def release(
    cause_review_id: ReviewId, department_id: DepartmentId, service: Service, me: Me
) -> Response:
    return _file(await service.reviewing.desk.release(me, cause_review_id, department_id))


@router.post(
    "/reviews/{cause_review_id}/departments/{department_id}/excuse",
    summary="Say why a department proposes nothing",
)
async def excuse(
    cause_review_id: ReviewId,
    department_id: DepartmentId,
    body: ReasonBody,
    service: Service,
    me: Me,
) -> Response:
    found = await service.reviewing.desk.excuse(
        me, cause_review_id, department_id, reason=body.reason
    )
    return _file(found)


@router.post("/reviews/{cause_review_id}/close", summary="Close it, and the step of the playbook")
async def close(cause_review_id: ReviewId, service: Service, me: Me, version: Version) -> Response:
    """409 names all that is missing: whys, root cause, class, departments, proposals."""
    return _file(await service.reviewing.desk.close(me, cause_review_id, version=version))


@router.get("/cause-classes", summary="Classes of root causes")
async def classes(me: Me) -> Response:
    me.require(Action.READ, Resource.CAUSE_REVIEW)
    return Json(plain(load_cause_classes()))


@router.get("/recurrences", summary="What has come again, and what share of all that is")
async def recurrences(
    service: Service,
    me: Me,
    monitor: Annotated[str | None, Query(max_length=64)] = None,
    since: Instant | None = None,
    until: Instant | None = None,
    state: Again | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Named crises opened in the window, the last 90 days unless told otherwise; of them those
    that repeat one closed up to 90 days before: same monitor or brand, same scenario, and the same
    cause as far as both are known. The oldest first; the figure is of all of them.
    """
    found = await service.reviewing.recurrences.judged(
        me, monitor=monitor, since=since, until=until
    )
    again = [item for _, item in found if item is not None]
    chosen = [item for item in again if state in (None, _state(item))]
    scope = ("recurrences", monitor, since, until, state)
    after = cursors.dated(scope, cursor)
    rest = [item for item in chosen if after is None or _position(item) > after]
    shown, following = rest[:limit], None
    if len(rest) > limit:
        at, key = _position(shown[-1])
        following = cursors.encode(scope, [at.isoformat(), key])
    whole = len(found)
    return page(
        [_again(item) for item in shown],
        following,
        recurrences=len(again),
        crises=whole,
        share=len(again) / whole if whole else None,
        target=TARGET,
        within_days=RECURS_WITHIN.days,
    )


def _position(item: Recurrence) -> tuple[datetime, str]:
    return item.crisis.opened_at, item.crisis.id


def _state(item: Recurrence) -> Again:
    return Again.CONFIRMED if item.confirmed else Again.PROPOSED


def _again(item: Recurrence) -> dict[str, Any]:
    return {
        "state": _state(item).value,
        "incident": _crisis(item.crisis),
        "of": _crisis(item.of),
    }


def _crisis(item: Crisis) -> dict[str, Any]:
    """An earlier one of a monitor that is not theirs has no id."""
    seen = {"id": item.id or None, "monitor": item.monitor_id or None}
    return seen | {
        "scenario": item.scenario,
        "cause": item.cause,
        "opened_at": plain(item.opened_at),
        "closed_at": plain(item.closed_at),
    }


def _view(review: Review, involved: tuple[Involved, ...]) -> dict[str, Any]:
    view: dict[str, Any] = plain(review)
    form: dict[str, Any] = view.pop("form")
    departments = [
        {name: value for name, value in plain(item).items() if name != "review_id"}
        | {"awaited": item.is_awaited}
        for item in involved
    ]
    return view | form | {"departments": departments}


def _file(file: ReviewFile) -> Response:
    view = _view(file.review, file.involved) | {
        "improvements": [improvement_view(item) for item in file.improvements],
        "lacks": [{"what": what.value, "detail": detail} for what, detail in file.lacks],
    }
    return Json(view, version=file.review.version)
