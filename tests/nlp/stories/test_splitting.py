from __future__ import annotations

import numpy as np
import pytest

from nlp.stories.splitting import parts_of, same_part
from tests.nlp.stories.building import direction


def texts(*subjects: int) -> np.ndarray:
    return np.stack([direction(s, spread=0.3, seed=n) for n, s in enumerate(subjects)])


def test_two_things_are_two_parts_the_smaller_named() -> None:
    assert parts_of(texts(1, 2, 1, 1, 2, 1, 1, 2), below=0.3) == (1, 4, 7)


def test_of_equal_parts_the_first_text_stays() -> None:
    assert parts_of(texts(1, 2, 1, 2, 1, 2, 1, 2), below=0.3) == (1, 3, 5, 7)


@pytest.mark.parametrize(
    "subjects",
    [(1,) * 8, (1, 2, 1, 1, 1, 1, 1, 2), (1, 2, 1, 2, 1, 2)],
    ids=["one thing", "two odd texts", "too few"],
)
def test_otherwise_it_is_one(subjects: tuple[int, ...]) -> None:
    assert parts_of(texts(*subjects), below=0.3) is None


def test_equal_texts_are_one() -> None:
    assert parts_of(np.ones((8, 4), np.float32) / 2, below=0.3) is None


def test_the_same_part_has_most_texts_in_common() -> None:
    assert same_part(frozenset("abc"), frozenset("abcd"))
    assert not same_part(frozenset("abc"), frozenset("cde"))
