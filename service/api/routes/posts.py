"""Posts: pushed, searched, counted over time, read one by one; and who wrote one, with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response, StreamingResponse

from service.api import examples
from service.api.answer import Json
from service.api.deps import JsonBody, Me, Reveal, Service
from service.api.push import push_many, push_one
from service.api.views import detail_view, found_view, plain, wordings_view
from service.auth import Action, Resource
from service.posts import (
    MEDIA_TYPES,
    BadFilter,
    ExportForm,
    parse_facets,
    parse_page,
    parse_trend,
)

router = APIRouter(prefix="/v1", tags=["posts"])

PostId = Annotated[str, Path(max_length=64)]


@router.post(
    "/posts",
    summary="Push one post, or up to 1,000 as {posts: […]}; repeats change nothing",
    openapi_extra=examples.PUSH,
    responses=examples.answer(examples.PUSHED),
)
async def push(body: JsonBody, service: Service, me: Me) -> Response:
    """A batch answers one `{id, change}` or `{error}` for each post, in order: the good ones of a
    batch are stored whatever the others are. `change` is new, edited, counters or unchanged; of
    `{source, native_id, deleted: true}`, for a post that its source has no longer, deleted.
    """
    me.require(Action.EDIT, Resource.POST)
    if isinstance(body, dict) and set(body) == {"posts"} and isinstance(body["posts"], list):
        return Json({"items": await push_many(service.ingest, service.deletions, body["posts"])})
    return Json(await push_one(service.ingest, service.deletions, body))


@router.get(
    "/posts",
    summary="Search posts",
    openapi_extra=examples.parameters("sort", "limit", "cursor"),
    responses=examples.answer(examples.FOUND),
)
async def search(request: Request, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.POST)
    found = await service.posts.search(parse_page(_parameters(request), zone=service.settings.zone))
    items = [found_view(item) for item in found.items]
    return Json({"items": items, "next": found.next, "total": found.total})


@router.get(
    "/posts/histogram",
    summary="Posts over time, empty buckets included",
    openapi_extra=examples.parameters("interval"),
)
async def histogram(request: Request, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.POST)
    now = service.clock.now()
    try:
        wanted = parse_trend(_parameters(request), zone=service.settings.zone, now=now)
    except OverflowError as error:
        raise BadFilter(
            "the trend would begin outside the calendar", errors=[("until", "give a later one")]
        ) from error
    return Json({"items": plain(await service.posts.trend(wanted))})


@router.get(
    "/posts/facets",
    summary="Posts by monitor, source, channel, scenario, category, sentiment and language",
    openapi_extra=examples.parameters("field", "limit"),
)
async def facets(request: Request, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.POST)
    found = await service.posts.facets(
        parse_facets(_parameters(request), zone=service.settings.zone)
    )
    return Json(
        {
            field.value: [{"value": value, "posts": posts} for value, posts in counts]
            for field, counts in found.items()
        }
    )


@router.get(
    "/posts/export",
    summary="A search as a file: CSV, XLSX or JSONL, at most 50,000 posts",
    openapi_extra=examples.parameters("sort", "format"),
)
async def export(request: Request, service: Service, me: Me) -> Response:
    """Personal information is masked, authors are pseudonyms, no spreadsheet finds a formula; each
    export is audited. `X-Found` says how many posts match, `X-Limit` how many a file holds: split
    what is longer by `since` and `until`.
    """
    me.require(Action.EXPORT, Resource.POST)
    asked = dict(_parameters(request))
    form = _form(asked.pop("format", ()))
    wanted = parse_page(asked, zone=service.settings.zone)
    found = await service.post_export.start(me, wanted, form=form, asked=asked)
    return StreamingResponse(
        found.lines,
        media_type=MEDIA_TYPES[form],
        headers={
            "Content-Disposition": f'attachment; filename="posts.{form.value}"',
            "X-Found": str(found.found),
            "X-Limit": str(found.limit),
        },
    )


@router.get("/posts/{post_id}", summary="One post with its analysis and earlier wordings")
async def one(post_id: PostId, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.POST)
    return Json(detail_view(await service.posts.detail(post_id)))


@router.post(
    "/posts/{post_id}/reveal", summary="What a post says, nothing masked, for an audited reason"
)
async def reveal_post(post_id: PostId, body: Reveal, service: Service, me: Me) -> Response:
    return Json(wordings_view(await service.revealing.post(me, post_id, reason=body.reason)))


@router.post("/authors/{author}/reveal", summary="Who an author is, for a reason that is audited")
async def reveal(
    author: Annotated[str, Path(max_length=40)], body: Reveal, service: Service, me: Me
) -> Response:
    return Json(plain(await service.handles.reveal(me, author, reason=body.reason)))


def _parameters(request: Request) -> Mapping[str, Sequence[str]]:
    return {name: request.query_params.getlist(name) for name in request.query_params}


def _form(values: Sequence[str]) -> ExportForm:
    known = ", ".join(ExportForm)
    try:
        return ExportForm(values[0]) if values else ExportForm.CSV
    except ValueError as error:
        raise BadFilter(
            f"format must be one of {known}", errors=[("format", f"one of {known}")]
        ) from error
