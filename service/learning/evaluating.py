"""A candidate beside what serves, on what people said and on history; nothing is switched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from nlp import Analyzer
from service.audit import record
from service.auth import Action, Principal, Resource
from service.backtest import Answer, Scene, Tell, answer_of
from service.backtest import Outcome as Rehearsed
from service.clock import Clock
from service.db import Database
from service.errors import InvalidInput, NotFound
from service.ids import stable_id
from service.learning import repository
from service.learning.answers import answers_of
from service.learning.candidate import Candidate, Kind
from service.learning.comparison import compare
from service.learning.gathering import Gathering
from service.learning.repository import Evaluation
from service.learning.row import Split
from service.learning.serving import KIND
from service.learning.training_set import TrainingSet
from service.learning.view import Evaluated, view_of, without_texts
from service.moderation.policies import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which stored posts are played; `asked` says that somebody named it."""

    since: datetime | None = None
    until: datetime | None = None
    monitor: str | None = None
    asked: bool = False


class Readers(Protocol):
    """Analysers beside the one that serves; bootstrap builds them."""

    async def serving(self) -> Analyzer:
        """The one that serves."""
        ...

    async def of(self, candidate: Candidate) -> Analyzer:
        """One with a model or rows of the lexicon in the place of those that serve.

        Raises InvalidInput for rows that are refused, and what loading a model raises.
        """
        ...


class Rehearsing(Protocol):
    """Plays stored posts through what serves and through a candidate; bootstrap builds it."""

    async def scene(self, span: Span, *, tell: Callable[[int, int], None]) -> Scene:
        """The posts. Raises InvalidInput where there are none."""
        ...

    async def play(self, scene: Scene, candidate: Candidate, *, tell: Tell) -> Rehearsed:
        """Both sides. Raises InvalidInput for rules and rows that are refused."""
        ...


class Evaluator:
    """Compares, and remembers what came of it: a switch asks for that."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        gathering: Gathering,
        readers: Readers,
        rehearsing: Rehearsing,
        policy: Callable[[], Policy],
    ) -> None:
        """`policy` is the one that callers get who name none."""
        self._database = database
        self._clock = clock
        self._gathering = gathering
        self._readers = readers
        self._rehearsing = rehearsing
        self._policy = policy

    async def evaluate(
        self,
        principal: Principal,
        candidate: Candidate | None,
        *,
        given: TrainingSet | None = None,
        split: Split | None = None,
        span: Span | None = None,
        tell: Tell,
    ) -> Evaluated:
        """The comparison, recorded where there is a candidate.

        `given` None is all that people have said up to now, `split` the part of it that is read,
        `span` None plays no posts. Raises Forbidden, InvalidInput, and what loading a model raises.
        """
        principal.require(Action.RUN, Resource.MODEL)
        async with self._database.read() as connection:
            standing = await repository.standing(connection)
        chosen = given or await self._gathering.gather()
        rows = chosen.of(split)
        serving = await self._readers.serving()
        policy = self._policy()
        before = await answers_of(
            serving, rows, policy=policy, tell=lambda done, of: tell("serving", done, of)
        )
        after, versions = None, None
        if candidate is not None and candidate.kind is not Kind.RULES:
            other = await self._readers.of(candidate)
            versions = dict(other.versions)
            after = await answers_of(
                other, rows, policy=policy, tell=lambda done, of: tell("candidate", done, of)
            )
        incidents, note = await self._incidents(candidate, span, tell)
        result = view_of(
            compare(rows, before, after),
            training_set=chosen,
            split=split,
            candidate=candidate,
            versions=(dict(serving.versions), versions),
            standing=standing,
            incidents=incidents,
            note=note,
        )
        if candidate is None:
            return Evaluated(evaluation_id=None, result=result)
        kept = await self._kept(principal, candidate, chosen, result)
        return Evaluated(evaluation_id=kept.id, result=result)

    async def recent(self, principal: Principal, *, limit: int = 20) -> tuple[Evaluation, ...]:
        """Evaluations, newest first. Raises Forbidden."""
        principal.require(Action.READ, Resource.MODEL)
        async with self._database.read() as connection:
            return await repository.newest_evaluations(connection, limit=limit)

    async def get(self, principal: Principal, evaluation_id: str) -> Evaluation:
        """One of them. Raises Forbidden, NotFound."""
        principal.require(Action.READ, Resource.MODEL)
        async with self._database.read() as connection:
            found = await repository.evaluation_of(connection, evaluation_id)
        if found is None or found.id != evaluation_id:
            raise NotFound(f"no evaluation {evaluation_id[:64]}")
        return found

    async def _incidents(
        self, candidate: Candidate | None, span: Span | None, tell: Tell
    ) -> tuple[Answer | None, str | None]:
        """(answer of the back-test, why there is none)."""
        if candidate is None:
            return None, "there is no candidate"
        if span is None:
            return None, "no posts were played, as was asked"
        try:
            scene = await self._rehearsing.scene(
                span, tell=lambda done, of: tell("reading", done, of)
            )
        except InvalidInput as error:
            if span.asked:
                raise
            return None, f"no posts were played: {error.detail}"
        return answer_of(await self._rehearsing.play(scene, candidate, tell=tell)), None

    async def _kept(
        self,
        principal: Principal,
        candidate: Candidate,
        training_set: TrainingSet,
        result: Answer,
    ) -> Evaluation:
        now = self._clock.now()
        async with self._database.write() as connection:
            number = await repository.evaluations(connection)
            evaluation = Evaluation(
                id=stable_id("evl", candidate.fingerprint, training_set.sha256, now, number),
                kind=candidate.kind,
                name=candidate.name,
                fingerprint=candidate.fingerprint,
                place=candidate.place,
                content=candidate.content,
                set_sha256=training_set.sha256,
                set_rows=len(training_set.rows),
                set_until=training_set.until,
                result=without_texts(result),
                author=principal.id,
                at=now,
            )
            await repository.add_evaluation(connection, evaluation)
            await record(
                connection,
                at=now,
                actor=principal.id,
                action=f"{KIND}.evaluated",
                subject_type=KIND,
                subject_id=candidate.name,
                data={
                    "evaluation": evaluation.id,
                    "kind": candidate.kind.value,
                    "fingerprint": candidate.fingerprint,
                    "set": training_set.sha256,
                    "rows": len(training_set.rows),
                },
            )
        return evaluation
