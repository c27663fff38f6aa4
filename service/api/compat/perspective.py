"""Perspective's answer, made of what classify found. Pure.

Offsets are UTF-16 units of `comment.text`, as the strings of JavaScript count.
"""

from __future__ import annotations

from typing import Any

from service.api.compat.comment import AnalyzeRequest
from service.api.compat.errors import Unjudged
from service.api.compat.findings import Findings
from service.api.compat.mapping import Row, tables

BASE = "/compat/perspective/v1alpha1"


def response(asked: AnalyzeRequest, found: Findings) -> dict[str, Any]:
    """The body of a good answer. Raises Unjudged when what an attribute needs is missing.

    A score has no way to say that it is not to be relied on: rather none than 0.
    """
    rows = tables().perspective
    needed = {name for attribute in asked.attributes for name in rows[attribute].components}
    if missing := sorted(needed & found.missing):
        raise Unjudged(f"{', '.join(missing)} cannot be asked at present", missing=True)
    scores = {
        name: _score(rows[name], asked, found)
        for name, least in asked.attributes.items()
        if found.score(rows[name]) >= least
    }
    body: dict[str, Any] = {"attributeScores": scores} if scores else {}
    body |= {"languages": list(asked.languages), "detectedLanguages": [asked.detected]}
    if asked.client_token is not None:
        body["clientToken"] = asked.client_token
    return body


def _score(row: Row, asked: AnalyzeRequest, found: Findings) -> dict[str, Any]:
    summary = found.score(row)
    spans = [(0, _utf16_length(asked.text), summary)]
    if asked.spans:
        covered = (s for s in found.spans if row.covers(s.found.label, s.found.source))
        spans = [(s.start, s.end, s.found.score) for s in covered] or spans
    return {
        "spanScores": [
            {"begin": begin, "end": end, "score": _probability(value)}
            for begin, end, value in spans
        ],
        "summaryScore": _probability(summary),
    }


def _probability(value: float) -> dict[str, Any]:
    return {"value": value, "type": "PROBABILITY"}


def _utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
