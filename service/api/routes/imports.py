"""Imports: files of posts, looked at first, then stored by a job whose progress can be read."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from crawlers import post_to_wire
from crawlers.tabular import Preview, ReadRow
from service.api import cursor as cursors
from service.api import examples
from service.api.answer import Json, page
from service.api.deps import Cursor, Limit, Me, Service
from service.api.views import hidden, plain
from service.auth import Action, Resource
from service.errors import InvalidInput
from service.ingest.imports import ImportOptions, ImportRun, look

router = APIRouter(prefix="/v1/imports", tags=["imports"])

ImportId = Annotated[str, Path(max_length=64)]
Name = Annotated[
    str, Query(alias="file", max_length=400, description="What the file is called in messages")
]
Map = Annotated[
    list[str] | None,
    Query(
        alias="map",
        max_length=40,
        description="FIELD=COLUMN, as often as needed: text=正文; FIELD= leaves it out",
    ),
]
Word = Annotated[str | None, Query(max_length=400)]
Rows = Annotated[int, Query(ge=1, le=50, description="How many rows to show")]


async def _options(
    service: Service,
    me: Me,
    file: Name = "file",
    pairs: Map = None,
    source: Word = None,
    channel: Word = None,
    timezone: Word = None,
    sheet: Word = None,
) -> ImportOptions:
    """How the body is to be read, by whoever may push posts."""
    me.require(Action.EDIT, Resource.POST)
    return ImportOptions.of(
        name=file,
        pairs=pairs or (),
        source=source,
        channel=channel,
        timezone=timezone,
        sheet=sheet,
        zone=service.settings.zone,
    )


Options = Annotated[ImportOptions, Depends(_options)]


@router.post(
    "/preview",
    summary="What an import would read: columns, mapping, first rows; nothing is stored",
    openapi_extra=examples.FILE,
    responses=examples.answer(examples.PREVIEWED),
)
async def preview(request: Request, options: Options, rows: Rows = 10) -> Response:
    """The body is the file: CSV, JSON lines or XLSX, told by its content. `mapping` is what was
    given, completed by what headings and cells suggest; `missing` must be mapped or given first.
    """
    return Json(_seen(await asyncio.to_thread(look, _content(request), options, rows=rows)))


@router.post(
    "",
    summary="Import a file; its good rows are stored by a job, its bad ones named at once",
    status_code=202,
    openapi_extra=examples.FILE,
    responses=examples.answer(examples.IMPORTED, status=202),
)
async def begin(request: Request, service: Service, me: Me, options: Options) -> Response:
    """As the preview. At most 100,000 rows; posts that are known already change nothing, so that a
    file may be sent again.
    """
    run = await service.imports.begin(me, _content(request), options)
    return Json(_view(run), status=202, headers={"Location": f"/v1/imports/{run.id}"})


@router.get("", summary="Imports of the last ninety days, newest first")
async def every(service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None) -> Response:
    me.require(Action.READ, Resource.POST)
    scope = ("imports",)
    found = await service.imports.page(after=cursors.dated(scope, cursor), limit=limit)
    following = None
    if found.next is not None:
        last = found.items[-1]
        following = cursors.encode(scope, [last.created_at.isoformat(), last.id])
    return page([_view(item) for item in found.items], following)


@router.get("/{import_id}", summary="How far an import has come, and its first bad rows")
async def one(import_id: ImportId, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.POST)
    return Json(_view(await service.imports.get(import_id)))


def _content(request: Request) -> bytes:
    content: bytes = getattr(request.state, "body", b"")
    if not content:
        raise InvalidInput("the body is the file, and it is empty", errors=[("file", "is empty")])
    return content


def _seen(found: Preview) -> dict[str, Any]:
    table = found.survey.table
    return {
        "format": table.format.value,
        "dialect": table.dialect,
        "sheets": list(table.sheets),
        "columns": list(table.columns),
        "mapping": found.survey.mapped_columns,
        "missing": list(found.survey.missing),
        "unused": list(found.survey.unused_columns),
        "rows": [_row(row) for row in found.rows],
    }


def _row(row: ReadRow) -> dict[str, Any]:
    if row.post is None:
        problems = [{"place": item.place, "message": item.reason} for item in row.rejected]
        return {"row": row.number, "errors": problems}
    wire = post_to_wire(row.post)
    shown = {name: hidden(wire[name]) for name in ("text", "title") if name in wire}
    return {"row": row.number, "post": wire | shown}


def _view(run: ImportRun) -> dict[str, Any]:
    view: dict[str, Any] = plain(run)
    view["problems"] = [{"place": place, "message": reason} for place, reason in run.problems]
    return view
