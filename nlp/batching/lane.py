"""Callers of one kind in a row: who is prepared next, and whose parts make the next batch."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from nlp.batching.packing import Batch, cost

# Enough parts ready for the next batch and the one after, so that the library never waits.
_AHEAD = 2
# Of texts above the budget so many are open at once; shorter ones overtake the others.
_MOST_LONG = 4
# A text has a second part in a batch only up to this share of the budget: a few long windows keep
# the library busy, and who comes meanwhile waits for the batch to end.
_REPEATED = 4
# A job of the Python thread: a short one, for finished texts wait behind it.
_JOB_ITEMS = 32


class Waiting(Protocol):
    """An item that stands in a lane. `taken` counts the parts that went into a batch."""

    taken: int

    @property
    def weight(self) -> int:
        """Tokens that it was expected to cost."""
        ...

    @property
    def sizes(self) -> Sequence[int]:
        """Tokens of each part, once prepared."""
        ...

    @property
    def arrived(self) -> float:
        """In seconds of the line's clock."""
        ...

    @property
    def gone(self) -> bool:
        """Whether nobody waits for it any more."""
        ...


EntryT = TypeVar("EntryT", bound=Waiting)


class Lane(Generic[EntryT]):
    """First come, first prepared; then one part each in turn, the longest waiting first."""

    def __init__(self, *, budget: int) -> None:
        self._budget = budget
        self._short: deque[EntryT] = deque()
        self._long: deque[EntryT] = deque()
        self._ring: deque[EntryT] = deque()

    def add(self, entry: EntryT) -> None:
        """One more waits to be prepared."""
        (self._long if self._is_long(entry) else self._short).append(entry)

    def opened(self, entry: EntryT) -> None:
        """One was prepared and has parts to infer."""
        self._ring.append(entry)

    def prune(self) -> None:
        """Forgets those who left."""
        for row in (self._short, self._long, self._ring):
            kept = [entry for entry in row if not entry.gone]
            row.clear()
            row.extend(kept)

    @property
    def ready(self) -> bool:
        """Whether a batch could be made."""
        return bool(self._ring)

    @property
    def oldest(self) -> float:
        """When the first of those that are ready came."""
        return min(entry.arrived for entry in self._ring)

    @property
    def wants(self) -> bool:
        """Whether something should be prepared now."""
        if sum(cost(entry.sizes[entry.taken]) for entry in self._ring) >= _AHEAD * self._budget:
            return False
        return bool(self._short) or (bool(self._long) and self._room_for_long())

    def to_prepare(self) -> list[EntryT]:
        """The next job of the Python thread: one long text, or short ones up to the budget."""
        if self._long and self._room_for_long() and self._long_is_next():
            return [self._long.popleft()]
        job: list[EntryT] = []
        weight = 0
        while self._short and len(job) < _JOB_ITEMS:
            weight += cost(self._short[0].weight)
            if job and weight > self._budget:
                break
            job.append(self._short.popleft())
        return job

    def take(self) -> list[tuple[EntryT, int]]:
        """The next batch: (entry, place of the part), shortest part first.

        The entry that waited longest always has a part in it; who had one goes to the end.
        """
        batch = Batch(budget=self._budget)
        found: list[tuple[EntryT, int]] = []
        passed: list[EntryT] = []
        turn = list(self._ring)
        first = True
        while turn:
            served: list[EntryT] = []
            for entry in turn:
                size = entry.sizes[entry.taken]
                full = not first and batch.padded >= self._budget // _REPEATED
                if full or not batch.admits(size):
                    passed.append(entry)
                    continue
                batch.add(size)
                found.append((entry, entry.taken))
                entry.taken += 1
                if entry.taken < len(entry.sizes):
                    served.append(entry)
            turn = served
            first = False
        # Those who got nothing come first: they were passed over in the first round.
        self._ring = deque(passed)
        found.sort(key=lambda pair: pair[0].sizes[pair[1]])
        return found

    def _is_long(self, entry: EntryT) -> bool:
        return entry.weight > self._budget

    def _room_for_long(self) -> bool:
        return sum(self._is_long(entry) for entry in self._ring) < _MOST_LONG

    def _long_is_next(self) -> bool:
        return not self._short or self._long[0].arrived <= self._short[0].arrived
