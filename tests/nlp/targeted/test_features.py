"""An entity in a post as a sparse vector."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.targeted.entity import Entity
from nlp.targeted.features import NAMED, TABLE, Vector, vectors
from nlp.targeted.mentions import MentionFinder
from nlp.text.normalizer import normalize


def _vectors(text: str, *names: str) -> dict[int, Vector]:
    finder = MentionFinder([Entity(name) for name in names])
    normal = normalize(text).text
    return vectors(normal, finder.find(normal), finder.names)


def test_only_the_named_have_a_vector() -> None:
    assert set(_vectors("云帆坏了", "极川", "云帆")) == {1}


def test_who_is_not_named_changes_nothing() -> None:
    one, two = _vectors("云帆坏了", "云帆")[0], _vectors("云帆坏了", "极川", "云帆")[1]

    assert np.array_equal(one.places, two.places)
    assert np.array_equal(one.values, two.values)


def test_names_are_masked() -> None:
    one, two = (
        _vectors("从极川换到云帆", "极川", "云帆"),
        _vectors("从岚星换到墨石", "岚星", "墨石"),
    )

    assert np.array_equal(one[0].places, two[0].places)


def test_the_first_place_is_the_constant() -> None:
    found = _vectors("从极川换到云帆", "极川", "云帆")

    assert all(v.places[0] == 0 and v.values[0] == 1 for v in found.values())


def test_signs_and_phrases_have_room() -> None:
    assert len(NAMED) <= 128
    assert len(set(NAMED)) == len(NAMED)


def test_more_mentions_than_are_considered() -> None:
    few, many = _vectors("云帆坏," * 16, "云帆")[0], _vectors("云帆坏," * 900, "云帆")[0]

    share = NAMED.index("mentions")
    assert few.values[few.places == share] == many.values[many.places == share]


@settings(max_examples=60)
@given(st.text(alphabet="甲乙丙,。#【】比不如坏\ud800\U000f0001 a1", max_size=60))
def test_any_text_has_finite_vectors_inside_the_table(text: str) -> None:
    for vector in _vectors(text, "甲", "乙丙", "a").values():
        assert len(vector.places) == len(vector.values)
        assert np.all((vector.places >= 0) & (vector.places < TABLE))
        assert np.all(np.isfinite(vector.values))
