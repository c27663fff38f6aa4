"""Evaluations that people begin from a page: one at a time, in this process, with its progress.

What came of it is recorded as every evaluation is; what is still under way dies with the process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import structlog

from nlp.errors import NlpError
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.errors import Conflict, NotFound, ServiceError
from service.ids import stable_id
from service.learning.candidate import Candidate
from service.learning.evaluating import Evaluator, Span
from service.learning.row import Split
from service.learning.view import Evaluated

KEPT = 20
"""Trials that are remembered, with the texts of their examples."""

log = structlog.get_logger(__name__)


class TrialState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(slots=True, kw_only=True)
class Trial:
    """One evaluation as it goes on. `done` of `of` is how far its `stage` is."""

    id: str
    candidate: Candidate
    by: str
    begun_at: datetime
    state: TrialState = TrialState.RUNNING
    stage: str = "gathering"
    done: int = 0
    of: int = 0
    reason: str | None = None
    found: Evaluated | None = None

    @property
    def is_running(self) -> bool:
        return self.state is TrialState.RUNNING


class _Stopped(Exception):
    """It is not wanted any more."""


class Trials:
    """Begins, watches and stops them."""

    def __init__(self, evaluator: Evaluator, clock: Clock) -> None:
        self._evaluator = evaluator
        self._clock = clock
        self._trials: dict[str, Trial] = {}
        self._task: asyncio.Task[None] | None = None

    def begin(
        self,
        principal: Principal,
        candidate: Candidate,
        *,
        split: Split | None = None,
        span: Span | None = None,
    ) -> Trial:
        """Begin one; arguments as of `Evaluator.evaluate`.

        Raises Forbidden, and Conflict while another goes on: each takes a whole core.
        """
        principal.require(Action.RUN, Resource.MODEL)
        running = next((item for item in self._trials.values() if item.is_running), None)
        if running is not None or (self._task is not None and not self._task.done()):
            what = "another one" if running is None else running.candidate.name
            raise Conflict(f"{what} is being evaluated; wait for it, or stop it")
        now = self._clock.now()
        trial = Trial(
            id=stable_id("trl", candidate.fingerprint, principal.id, now),
            candidate=candidate,
            by=principal.id,
            begun_at=now,
        )
        self._trials[trial.id] = trial
        for old in list(self._trials)[:-KEPT]:
            del self._trials[old]
        self._task = asyncio.create_task(self._run(principal, trial, split=split, span=span))
        return trial

    def every(self, principal: Principal) -> tuple[Trial, ...]:
        """Those of this process, newest first. Raises Forbidden."""
        principal.require(Action.READ, Resource.MODEL)
        return tuple(reversed(self._trials.values()))

    def get(self, principal: Principal, trial_id: str) -> Trial:
        """Raises Forbidden, NotFound also for one of a process that has ended since."""
        principal.require(Action.READ, Resource.MODEL)
        found = self._trials.get(trial_id)
        if found is None:
            raise NotFound(f"no evaluation {trial_id[:64]} goes on here")
        return found

    def cancel(self, principal: Principal, trial_id: str) -> Trial:
        """Stop one, at its next step; one that has ended stays as it is.

        Raises Forbidden, NotFound.
        """
        principal.require(Action.RUN, Resource.MODEL)
        trial = self.get(principal, trial_id)
        if trial.is_running:
            trial.state = TrialState.CANCELLED
        return trial

    async def _run(
        self, principal: Principal, trial: Trial, *, split: Split | None, span: Span | None
    ) -> None:
        try:
            trial.found = await self._evaluator.evaluate(
                principal, trial.candidate, split=split, span=span, tell=_teller(trial)
            )
        except _Stopped:
            return
        except (ServiceError, NlpError) as error:
            trial.reason = error.detail if isinstance(error, ServiceError) else str(error)
        except Exception as error:
            log.exception("model.trial_failed", trial=trial.id)
            trial.reason = f"it broke down: {type(error).__name__}; the log has more"
        # Called off in the last moment it is recorded all the same: then it is done.
        trial.state = TrialState.FAILED if trial.found is None else TrialState.DONE


def _teller(trial: Trial) -> Callable[[str, int, int], None]:
    def tell(stage: str, done: int, of: int) -> None:
        if not trial.is_running:
            raise _Stopped
        trial.stage, trial.done, trial.of = stage, done, of

    return tell
