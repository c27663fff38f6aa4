"""Improvements: proposed in a review, accepted, done, verified, or dropped with a reason."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, page
from service.api.deps import Body, Cursor, Instant, Limit, Me, Service, Version
from service.api.views import plain
from service.reviews import (
    FORMULA,
    Improvement,
    ItemDraft,
    ItemFilter,
    ItemKind,
    ItemSort,
    ItemState,
)
from service.reviews.items import Position, position

router = APIRouter(prefix="/v1", tags=["reviews"])

ReviewId = Annotated[str, Path(max_length=40)]
ImprovementId = Annotated[str, Path(max_length=40)]
Names = Annotated[tuple[str, ...], Query(max_length=50)]
_Weight = Annotated[int, Field(examples=[3], description="From 1 to 5")]


class ImprovementBody(Body):
    """Ranked by impact × urgency ÷ effort. Of an edit, `department` left out stays."""

    title: str
    kind: ItemKind
    due_at: Instant
    impact: _Weight
    urgency: _Weight
    effort: _Weight
    description: str = ""
    owner: str | None = Field(default=None, max_length=64, description="A user id")
    department: str | None = Field(default=None, max_length=64)

    def draft(self) -> ItemDraft:
        return ItemDraft(**{name: getattr(self, name) for name in ItemDraft.__dataclass_fields__})


class ProposalBody(ImprovementBody):
    department: str = Field(max_length=64)


class MoveBody(Body):
    """`reason` where it is dropped, taken back, or not done after all."""

    state: ItemState
    reason: str | None = None


@router.post("/reviews/{cause_review_id}/improvements", summary="File a proposal", status_code=201)
async def propose(
    cause_review_id: ReviewId, body: ProposalBody, service: Service, me: Me
) -> Response:
    """For a department that is named in the review; the lead of the department may, too."""
    made = await service.reviewing.improvements.propose(
        me, cause_review_id, body.department, body.draft()
    )
    return Json(improvement_view(made), status=201, version=made.version)


@router.get("/improvements", summary="Improvements of every review")
async def every(
    service: Service,
    me: Me,
    state: Annotated[tuple[ItemState, ...], Query()] = (),
    kind: Annotated[tuple[ItemKind, ...], Query()] = (),
    review: Annotated[str | None, Query(max_length=40)] = None,
    incident: Annotated[str | None, Query(max_length=40)] = None,
    department: Names = (),
    owner: Names = (),
    monitor: Names = (),
    overdue: bool | None = None,
    sort: ItemSort = ItemSort.DUE,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """What falls due next comes first, or what ranks highest, or what is newest."""
    wanted = ItemFilter(
        review_id=review,
        incident_id=incident,
        departments=department,
        states=state,
        kinds=kind,
        owners=owner,
        monitors=monitor,
        overdue=overdue,
    )
    scope = ("improvements", wanted, sort)
    found = await service.reviewing.improvements.page(
        me, wanted, sort=sort, after=_after(scope, cursor, sort), limit=limit + 1
    )
    shown, following = found[:limit], None
    if len(found) > limit:
        value, key = position(shown[-1], sort)
        following = cursors.encode(
            scope, [str(value) if isinstance(value, float) else value.isoformat(), key]
        )
    return page([improvement_view(item) for item in shown], following, formula=FORMULA)


@router.get("/improvements/{improvement_id}", summary="One improvement")
async def one(improvement_id: ImprovementId, service: Service, me: Me) -> Response:
    return _answer(await service.reviewing.improvements.get(me, improvement_id))


@router.put("/improvements/{improvement_id}", summary="Other words, weights, owner or date")
async def put(
    improvement_id: ImprovementId, body: ImprovementBody, service: Service, me: Me, version: Version
) -> Response:
    done = await service.reviewing.improvements.edit(
        me, improvement_id, body.draft(), department_id=body.department, version=version
    )
    return _answer(done)


@router.post("/improvements/{improvement_id}/state", summary="Into another state")
async def move(
    improvement_id: ImprovementId, body: MoveBody, service: Service, me: Me, version: Version
) -> Response:
    """proposed → accepted → doing → done → verified; dropped with a reason, from all but the last
    two. A lead verifies what neither they own nor did.
    """
    done = await service.reviewing.improvements.move(
        me, improvement_id, body.state, reason=body.reason, version=version
    )
    return _answer(done)


def improvement_view(item: Improvement) -> dict[str, Any]:
    """An improvement from outside; its parts by the names that bodies have."""
    view: dict[str, Any] = plain(item)
    for name in ("review", "incident", "monitor", "department"):
        view[name] = view.pop(f"{name}_id")
    return view


def _answer(item: Improvement) -> Response:
    return Json(improvement_view(item), version=item.version)


def _after(scope: tuple[Any, ...], cursor: str | None, sort: ItemSort) -> Position | None:
    """Raises BadCursor."""
    if sort is not ItemSort.RANK:
        return cursors.dated(scope, cursor)
    found = cursors.decode(scope, cursor)
    if found is None:
        return None
    try:
        value, key = found
        return float(value), str(key)
    except (TypeError, ValueError) as error:
        raise cursors.bad_cursor() from error
