"""The lexicon in figures."""

from __future__ import annotations

import asyncio
from functools import cache

from fastapi import APIRouter
from starlette.responses import Response

from nlp import load_lexicon
from nlp.lexicon import LexiconStats
from service.api.answer import Json
from service.api.deps import Me
from service.auth import Action, Resource

router = APIRouter(prefix="/v1/lexicon", tags=["lexicon"])


@router.get("/stats", summary="Entries by category and severity")
async def stats(me: Me) -> Response:
    me.require(Action.READ, Resource.LEXICON)
    return Json(await asyncio.to_thread(_stats))


@cache
def _stats() -> LexiconStats:
    """Of the shipped tables, which do not change while the process runs."""
    return load_lexicon().stats()
