"""Verdicts as training rows: personal information masked, formulas disarmed."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from nlp.pii import masked
from service import audit
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.delivery.render import instant_text
from service.moderation.review import records
from service.moderation.review.records import JudgedText

BATCH = 200
COLUMNS = (
    "item",
    "text",
    "kind",
    "labels",
    "verdict",
    "reason",
    "line",
    "rubric_version",
    "at",
    "final",
    "second_opinion",
    "origin",
    "suggestion",
    "machine_labels",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Format(StrEnum):
    JSONL = "jsonl"
    CSV = "csv"


MEDIA_TYPES: Mapping[Format, str] = {
    Format.JSONL: "application/x-ndjson",
    Format.CSV: "text/csv; charset=utf-8",
}


class ReviewExport:
    """Reads verdicts in batches, so that a year of them costs no more memory than a page."""

    def __init__(self, *, database: Database, clock: Clock, batch: int = BATCH) -> None:
        """`batch` is how many verdicts are read at once."""
        self._database = database
        self._clock = clock
        self._batch = batch

    async def start(
        self,
        principal: Principal,
        *,
        since: datetime | None,
        until: datetime | None,
        form: Format,
    ) -> AsyncIterator[bytes]:
        """Lines of the export, oldest verdict first, after it was audited. Raises Forbidden."""
        principal.require(Action.EXPORT, Resource.REVIEW)
        now = self._clock.now()
        until = now if until is None else min(until, now)
        async with self._database.write() as connection:
            await audit.record(
                connection,
                at=now,
                actor=principal.id,
                action="review.exported",
                subject_type="review",
                subject_id="verdicts",
                data={
                    "since": None if since is None else since.isoformat(),
                    "until": until.isoformat(),
                    "format": form.value,
                },
            )
        return self._lines(since=since, until=until, form=form)

    async def _lines(
        self, *, since: datetime | None, until: datetime, form: Format
    ) -> AsyncIterator[bytes]:
        if form is Format.CSV:
            yield csv_line(COLUMNS)
        after: records.Mark | None = None
        while True:
            async with self._database.read() as connection:
                batch = await records.judged_texts(
                    connection, since=since, until=until, after=after, limit=self._batch
                )
            for judged in batch:
                row = training_row(judged)
                yield (
                    orjson.dumps(row) + b"\n"
                    if form is Format.JSONL
                    else csv_line([_cell(row[name]) for name in COLUMNS])
                )
            if len(batch) < self._batch:
                return
            after = records.mark_of(batch[-1])


def training_row(judged: JudgedText) -> dict[str, Any]:
    """One verdict as a row; `final` is false where a later line was asked."""
    verdict = judged.verdict
    return {
        "item": verdict.item_id,
        "text": masked(judged.text),
        "kind": judged.kind,
        "labels": list(verdict.labels),
        "verdict": verdict.ruling.value,
        "reason": verdict.reason,
        "line": verdict.line.value,
        "rubric_version": verdict.rubric_version,
        "at": instant_text(verdict.at),
        "final": judged.is_final,
        "second_opinion": judged.is_opinion,
        "origin": judged.origin,
        "suggestion": judged.suggestion,
        "machine_labels": list(judged.machine_labels),
    }


def csv_line(cells: Any) -> bytes:
    """A CSV line in UTF-8 in which no spreadsheet finds a formula."""
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(
        [_disarmed(str(cell)) for cell in cells]
    )
    return buffer.getvalue().encode("utf-8", "replace")


def _disarmed(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" \u3000\ufeff").startswith(_FORMULA) else cell


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return "|".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
