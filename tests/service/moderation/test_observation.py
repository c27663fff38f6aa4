from __future__ import annotations

import pytest

from nlp.batching import Phase
from nlp.reading_cache import HIT, MISS
from service.metrics import batch_texts, batch_tokens, readings_cache
from service.moderation.observation import observe


@pytest.mark.parametrize(("name", "outcome"), [(HIT, "hit"), (MISS, "miss")])
def test_what_the_cache_finds_is_counted(name: str, outcome: str) -> None:
    value = readings_cache.labels(outcome=outcome)._value
    before = value.get()
    observe(name, 1)
    assert value.get() == before + 1


def test_batches_are_measured() -> None:
    before = (batch_texts._sum.get(), batch_tokens._sum.get())
    observe(Phase.BATCH_PARTS, 4)
    observe(Phase.BATCH_TOKENS, 128)
    assert (batch_texts._sum.get(), batch_tokens._sum.get()) == (before[0] + 4, before[1] + 128)


def test_what_the_api_counts_itself_is_passed_over() -> None:
    observe(Phase.SHED, 3)
