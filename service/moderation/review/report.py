"""How well the lines do: agreement, precision of the machine, what slips through, what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.moderation.quality import (
    Agreement,
    AlarmReason,
    LabelPrecision,
    PatrolEstimate,
    cohen_kappa,
    judged_labels,
    label_precision,
    patrol_alarm,
    patrol_estimate,
)
from service.moderation.review import records, repository
from service.moderation.review.lifecycle import Line, Ruling
from service.moderation.review.model import Origin
from service.moderation.review.records import JudgedText
from service.moderation.review.repository import LineLength

BATCH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """A report on the verdicts of [since, until).

    `agreement` compares blind pairs on each line that has any; `precision` is of the machine's
    labels against the last verdict on what the machine itself had sent to review.
    """

    since: datetime
    until: datetime
    verdicts: int
    agreement: tuple[tuple[Line, Agreement], ...]
    precision: tuple[LabelPrecision, ...]
    patrol: PatrolEstimate
    patrol_alarm: AlarmReason
    lines: tuple[LineLength, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Somebody at work: the verdicts that they gave, and what they have claimed."""

    person: str
    verdicts: int
    holding: int


class ReviewReport:
    """Reads the verdicts and counts; the statistics are pure and elsewhere."""

    def __init__(self, *, database: Database, clock: Clock, batch: int = BATCH) -> None:
        """`batch` is how many verdicts are read at once."""
        self._database = database
        self._clock = clock
        self._batch = batch

    async def since(self, principal: Principal, since: datetime) -> Quality:
        """The report on what was decided since. Raises Forbidden."""
        principal.require(Action.READ, Resource.REVIEW)
        until = self._clock.now()
        labels: list[tuple[str, bool]] = []
        verdicts = audited = violations = 0
        after: records.Mark | None = None
        async with self._database.read() as connection:
            pairs = await records.opinion_pairs(connection, since=since)
            lines = await repository.line_lengths(connection, now=until)
            while True:
                batch = await records.judged_texts(
                    connection, since=since, until=until, after=after, limit=self._batch
                )
                verdicts += len(batch)
                for judged in filter(_counts, batch):
                    if judged.origin == Origin.PATROL:
                        audited += 1
                        violations += judged.verdict.ruling is Ruling.BLOCK
                    elif judged.origin == Origin.MACHINE:
                        labels += judged_labels(judged.machine_labels, judged.verdict.labels)
                if len(batch) < self._batch:
                    break
                after = records.mark_of(batch[-1])
        estimate = patrol_estimate(audited=audited, violations=violations)
        return Quality(
            since=since,
            until=until,
            verdicts=verdicts,
            agreement=_agreement(pairs),
            precision=label_precision(labels),
            patrol=estimate,
            patrol_alarm=patrol_alarm(estimate),
            lines=lines,
        )

    async def lines(self, principal: Principal) -> tuple[LineLength, ...]:
        """What waits on each line now: the cheap part of the report. Raises Forbidden."""
        principal.require(Action.READ, Resource.REVIEW)
        async with self._database.read() as connection:
            return await repository.line_lengths(connection, now=self._clock.now())

    async def working(self, principal: Principal, since: datetime) -> tuple[Worker, ...]:
        """Who has decided anything since, or has a claim now; most verdicts first.

        Raises Forbidden.
        """
        principal.require(Action.READ, Resource.REVIEW)
        async with self._database.read() as connection:
            given = dict(await records.verdicts_by_person(connection, since=since))
            held = await repository.claims_by_person(connection, now=self._clock.now())
        people = sorted(given.keys() | held.keys(), key=lambda name: (-given.get(name, 0), name))
        return tuple(
            Worker(person=name, verdicts=given.get(name, 0), holding=held.get(name, 0))
            for name in people
        )


def _counts(judged: JudgedText) -> bool:
    return judged.is_final and not judged.is_opinion


def _agreement(
    pairs: tuple[tuple[Line, Ruling, Ruling], ...],
) -> tuple[tuple[Line, Agreement], ...]:
    by_line: dict[Line, list[tuple[str, str]]] = {}
    for line, first, second in pairs:
        by_line.setdefault(line, []).append((first.value, second.value))
    return tuple((line, cohen_kappa(by_line[line])) for line in Line if line in by_line)
