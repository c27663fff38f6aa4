"""The one way from texts to analyses: through the shared batcher, or inline in virtual time."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Collection, Sequence
from typing import Protocol

from nlp import Analysis, Analyzer
from nlp.batching import Batcher, Limits, LineClosed
from nlp.batching import Overloaded as LineIsFull
from service.clock import Clock
from service.errors import Overloaded
from service.moderation.observation import observe

_RESTART_S = 5
_BRIEF = 4_000
"""Characters read on the event loop: a millisecond or two, and a hop to a thread costs as much."""


class TextReader(Protocol):
    """Analyses texts, in order. Shared by the API and by ingest."""

    async def analyze(self, texts: Sequence[str], *, patient: bool = False) -> list[Analysis]:
        """One analysis a text. The patient wait for room; others are refused with Overloaded."""
        ...

    async def analyze_words(
        self, texts: Sequence[str], *, components: Collection[str]
    ) -> list[Analysis]:
        """What those components (of `nlp.WORDS`) find by words alone: no line, no model."""
        ...

    async def aclose(self) -> None: ...


class Batched:
    """Off the event loop, together with whatever else waits: real time."""

    def __init__(self, analyzer: Analyzer, *, clock: Clock, limits: Limits) -> None:
        self._analyzer = analyzer
        self._batcher = Batcher(
            analyzer, now=clock.monotonic, sleep=clock.sleep, observe=observe, limits=limits
        )

    async def analyze(self, texts: Sequence[str], *, patient: bool = False) -> list[Analysis]:
        try:
            return await self._batcher.submit(texts, patient=patient)
        except LineIsFull as error:
            raise Overloaded(
                "too many texts wait to be read; send this again",
                retry_after=max(1, math.ceil(error.retry_after_s)),
            ) from error
        except LineClosed as error:
            raise Overloaded(
                "this process is stopping; send this again to another, or in a moment",
                retry_after=_RESTART_S,
            ) from error

    async def analyze_words(
        self, texts: Sequence[str], *, components: Collection[str]
    ) -> list[Analysis]:
        if sum(map(len, texts)) <= _BRIEF:
            return self._analyzer.analyze_words(texts, components=components)
        return await asyncio.to_thread(self._analyzer.analyze_words, texts, components=components)

    async def aclose(self) -> None:
        await self._batcher.aclose()


class Inline:
    """At once and on this thread: virtual time, where the same input gives the same output."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    async def analyze(self, texts: Sequence[str], *, patient: bool = False) -> list[Analysis]:
        del patient
        return self._analyzer.analyze_batch(texts)

    async def analyze_words(
        self, texts: Sequence[str], *, components: Collection[str]
    ) -> list[Analysis]:
        return self._analyzer.analyze_words(texts, components=components)

    async def aclose(self) -> None:
        """There is nothing to give back."""
