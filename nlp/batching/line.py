"""The queue, without threads or a clock: who is let in, prepared, and put into which batch.

Impatient callers (a person waits behind them) go first and are bounded: beyond the bounds they are
shed. Patient ones (ingest) are never shed: their texts wait unprepared, and every eighth turn is
theirs however many impatient ones there are. Their batches are smaller, so that an impatient caller
who comes meanwhile waits little.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic

from nlp.batching.lane import EntryT, Lane
from nlp.batching.limits import Limits

PATIENT_SHARE = 8
"""One turn in so many is for the patient while both kinds wait."""
_PATIENT_PART = 4


class Line(Generic[EntryT]):
    """Two lanes and who has the turn."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._impatient: Lane[EntryT] = Lane(budget=limits.batch_tokens)
        self._patient: Lane[EntryT] = Lane(budget=max(1, limits.batch_tokens // _PATIENT_PART))
        self._preparing = _Turns()
        self._inferring = _Turns()
        self._counted: dict[int, int] = {}
        self._some_left = False
        self.tokens = 0
        """What impatient callers have under way."""

    @property
    def items(self) -> int:
        """How many texts of impatient callers are under way."""
        return len(self._counted)

    def has_room(self, weights: Sequence[int]) -> bool:
        """Whether an impatient call of these weights is let in."""
        return not self._counted or (
            self.items + len(weights) <= self._limits.most_items
            and self.tokens + sum(weights) <= self._limits.most_tokens
        )

    def enter(self, entries: Iterable[EntryT], *, patient: bool) -> None:
        """Lets a call in."""
        for entry in entries:
            if patient:
                self._patient.add(entry)
            else:
                self._counted[id(entry)] = entry.weight
                self.tokens += entry.weight
                self._impatient.add(entry)

    def leave(self, entries: Iterable[EntryT], *, early: bool) -> None:
        """The call is over, `early` when some of it was not answered; each entry is `gone`."""
        for entry in entries:
            self.tokens -= self._counted.pop(id(entry), 0)
        self._some_left = self._some_left or early

    def to_prepare(self) -> list[EntryT]:
        """The next job of the Python thread, empty when there is none to do now."""
        self._prune()
        impatient = self._preparing.is_impatient(self._impatient.wants, self._patient.wants)
        lane = self._impatient if impatient else self._patient
        return lane.to_prepare() if lane.wants else []

    def opened(self, entry: EntryT, *, patient: bool) -> None:
        """One was prepared and has parts to infer."""
        (self._patient if patient else self._impatient).opened(entry)

    @property
    def ready(self) -> bool:
        """Whether a batch could be made."""
        return self._impatient.ready or self._patient.ready

    def company(self, now: float) -> float:
        """Seconds that an idle line should still wait for others before it makes a batch."""
        if self.tokens >= self._limits.batch_tokens:
            return 0.0
        lanes = (self._impatient, self._patient)
        oldest = min(lane.oldest for lane in lanes if lane.ready)
        return max(0.0, oldest + self._limits.max_wait_s - now)

    def take(self) -> list[tuple[EntryT, int]]:
        """The next batch: (entry, place of the part), shortest part first; empty when all left."""
        self._prune()
        impatient = self._inferring.is_impatient(self._impatient.ready, self._patient.ready)
        return (self._impatient if impatient else self._patient).take()

    def _prune(self) -> None:
        # Once for all who left since: a thousand callers may hang up at a time.
        if self._some_left:
            self._some_left = False
            self._impatient.prune()
            self._patient.prune()


class _Turns:
    """Whose turn it is when both want it."""

    def __init__(self) -> None:
        self._passed = 0

    def is_impatient(self, impatient: bool, patient: bool) -> bool:
        if not patient or not impatient:
            return impatient
        self._passed = (self._passed + 1) % PATIENT_SHARE
        return self._passed != 0
