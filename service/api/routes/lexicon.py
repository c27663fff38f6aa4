"""The lexicon: entries and their life, versions, figures."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, page
from service.api.deps import Cursor, Limit, Me, Service, Version
from service.api.lexicon_form import (
    EntryChange,
    NewEntry,
    Rollback,
    change_view,
    record_view,
    version_view,
)
from service.api.routes import lexicon_trials
from service.auth import Action, Resource
from service.lexicon import EntryFilter, EntrySort, EntryState, Origin, page_of
from service.lexicon.desk import found
from service.lexicon.listing import Key

router = APIRouter(prefix="/v1/lexicon", tags=["lexicon"])

EntryId = Annotated[str, Path(max_length=64)]


@router.get("/stats", summary="Entries by category and severity")
async def stats(service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.LEXICON)
    await service.lexicon.directory.refresh()
    return Json(service.lexicon.live.current.stats())


@router.get("/entries", summary="Entries, retired ones too")
async def every(
    service: Service,
    me: Me,
    category: Annotated[str | None, Query(max_length=64)] = None,
    severity: Annotated[int | None, Query(ge=1, le=5)] = None,
    state: EntryState | None = None,
    origin: Origin | None = None,
    q: Annotated[str | None, Query(max_length=200, description="In id, term or note")] = None,
    sort: EntrySort = EntrySort.ID,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    me.require(Action.READ, Resource.LEXICON)
    await service.lexicon.directory.refresh()
    scope = ("lexicon", category, severity, state, origin, q, sort)
    listed = page_of(
        service.lexicon.directory.shelf.records.values(),
        EntryFilter(category=category, severity=severity, state=state, origin=origin, text=q),
        sort=sort,
        after=_after(scope, cursor),
        limit=limit,
    )
    following = None if listed.next is None else cursors.encode(scope, listed.next)
    return page([record_view(item) for item in listed.items], following, total=listed.total)


@router.post("/entries", summary="Add an entry; it hits from the next text on", status_code=201)
async def add(body: NewEntry, service: Service, me: Me) -> Response:
    me.require(Action.EDIT, Resource.LEXICON)
    record = await service.lexicon.desk.add(me, body.cells(), reason=body.reason)
    await service.lexicon.directory.refresh()
    return Json(record_view(record), status=201, version=record.version)


@router.get("/entries/{entry_id}", summary="One entry with its last changes")
async def one(entry_id: EntryId, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.LEXICON)
    await service.lexicon.directory.refresh()
    record = found(service.lexicon.directory.shelf, entry_id)
    history = [change_view(item) for item in await service.lexicon.desk.history(entry_id)]
    return Json(record_view(record) | {"history": history}, version=record.version)


@router.patch("/entries/{entry_id}", summary="Change an entry, or take a retired one back")
async def change(
    entry_id: EntryId, body: EntryChange, service: Service, me: Me, version: Version
) -> Response:
    me.require(Action.EDIT, Resource.LEXICON)
    record = await service.lexicon.desk.change(
        me,
        entry_id,
        body.cells(),
        reason=body.reason,
        version=version,
        restore=body.state is not None,
    )
    await service.lexicon.directory.refresh()
    return Json(record_view(record), version=record.version)


@router.delete("/entries/{entry_id}", summary="Retire an entry: it is kept, and hits nothing")
async def retire(
    entry_id: EntryId,
    service: Service,
    me: Me,
    version: Version,
    reason: Annotated[str | None, Query(description="Why; required")] = None,
) -> Response:
    record = await service.lexicon.desk.retire(me, entry_id, reason=reason, version=version)
    await service.lexicon.directory.refresh()
    return Json(record_view(record), version=record.version)


@router.get("/versions", summary="Every save, newest first")
async def versions(service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """`serving` is the version that texts are matched with here, `lexicon` its fingerprint."""
    me.require(Action.READ, Resource.LEXICON)
    scope = ("lexicon-versions",)
    listed = await service.lexicon.desk.versions(before=cursors.number(scope, cursor), limit=limit)
    following = None if listed.next is None else cursors.encode(scope, [int(listed.next)])
    return page(
        [version_view(item) for item in listed.items],
        following,
        serving=service.lexicon.directory.shelf.number,
        lexicon=service.lexicon.live.version,
    )


@router.post("/rollback", summary="A new version equal to an earlier one", status_code=201)
async def roll_back(body: Rollback, service: Service, me: Me) -> Response:
    save = await service.lexicon.desk.roll_back(me, body.version, reason=body.reason)
    await service.lexicon.directory.refresh()
    return Json(version_view(save), status=201)


for path, endpoint, method, summary in (
    (
        "/preview",
        lexicon_trials.preview,
        "POST",
        "What an entry would have hit in the stored posts",
    ),
    ("/scan", lexicon_trials.scan, "POST", "The entries in a text, what hid and what excuses them"),
    ("/import", lexicon_trials.import_rows, "POST", "Try an import, or with `confirm` save it"),
    ("/export", lexicon_trials.export, "GET", "The active entries as a table that import takes"),
):
    router.add_api_route(path, endpoint, methods=[method], summary=summary)


def _after(scope: tuple[object, ...], cursor: str | None) -> Key | None:
    position = cursors.decode(scope, cursor)
    if position is None:
        return None
    if (
        len(position) != 2
        or not isinstance(position[0], str | int)
        or not isinstance(position[1], str)
    ):
        raise cursors.bad_cursor()
    return position[0], position[1]
