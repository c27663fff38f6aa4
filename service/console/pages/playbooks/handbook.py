"""The handbook as a document: to read, to print, or as DOCX."""

from __future__ import annotations

import asyncio

from fastapi import Response

from service.console.board import Board
from service.console.session import Visit
from service.documents import MEDIA_TYPES, Form, docx_of, page_of
from service.handbook import Lang, handbook


async def printed(board: Board, visit: Visit) -> Response:
    """What `?handbook=zh|en|both&form=html|docx` asks for; no page of the console, a document."""
    wanted = visit.query.get("handbook", "")
    lang = Lang(wanted) if wanted in set(Lang) else Lang(visit.words.language.value)
    form = Form.DOCX if visit.query.get("form") == Form.DOCX.value else Form.HTML
    content = await asyncio.to_thread(_made, board, visit, lang, form)
    headers = {}
    if form is Form.DOCX:
        headers["Content-Disposition"] = 'attachment; filename="handbook.docx"'
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)


def _made(board: Board, visit: Visit, lang: Lang, form: Form) -> bytes:
    document = handbook(board.container.library, lang)
    if form is Form.DOCX:
        return docx_of(document, made_at=visit.now())
    return page_of(document).encode("utf-8", "replace")
