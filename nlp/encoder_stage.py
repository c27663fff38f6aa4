"""What the encoder's backends say of drafts, in the steps of a line."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from nlp.batching import Failure
from nlp.batching.attempt import each
from nlp.component import Draft
from nlp.encoder.backend import Backend, Outputs, Prepared, Window
from nlp.encoder.heads import (
    ABUSE,
    EMOTION,
    INTENT,
    MODERATION,
    SCENARIO,
    SENTIMENT,
    TASKS,
    VECTOR,
)
from nlp.encoder.reading import Reading
from nlp.reading_cache import ReadingCache
from nlp.scenario import merged_scenarios
from nlp.wordless import NOTHING_SAID, is_wordless

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A window, the stage that asks for it, and the place of the backend there that it is for."""

    stage: EncoderStage
    backend: int
    window: Window

    @property
    def tokens(self) -> int:
        """What it costs."""
        return self.window.tokens


@dataclass(frozen=True, slots=True, eq=False)
class Enquiry:
    """A text on its way: for each backend its reading, the windows still to infer, or an error.

    The stage that began it ends it, whatever serves meanwhile.
    """

    stage: EncoderStage
    draft: Draft
    known: tuple[Reading | Prepared | Failure, ...]

    @property
    def parts(self) -> list[Part]:
        """The windows of every backend, in order."""
        return [
            Part(self.stage, backend, window)
            for backend, known in enumerate(self.known)
            if isinstance(known, Prepared)
            for window in known.windows
        ]


class EncoderStage:
    """Several backends as one: of those that answer a task, the first in the order given does."""

    def __init__(
        self,
        backends: Sequence[Backend],
        *,
        cache: ReadingCache | None = None,
        lock: Lock | None = None,
    ) -> None:
        """A backend that is left without a task is not run. `lock` is held while one runs."""
        self._cache = ReadingCache() if cache is None else cache
        self._lock = lock or Lock()
        self.tasks: frozenset[str] = frozenset()
        chosen: list[tuple[Backend, frozenset[str]]] = []
        for backend in backends:
            if own := backend.tasks - self.tasks:
                chosen.append((backend, own))
                self.tasks |= own
        self._backends = tuple(chosen)
        self.version = "+".join(backend.version for backend, _ in chosen)

    def with_backends(self, backends: Sequence[Backend]) -> EncoderStage:
        """A stage with these, on the same cache; one that is in both still runs once at a time."""
        return EncoderStage(backends, cache=self._cache, lock=self._lock)

    def enquire(self, drafts: Sequence[Draft]) -> list[Enquiry]:
        """What is known of each draft, whose normal form is there; never raises."""
        wordless = [is_wordless(draft.normal.text) for draft in drafts]
        columns = [self._known(backend, drafts, wordless) for backend, _ in self._backends]
        rows = zip(*columns, strict=True) if columns else ((),) * len(drafts)
        return [Enquiry(self, draft, tuple(row)) for draft, row in zip(drafts, rows, strict=True)]

    def _known(
        self, backend: Backend, drafts: Sequence[Draft], wordless: Sequence[bool]
    ) -> list[Reading | Prepared | Failure]:
        known: list[Reading | Prepared | Failure | None] = [
            NOTHING_SAID if nothing else self._cache.get(draft.normal.text, version=backend.version)
            for draft, nothing in zip(drafts, wordless, strict=True)
        ]
        asked = [draft.normal.text for draft, own in zip(drafts, known, strict=True) if own is None]
        prepared = iter(each(backend.prepare, asked) if asked else ())
        return [next(prepared) if own is None else own for own in known]

    def infer(self, parts: Sequence[Part]) -> list[Outputs]:
        """One row of outputs a part, by one forward pass a backend."""
        rows: dict[int, Outputs] = {}
        for index, (backend, _) in enumerate(self._backends):
            places = [place for place, part in enumerate(parts) if part.backend == index]
            if places:
                # Files and the line may be read at the same time; a backend takes one at a time.
                with self._lock:
                    outputs = backend.infer([parts[place].window for place in places])
                rows.update(zip(places, _rows(outputs, count=len(places)), strict=True))
        return [rows[place] for place in range(len(parts))]

    def fill(self, enquiry: Enquiry, outputs: Sequence[Outputs | Failure]) -> None:
        """Fills in the draft; what cannot be is named in its `degraded`. Never raises."""
        done = 0
        draft = enquiry.draft
        for (backend, tasks), known in zip(self._backends, enquiry.known, strict=True):
            own = outputs[done : done + len(known.windows)] if isinstance(known, Prepared) else ()
            done += len(own)
            try:
                reading = self._reading(backend, known, own, normal=draft.normal.text)
            except Exception:
                _log.exception("analysis.encoder_failed", extra={"version": backend.version})
                reading = Reading()
            _fill(draft, reading, tasks)

    def _reading(
        self,
        backend: Backend,
        known: Reading | Prepared | Failure,
        outputs: Sequence[Outputs | Failure],
        *,
        normal: str,
    ) -> Reading:
        if isinstance(known, Failure):
            raise known.error
        if isinstance(known, Reading):
            return known
        reading = backend.finish(known, _joined(outputs))
        return self._cache.put(normal, reading, version=backend.version)


def _rows(outputs: Outputs, *, count: int) -> list[Outputs]:
    """The outputs of each window, with their first axis kept."""
    for name, values in outputs.items():
        if len(values) != count:
            raise ValueError(f"the backend's {name} has {len(values)} rows for {count} windows")
    return [
        {name: values[row : row + 1] for name, values in outputs.items()} for row in range(count)
    ]


def _joined(outputs: Sequence[Outputs | Failure]) -> Outputs:
    rows: list[Outputs] = []
    for output in outputs:
        if isinstance(output, Failure):
            raise output.error
        rows.append(output)
    if len(rows) == 1:
        return rows[0]
    return {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}


def _fill(draft: Draft, reading: Reading, tasks: frozenset[str]) -> None:
    if SENTIMENT in tasks:
        draft.sentiment = reading.sentiment
    if EMOTION in tasks:
        draft.emotion = reading.emotion
    if INTENT in tasks:
        draft.intent = reading.intent
    if ABUSE in tasks:
        draft.abuse = reading.abuse
    if VECTOR in tasks:
        draft.vector = reading.vector
    if SCENARIO in tasks and reading.scenarios is not None:
        draft.scenarios = merged_scenarios(draft.scenarios, reading.scenarios)
    if MODERATION in tasks and reading.moderation is not None:
        draft.moderation = reading.moderation
    answers = {
        SENTIMENT: reading.sentiment,
        EMOTION: reading.emotion,
        INTENT: reading.intent,
        ABUSE: reading.abuse,
        SCENARIO: reading.scenarios,
        MODERATION: reading.moderation,
    }
    for task in TASKS:
        if task in tasks and answers[task] is None:
            draft.lacks(task)
