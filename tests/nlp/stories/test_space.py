from __future__ import annotations

import numpy as np
import pytest

from nlp.stories.centre import HORIZON, Centre
from nlp.stories.commonness import MOST_SEEN, Commonness, place_of
from nlp.stories.knowledge import packed
from nlp.stories.recent import Recent
from nlp.stories.space import Spaces
from tests.nlp.stories.building import about, direction


def test_common_words_tell_little_and_unknown_ones_much() -> None:
    commonness = Commonness({"今天": 20_000}, posts=46_372)

    assert commonness.bits("今天") < 2
    assert commonness.bits("玻璃碎片") > 9


def test_a_word_of_every_text_soon_tells_nothing() -> None:
    commonness = Commonness({}, posts=46_372)
    for _ in range(20_000):
        commonness.add(["澄屿"])

    assert commonness.bits("澄屿") < 0.5


def test_counts_fade() -> None:
    commonness = Commonness({}, posts=1)
    commonness.recall(MOST_SEEN - 1.0, np.ones(1 << 16, np.float32))

    commonness.add(["a"])

    texts, seen = commonness.state
    assert texts == MOST_SEEN / 2
    assert float(seen[place_of("a") % (1 << 16)]) == 1.0


def test_counters_of_another_number_are_refused() -> None:
    with pytest.raises(ValueError, match="3 counters"):
        Commonness({}, posts=1).recall(1.0, np.ones(3, np.float32))


def test_words_that_differ_in_one_place_do_not_collide_together() -> None:
    places = [{place_of(f"词{row}.{n}") % 256 for n in range(4)} for row in range(400)]

    assert max(len(one & two) for i, one in enumerate(places) for two in places[:i]) < 4


def test_around_the_centre_unlike_texts_are_far_apart() -> None:
    common = direction(99) * 3
    vectors = [(v := common + direction(n)) / np.linalg.norm(v) for n in range(40)]
    centre = Centre(128)
    for vector in vectors:
        centre.add(vector)

    assert vectors[0] @ vectors[1] > 0.8
    assert abs(centre.around(vectors[0]) @ centre.around(vectors[1])) < 0.3
    assert not centre.around(centre.mean.astype(np.float32)).any()
    assert 0.4 < centre.trust < 0.5


def test_the_centre_follows_the_stream() -> None:
    centre = Centre(128, mean=np.zeros(128), seen=HORIZON)

    centre.add(direction(1))

    assert centre.seen == HORIZON


def test_what_was_learnt_can_be_recalled() -> None:
    one = Spaces(most=8, commonness=Commonness({}, posts=1))
    two = Spaces(most=8, commonness=Commonness({}, posts=1))
    post = about(1, 1)
    for number in range(9):
        one.note(about(number, number), one.signature(about(number, number)).words)
    one.learn()

    two.recall(one.learnt())

    left, right = one.signature(post), two.signature(post)
    assert left.words == right.words
    assert left.vector is not None
    assert right.vector is not None
    np.testing.assert_allclose(left.vector, right.vector, atol=1e-6)


def test_a_space_of_another_width_is_refused() -> None:
    spaces = Spaces(most=8, commonness=Commonness({}, posts=1))
    spaces.signature(about(1, 1))

    with pytest.raises(ValueError, match="a space that was kept"):
        spaces.recall([packed("test", seen=1, values=np.ones(3, np.float32))])


def test_the_recent_are_kept() -> None:
    recent: Recent[str] = Recent(2)
    for key in "ab":
        recent.put(key, key.upper())
    assert recent.get("a") == "A"
    recent.put("c", "C")

    assert (len(recent), recent.get("b"), recent.get("a")) == (2, None, "A")
