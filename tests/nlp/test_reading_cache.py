"""Readings kept."""

from threading import Thread

import numpy as np
import pytest

from nlp.encoder.reading import Reading
from nlp.reading_cache import HIT, MISS, ReadingCache

VECTOR = np.array([0.6, 0.80001], np.float32)


def test_what_was_put_is_got() -> None:
    cache = ReadingCache()
    put = cache.put("好", Reading(abuse=0.25, vector=VECTOR), version="1")
    got = cache.get("好", version="1")
    assert got is not None
    assert (put.abuse, got.abuse) == (0.25, 0.25)
    assert put.vector is not None
    assert got.vector is not None
    assert put.vector.dtype == got.vector.dtype == np.float32
    assert np.array_equal(put.vector, got.vector)
    assert np.allclose(got.vector, VECTOR, atol=1e-3)


def test_another_version_knows_nothing() -> None:
    cache = ReadingCache()
    cache.put("好", Reading(abuse=0.25), version="1")
    assert cache.get("好", version="2") is None


def test_the_longest_unused_goes() -> None:
    cache = ReadingCache(entries=2)
    for normal in ("a", "b"):
        cache.put(normal, Reading(), version="1")
    cache.get("a", version="1")
    cache.put("c", Reading(), version="1")
    assert [cache.get(normal, version="1") is None for normal in "abc"] == [False, True, False]


def test_none_are_kept_when_none_may() -> None:
    cache = ReadingCache(entries=0)
    cache.put("a", Reading(), version="1")
    assert len(cache) == 0


def test_hits_and_misses_are_observed() -> None:
    seen: list[tuple[str, float]] = []
    cache = ReadingCache(observe=lambda *pair: seen.append(pair))
    cache.get("a", version="1")
    cache.put("a", Reading(), version="1")
    cache.get("a", version="1")
    assert seen == [(MISS, 1), (HIT, 1)]


@pytest.mark.parametrize("text", ["\ud800", "\x00", ""])
def test_any_string_is_a_key(text: str) -> None:
    cache = ReadingCache()
    cache.put(text, Reading(abuse=0.5), version="1")
    assert cache.get(text, version="1") is not None


def test_many_threads_keep_to_the_bound() -> None:
    cache = ReadingCache(entries=8)

    def work(start: int) -> None:
        for number in range(start, start + 200):
            cache.put(str(number), Reading(), version="1")
            cache.get(str(number - 3), version="1")

    threads = [Thread(target=work, args=(100 * place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(cache) == 8
