"""What the line of texts and its cache tell of themselves, as metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nlp.batching import Phase
from nlp.reading_cache import HIT, MISS
from service.metrics import batch_seconds, batch_texts, batch_tokens, readings_cache

_SINKS: Mapping[str, Callable[[float], None]] = {
    **{
        phase.value: batch_seconds.labels(phase=phase.value).observe
        for phase in (Phase.WAIT, Phase.PREPARE, Phase.INFER, Phase.FINISH)
    },
    Phase.BATCH_PARTS.value: batch_texts.observe,
    Phase.BATCH_TOKENS.value: batch_tokens.observe,
    HIT: readings_cache.labels(outcome="hit").inc,
    MISS: readings_cache.labels(outcome="miss").inc,
}


def observe(name: str, value: float) -> None:
    """Take a Phase or what the cache says. What was shed is counted where it is refused."""
    sink = _SINKS.get(name)
    if sink is not None:
        sink(value)
