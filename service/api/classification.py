"""Classifying for others: a batch read item by item, judged off the event loop, within bounds."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog

from nlp import Analyzer
from service.errors import InvalidInput, Overloaded
from service.moderation import ClassifyItem, classify_item

MOST_ITEMS = 100
MOST_WAITING = 400
"""Texts under way in this process; beyond it the caller is told to come back, not kept waiting."""
_SHARED = ("policy", "components", "offsets")
_FIELDS = ("text", "kind", *_SHARED)

log = structlog.get_logger(__name__)


class Classification:
    """Counts what is under way; one for the process."""

    def __init__(self, analyzer: Analyzer, *, most_waiting: int = MOST_WAITING) -> None:
        self._analyzer = analyzer
        self._most = most_waiting
        self._under_way = 0

    async def one(self, data: Any) -> dict[str, Any]:
        """The answer to one item. Raises InvalidInput, Overloaded."""
        try:
            item = ClassifyItem.from_json(data)
        except ValueError as error:
            raise InvalidInput(f"this cannot be classified: {error}", errors=[_place(error)]) from (
                error
            )
        [answer] = await self._judged([item])
        return answer

    async def many(self, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        """One answer or error an item, in order. `policy`, `components`, `offsets` hold for all.

        Raises InvalidInput when it is no batch of 1 to 100, Overloaded when too much is under way.
        """
        items = data["items"]
        if unknown := sorted(set(data) - {"items", *_SHARED}):
            errors = [(name[:64], "is no key of a batch") for name in unknown]
            raise InvalidInput("a batch has `items`, policy, components, offsets", errors=errors)
        if not isinstance(items, list) or not 0 < len(items) <= MOST_ITEMS:
            problem = f"a list of 1 to {MOST_ITEMS} items"
            raise InvalidInput(f"items: {problem}", errors=[("items", problem)])
        shared = {name: data[name] for name in _SHARED if name in data}
        read = [_read(item, shared) for item in items]
        good = [item for item in read if isinstance(item, ClassifyItem)]
        answers = iter(await self._judged(good))
        return [next(answers) if isinstance(item, ClassifyItem) else item for item in read]

    async def _judged(self, items: list[ClassifyItem]) -> list[dict[str, Any]]:
        if self._under_way and self._under_way + len(items) > self._most:
            raise Overloaded(
                f"{self._under_way} texts are being classified; send this again", retry_after=1
            )
        self._under_way += len(items)
        try:
            return await asyncio.to_thread(self._judge, items)
        finally:
            self._under_way -= len(items)

    def _judge(self, items: list[ClassifyItem]) -> list[dict[str, Any]]:
        return [self._judge_one(item) for item in items]

    def _judge_one(self, item: ClassifyItem) -> dict[str, Any]:
        try:
            return classify_item(self._analyzer, item)
        except Exception:
            log.exception("classify.failed", length=len(item.text))
            return _failed(item.id, "internal", "this text could not be judged: let a person look")


def _read(data: Any, shared: Mapping[str, Any]) -> ClassifyItem | dict[str, Any]:
    try:
        return ClassifyItem.from_json({**shared, **data} if isinstance(data, Mapping) else data)
    except ValueError as error:
        item_id = data.get("id") if isinstance(data, Mapping) else None
        return _failed(None if item_id is None else str(item_id), "invalid_input", str(error))


def _failed(item_id: str | None, code: str, detail: str) -> dict[str, Any]:
    return {"id": item_id, "error": {"code": code, "detail": detail}}


def _place(error: ValueError) -> tuple[str, str]:
    """(path, message) out of a message that begins with its field."""
    path, _, message = str(error).partition(": ")
    return (path, message) if path in _FIELDS else ("", str(error))
