"""Classifying for others: a batch read item by item, judged together, within bounds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import structlog

from nlp import WORDS, Analysis
from service.api.quota import Quota
from service.errors import InvalidInput, Overloaded, TooManyRequests
from service.metrics import classify_items
from service.moderation import ClassifyItem, Forgetful, Judge, TextReader, Verdict, answer_of

MOST_ITEMS = 100
_SHARED = ("policy", "components", "offsets")
_FIELDS = ("text", "kind", "parent", "session", "author", *_SHARED)

Answer = dict[str, Any]

log = structlog.get_logger(__name__)


class Classification:
    """Reads requests, charges their quota, has them judged; one for the process."""

    def __init__(self, reader: TextReader, *, quota: Quota, judge: Judge | None = None) -> None:
        """`judge` None judges each text by its policy alone."""
        self._reader = reader
        self._quota = quota
        self._judge = judge or Forgetful()
        self._policies = frozenset(self._judge.policies.by_name)

    async def one(self, data: Any, *, principal: str) -> Answer:
        """The answer to one item. Raises InvalidInput, TooManyRequests, Overloaded."""
        try:
            item = ClassifyItem.from_json(data, policies=self._policies)
        except ValueError as error:
            _count("invalid_input")
            raise InvalidInput(f"this cannot be classified: {error}", errors=[_place(error)]) from (
                error
            )
        [answer] = await self._judged([item], principal)
        return answer

    async def many(self, data: Mapping[str, Any], *, principal: str) -> list[Answer]:
        """One answer or error an item, in order. `policy`, `components`, `offsets` hold for all.

        Raises InvalidInput when it is no batch of 1 to 100, TooManyRequests when the caller has
        used up its quota, Overloaded when too much is under way.
        """
        items = data["items"]
        if unknown := sorted(set(data) - {"items", *_SHARED}):
            errors = [(name[:64], "is no key of a batch") for name in unknown]
            raise InvalidInput("a batch has `items`, policy, components, offsets", errors=errors)
        if not isinstance(items, list) or not 0 < len(items) <= MOST_ITEMS:
            problem = f"a list of 1 to {MOST_ITEMS} items"
            raise InvalidInput(f"items: {problem}", errors=[("items", problem)])
        shared = {name: data[name] for name in _SHARED if name in data}
        read = [_read(item, shared, policies=self._policies) for item in items]
        good = [item for item in read if isinstance(item, ClassifyItem)]
        if len(good) < len(read):
            _count("invalid_input", len(read) - len(good))
        answers = iter(await self._judged(good, principal))
        return [next(answers) if isinstance(item, ClassifyItem) else item for item in read]

    async def _judged(self, items: Sequence[ClassifyItem], principal: str) -> list[Answer]:
        if not items:
            return []
        try:
            self._quota.take(principal, len(items))
        except TooManyRequests:
            _count("quota_exceeded", len(items))
            raise
        try:
            asked = frozenset[str]().union(*(item.asked for item in items))
            analyses = await self._analyses([item.text for item in items], asked)
            verdicts = await self._verdicts(items, analyses, principal)
        except Overloaded:
            self._quota.give_back(principal, len(items))
            _count("overloaded", len(items))
            raise
        return [
            _answer(item, found, verdict)
            for item, found, verdict in zip(items, analyses, verdicts, strict=True)
        ]

    async def _verdicts(
        self,
        items: Sequence[ClassifyItem],
        analyses: Sequence[Analysis | None],
        principal: str,
    ) -> list[Verdict | None]:
        """A verdict a text that was read; None where there is none: the others have theirs."""
        read = [
            (item, found) for item, found in zip(items, analyses, strict=True) if found is not None
        ]
        verdicts = iter(await self._judgements(read, principal))
        return [None if found is None else next(verdicts) for found in analyses]

    async def _judgements(
        self, read: Sequence[tuple[ClassifyItem, Analysis]], principal: str
    ) -> list[Verdict | None]:
        if not read:
            return []
        try:
            items, analyses = zip(*read, strict=True)
            return list(await self._judge.judge(items, analyses, caller=principal))
        except Overloaded:
            raise
        except Exception:
            if len(read) == 1:
                log.exception("classify.failed", length=len(read[0][0].text))
                return [None]
        return [verdict for one in read for verdict in await self._judgements([one], principal)]

    async def _analyses(self, texts: list[str], asked: frozenset[str]) -> Sequence[Analysis | None]:
        """An analysis a text; None for one that cannot be judged: the others go on without it."""
        try:
            if asked <= WORDS:
                return await self._reader.analyze_words(texts, components=asked)
            return await self._reader.analyze(texts)
        except Overloaded:
            raise
        except Exception:
            if len(texts) == 1:
                log.exception("classify.failed", length=len(texts[0]))
                return [None]
        found: list[Analysis | None] = []
        for text in texts:
            found += await self._analyses([text], asked)
        return found


def _answer(item: ClassifyItem, analysis: Analysis | None, verdict: Verdict | None) -> Answer:
    if analysis is None or verdict is None:
        _count("internal")
        return _failed(item.id, "internal", "this text could not be judged: let a person look")
    try:
        answer = answer_of(item, analysis, verdict=verdict)
    except Exception:
        log.exception("classify.failed", length=len(item.text))
        return _answer(item, None, None)
    _count(answer["suggestion"])
    return answer


def _read(
    data: Any, shared: Mapping[str, Any], *, policies: Collection[str]
) -> ClassifyItem | Answer:
    try:
        given = {**shared, **data} if isinstance(data, Mapping) else data
        return ClassifyItem.from_json(given, policies=policies)
    except ValueError as error:
        item_id = data.get("id") if isinstance(data, Mapping) else None
        return _failed(None if item_id is None else str(item_id), "invalid_input", str(error))


def _failed(item_id: str | None, code: str, detail: str) -> Answer:
    return {"id": item_id, "error": {"code": code, "detail": detail}}


def _place(error: ValueError) -> tuple[str, str]:
    """(path, message) out of a message that begins with its field."""
    path, _, message = str(error).partition(": ")
    return (path, message) if path in _FIELDS else ("", str(error))


_OUTCOMES = {
    outcome: classify_items.labels(outcome=outcome)
    for outcome in (
        "pass",
        "review",
        "block",
        "invalid_input",
        "internal",
        "quota_exceeded",
        "overloaded",
    )
}


def _count(outcome: str, items: int = 1) -> None:
    _OUTCOMES[outcome].inc(items)
