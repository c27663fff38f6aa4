"""Answers of classify as CONTRACTS describes them, and a classification that gives them out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.errors import ServiceError

VERSIONS = {"lexicon": "lexicon-1", "patterns": "patterns-2", "encoder": "encoder-3"}


def answer(suggestion: str = "pass", **changes: Any) -> dict[str, Any]:
    """The answer on a harmless text, with what differs."""
    return {
        "id": None,
        "suggestion": suggestion,
        "held": False,
        "risk_level": "none",
        "labels": [],
        "sentiment": None,
        "emotion": None,
        "intent": None,
        "abuse": {"score": 0.0},
        "scenario": None,
        "hits": [],
        "patterns": [],
        "pii": None,
        "redacted": None,
        "language": "zh",
        "degraded": [],
        "versions": VERSIONS,
        **changes,
    }


def label(name: str, source: str = "lexicon", score: float = 0.6) -> dict[str, Any]:
    return {"label": name, "score": score, "source": source}


def hit(category: str, start: int, end: int, **changes: Any) -> dict[str, Any]:
    return {
        "term": "词",
        "category": category,
        "severity": 3,
        "start": start,
        "end": end,
        "surface": "词",
        "evasion": None,
        "suppressed_by": None,
        **changes,
    }


class Scripted:
    """Answers what it was told, one a text, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: list[dict[str, Any]] = []
        self.error: Exception | None = None
        self.asked: list[Mapping[str, Any]] = []
        self.principals: list[str] = []

    def will(self, *answers: dict[str, Any]) -> None:
        self.answers = list(answers)
        self.error = None

    def will_fail(self, error: ServiceError | Exception) -> None:
        self.error = error

    async def one(self, data: Mapping[str, Any], *, principal: str) -> dict[str, Any]:
        return (await self._taken(data, principal))[0]

    async def many(self, data: Mapping[str, Any], *, principal: str) -> list[dict[str, Any]]:
        return await self._taken(data, principal)

    async def _taken(self, data: Mapping[str, Any], principal: str) -> list[dict[str, Any]]:
        self.asked.append(data)
        self.principals.append(principal)
        if self.error is not None:
            raise self.error
        return self.answers
