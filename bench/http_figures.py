"""The kinds of load, and what is made of what the callers saw."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from bench.baseline import Answered
from bench.http_load import Outcome
from bench.timing import Latency


class NothingAnswered(Exception):
    """Every request failed: there is no figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A kind of load. `against` is the pipeline's batch size that it is compared with."""

    name: str
    callers: int
    texts: int
    items: int = 1
    characters: int | None = None
    against: int | None = None

    def scaled(self, scale: float) -> Self:
        """The same load over fewer or more texts, in whole batches of 32."""
        return replace(self, texts=max(1, round(scale * self.texts / 32)) * 32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case measured. `ratio` is items a second over the pipeline's; `agreement` the share of
    sentiment labels on which both decide alike; `client` the load's share of one core."""

    case: str
    requests_per_s: float
    items_per_s: float
    latency: Latency
    failed: int
    client: float
    pipeline_per_s: float | None = None
    ratio: float | None = None
    agreement: float | None = None

    @classmethod
    def median(cls, rounds: Sequence[Self]) -> Self:
        """Every figure's median; failures are summed."""
        return cls(
            case=rounds[0].case,
            requests_per_s=statistics.median(row.requests_per_s for row in rounds),
            items_per_s=statistics.median(row.items_per_s for row in rounds),
            latency=Latency.median([row.latency for row in rounds]),
            failed=sum(row.failed for row in rounds),
            client=statistics.median(row.client for row in rounds),
            pipeline_per_s=_median([row.pipeline_per_s for row in rounds]),
            ratio=_median([row.ratio for row in rounds]),
            agreement=_median([row.agreement for row in rounds]),
        )


def row_of(case: Case, outcome: Outcome, compared: Answered | None) -> Row:
    """The figures of one run of a case. Raises NothingAnswered."""
    answered = len(outcome.latencies)
    if not answered:
        raise NothingAnswered(f"{case.name}: no request was answered: {outcome.failed}")
    items_per_s = answered * case.items / outcome.seconds
    return Row(
        case=case.name,
        requests_per_s=answered / outcome.seconds,
        items_per_s=items_per_s,
        latency=Latency.of(outcome.latencies),
        failed=sum(outcome.failed.values()),
        client=outcome.cpu / outcome.seconds,
        pipeline_per_s=None if compared is None else compared.items_per_s,
        ratio=None if compared is None else items_per_s / compared.items_per_s,
        agreement=None if compared is None else agreement(outcome.labels, compared.labels),
    )


def agreement(ours: Sequence[str | None], theirs: Sequence[str]) -> float | None:
    """Share of equal labels; None when the two cannot be laid side by side."""
    if len(ours) != len(theirs):
        return None
    return sum(one == other for one, other in zip(ours, theirs, strict=True)) / len(theirs)


def bodies(texts: Sequence[str], *, items: int, components: Sequence[str] = ()) -> tuple[str, ...]:
    """Request bodies as JSON: one text at the top level, several as a batch.

    Without `components` all are asked for, as callers do who name none.
    """
    asked = {"components": list(components)} if components else {}
    if items == 1:
        return tuple(json.dumps({"text": text, **asked}) for text in texts)
    return tuple(
        json.dumps({"items": [{"text": text} for text in texts[start : start + items]], **asked})
        for start in range(0, len(texts), items)
    )


def printed(rows: Sequence[Row]) -> str:
    """The table for a person."""
    head = (
        f"{'load':24} {'req/s':>7} {'items/s':>8} {'p50 ms':>7} {'p95':>7} {'p99':>7} "
        f"{'failed':>6} {'client':>6} {'pipeline/s':>10} {'ratio':>6} {'agree':>6}"
    )
    return "\n".join([head, *map(_line, rows)])


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def _line(row: Row) -> str:
    ratio = "-" if row.ratio is None else f"{row.ratio:.2f}"
    pipeline = "-" if row.pipeline_per_s is None else f"{row.pipeline_per_s:.0f}"
    alike = "-" if row.agreement is None else f"{100 * row.agreement:.1f}"
    return (
        f"{row.case:24} {row.requests_per_s:7.0f} {row.items_per_s:8.0f} {row.latency} "
        f"{row.failed:6d} {100 * row.client:5.0f}% {pipeline:>10} {ratio:>6} {alike:>6}"
    )
