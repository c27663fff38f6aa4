"""Rows for tests."""

from __future__ import annotations

from typing import Any

from service.learning import Head, Origin, TrainingRow
from service.learning.row import group_of, split_of


def row(text: str = "漏水", label: str = "negative", **given: Any) -> TrainingRow:
    """A correction of the sentiment, by default."""
    group = given.pop("group", group_of(author=given.pop("author", None), text=text))
    values: dict[str, Any] = {
        "id": f"correction:{text}",
        "origin": Origin.CORRECTION,
        "head": Head.SENTIMENT,
        "text": text,
        "label": label,
        "by": "usr_ana",
        "at": "2026-03-01T08:00:00.000Z",
        "group": group,
        "split": split_of(group),
    }
    return TrainingRow(**values | given)
