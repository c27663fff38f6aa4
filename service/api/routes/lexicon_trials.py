"""The lexicon tried out: previews on stored posts, scans of a text, imports, exports.

`service.api.routes.lexicon` has the addresses.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from service.api.answer import Json
from service.api.deps import Me, Service
from service.api.lexicon_form import (
    ImportForm,
    PreviewForm,
    ScanForm,
    hit_view,
    import_view,
    preview_view,
)
from service.auth import Action, Resource
from service.lexicon import Defaults, entry_of, read_import, table_of

_TSV = "text/tab-separated-values; charset=utf-8"


async def preview(body: PreviewForm, service: Service, me: Me) -> Response:
    """Takes ten seconds at most; `complete` is false when there was more to look at.

    `by_day` counts posts, `fresh` those that no other entry of the category hits. Samples are
    masked: personal data are stars.
    """
    me.require(Action.EDIT, Resource.LEXICON)
    entry = entry_of(body.entry.cells())
    examination = await service.lexicon.desk.examine(entry)
    found = await service.lexicon.previewer.preview(entry, days=body.days)
    return Json(preview_view(found, examination))


async def scan(body: ScanForm, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.LEXICON)
    lexicon = service.lexicon.live.current
    hits = await asyncio.to_thread(lexicon.match, body.text)
    return Json({"version": lexicon.version, "hits": [hit_view(hit) for hit in hits]})


async def import_rows(body: ImportForm, service: Service, me: Me) -> Response:
    """TSV as exported, Discourse's watched words (CSV: word, action, …), or a word a line.

    With `confirm` everything is saved as one version, or nothing and every bad line is named.
    """
    me.require(Action.EDIT, Resource.LEXICON)
    imported = await asyncio.to_thread(
        read_import,
        body.content.encode(),
        file="content",
        format=body.format,
        defaults=Defaults(category=body.category, severity=body.severity),
    )
    report = await service.lexicon.desk.import_rows(
        me, imported, reason=body.reason, confirm=body.confirm
    )
    await service.lexicon.directory.refresh()
    return Json(import_view(report))


async def export(
    service: Service, me: Me, category: Annotated[str | None, Query(max_length=64)] = None
) -> Response:
    me.require(Action.READ, Resource.LEXICON)
    await service.lexicon.directory.refresh()
    entries = service.lexicon.live.current.entries
    content = table_of(entry for entry in entries if category in (None, entry.category))
    return Response(
        content,
        media_type=_TSV,
        headers={"Content-Disposition": 'attachment; filename="lexicon.tsv"'},
    )
