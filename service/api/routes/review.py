"""Review: what waits for people, what they do with it, what they decided, how well it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response, StreamingResponse

from service.api import cursor as cursors
from service.api import examples
from service.api.answer import Json, page
from service.api.deps import Body, Cursor, Instant, Limit, Me, Reveal, Service, Version
from service.api.review_views import (
    ITEM,
    appeal_view,
    file_view,
    item_view,
    place_of,
    quality_view,
    written_place,
)
from service.api.views import plain
from service.moderation.review import (
    Format,
    ItemFilter,
    Line,
    Origin,
    ReviewItem,
    Ruling,
    Sort,
    State,
    VerdictDraft,
)
from service.moderation.review.export import MEDIA_TYPES
from service.moderation.review.repository import position

router = APIRouter(prefix="/v1/review", tags=["review"])

ReviewId = Annotated[str, Path(max_length=40)]
Labels = Annotated[tuple[str, ...], Query(max_length=50)]
_REPORT_DAYS = 30


class Escalation(Body):
    """Why this is not for one's own line to decide."""

    reason: str


class VerdictBody(Body):
    """`reason` is a code of the rubric; the label that it means comes first among `labels`."""

    verdict: Ruling
    reason: str = Field(examples=["fraud"])
    labels: tuple[str, ...] = Field(default=(), max_length=50)
    note: str | None = None
    rubric_version: str | None = None


class Appeal(Body):
    """The user's own words."""

    words: str


class MachineAppeal(Body):
    """A text that the machine has blocked, as it was sent to classify, and the user's words."""

    text: str
    words: str
    id: str | None = Field(default=None, max_length=512)
    kind: Literal["post", "advertisement"] = "post"


@router.get("/items", summary="What waits and what was decided", responses=examples.answer(ITEM))
async def items(
    service: Service,
    me: Me,
    line: Annotated[tuple[Line, ...], Query()] = (),
    state: Annotated[tuple[State, ...], Query()] = (),
    origin: Annotated[tuple[Origin, ...], Query()] = (),
    label: Labels = (),
    sort: Sort = Sort.DUE,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Filters are ANDed, values inside one are ORed. Overdue texts come first, then those that are
    due next (`sort=due`) or weigh most (`sort=risk`). The text itself is in the single item.
    """
    wanted = ItemFilter(lines=line, states=state, origins=origin, labels=label)
    scope = ("review", wanted, sort)
    found = await service.review.desk.page(
        me, wanted, sort=sort, after=place_of(scope, cursor), limit=limit + 1
    )
    shown = found[:limit]
    following = None
    if len(found) > limit:
        following = cursors.encode(scope, written_place(position(shown[-1], sort=sort)))
    return page([item_view(item) for item in shown], following)


@router.get("/items/{review_id}", summary="One text with its verdicts, history and rubric")
async def one(review_id: ReviewId, service: Service, me: Me) -> Response:
    file = await service.review.desk.file(me, review_id)
    return Json(file_view(file, service.review.desk.rubric), version=file.item.version)


@router.post("/items/{review_id}/claim", summary="Take it for a while, or renew one's claim")
async def claim(review_id: ReviewId, service: Service, me: Me, version: Version) -> Response:
    return _answer(await service.review.desk.claim(me, review_id, version=version))


@router.post("/items/{review_id}/release", summary="Give one's claim back")
async def release(review_id: ReviewId, service: Service, me: Me, version: Version) -> Response:
    return _answer(await service.review.desk.release(me, review_id, version=version))


@router.post("/items/{review_id}/verdict", summary="Pass or block what one has claimed")
async def decide(
    review_id: ReviewId, body: VerdictBody, service: Service, me: Me, version: Version
) -> Response:
    """Once a line, and never by whoever decided it a line below. The caller is told by webhook:
    `review.decided`.
    """
    draft = VerdictDraft(
        ruling=body.verdict,
        reason=body.reason,
        labels=body.labels,
        note=body.note,
        rubric_version=body.rubric_version,
    )
    return _answer(await service.review.desk.decide(me, review_id, draft, version=version))


@router.post("/items/{review_id}/escalate", summary="Leave it to the panel; say why")
async def escalate(
    review_id: ReviewId, body: Escalation, service: Service, me: Me, version: Version
) -> Response:
    moved = await service.review.desk.escalate(me, review_id, reason=body.reason, version=version)
    return _answer(moved)


@router.post(
    "/items/{review_id}/appeals", summary="A user objects to a person's block", status_code=201
)
async def appeal(
    review_id: ReviewId, body: Appeal, service: Service, me: Me, version: Version
) -> Response:
    """Once, to the next line. A key appeals for texts that it has sent itself."""
    item = await service.review.appeals.against_verdict(
        me, review_id, words=body.words, version=version
    )
    return Json(appeal_view(item), status=201, version=item.version)


@router.post("/appeals", summary="A user objects to a block of the machine", status_code=201)
async def appeal_machine(body: MachineAppeal, service: Service, me: Me) -> Response:
    """Give the text and its `id` as classify was given them: a text that people know already is
    the same item.
    """
    item = await service.review.appeals.against_machine(
        me, text=body.text, item_id=body.id, kind=body.kind, words=body.words
    )
    return Json(appeal_view(item), status=201, version=item.version)


@router.post("/items/{review_id}/reveal", summary="The text, nothing masked, for an audited reason")
async def reveal(review_id: ReviewId, body: Reveal, service: Service, me: Me) -> Response:
    return Json(plain(await service.review.originals.reveal(me, review_id, reason=body.reason)))


@router.get("/export", summary="Verdicts as training rows, oldest first")
async def export(
    service: Service,
    me: Me,
    since: Instant | None = None,
    until: Instant | None = None,
    format: Format = Format.JSONL,  # noqa: A002 - the name that the wire has
) -> Response:
    """JSONL, or CSV in which no spreadsheet finds a formula. Personal information is masked."""
    lines = await service.review.export.start(me, since=since, until=until, form=format)
    return StreamingResponse(
        lines,
        media_type=MEDIA_TYPES[format],
        headers={"Content-Disposition": f'attachment; filename="verdicts.{format.value}"'},
    )


@router.get("/report", summary="Agreement, precision by label, what slips through, what waits")
async def report(service: Service, me: Me, since: Instant | None = None) -> Response:
    """Of the verdicts since then; the last 30 days when it is left out."""
    began = since or service.clock.now() - timedelta(days=_REPORT_DAYS)
    return Json(quality_view(await service.review.report.since(me, began)))


def _answer(item: ReviewItem) -> Response:
    return Json(item_view(item), version=item.version)
