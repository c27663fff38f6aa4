"""Ids of posts in tables: what spreadsheets do to long ones, and ids for rows that have none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from crawlers.tabular.row import Cell
from crawlers.tabular.values import text_of

_ROUNDED = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
_EXACT_BELOW = 10**15
"""A workbook keeps fifteen digits of a number; an id has up to nineteen."""
_MEANT = "Excel rounded this id; format the column as text and export again"

_IDENTIFYING = ("source", "url", "published_at", "title", "text")


def identifier_of(cell: Cell, *, workbook: bool) -> str | None:
    """The cell as an id, None for an empty one; `workbook` where its numbers are rounded ones.

    Raises ValueError for an id that has lost its last digits: posts would count as one another.
    """
    if workbook and isinstance(cell, int | float) and abs(cell) >= _EXACT_BELOW:
        raise ValueError(_MEANT)
    text = text_of(cell)
    if text is None:
        return None
    if _ROUNDED.fullmatch(text.strip()):
        raise ValueError(_MEANT)
    return text.strip()


class MadeIds:
    """Ids made of what rows say; rows that say the same are told apart by their turn.

    The same rows in the same order are given the same ids, so a file read again changes nothing.
    """

    def __init__(self) -> None:
        self._turns: dict[bytes, int] = {}

    def next_of(self, wire: Mapping[str, Any]) -> str:
        """The id of the next row that says this."""
        author = wire.get("author") or {}
        parts = [str(wire.get(field, "")) for field in _IDENTIFYING] + [str(author.get("id", ""))]
        raw = "\x1f".join(parts).encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(raw).digest()[:16]
        turn = self._turns[digest] = self._turns.get(digest, 0) + 1
        made = f"row:{digest.hex()}"
        return made if turn == 1 else f"{made}-{turn}"
