from __future__ import annotations

import numpy as np
import pytest

from nlp.stories.lookup import Lookup
from nlp.stories.story import Story
from tests.nlp.stories.building import START, about, direction

NOW = START.timestamp()


def story(number: int, *, hours_ago: float = 0) -> Story:
    made = Story(id=f"s{number}", space="test", founded=NOW)
    made.tally.add(about(1, number), at=NOW - 3_600 * hours_ago, new_text=True)
    return made


def test_rows_move_when_one_leaves() -> None:
    lookup = Lookup(width=128, most=400)
    stories = [story(number) for number in range(300)]
    for number, item in enumerate(stories):
        lookup.put(item, direction(number), now=NOW)

    lookup.remove(stories[0])

    assert len(lookup) == 299
    assert stories[0] not in lookup
    best = int(np.argmax(lookup.products(direction(299)[None])[0]))
    assert lookup.at(best) is stories[299]
    np.testing.assert_array_equal(lookup.mean(stories[299]), direction(299))


def test_what_changed_is_compared_anew() -> None:
    lookup = Lookup(width=128, most=8)
    first, second = story(1), story(2)
    lookup.put(first, direction(1), now=NOW)
    lookup.settle()
    before = lookup.products(direction(7)[None])[0]
    lookup.put(first, direction(7), now=NOW)
    lookup.put(second, direction(2), now=NOW)

    fresh = lookup.refreshed(before, direction(7))

    assert fresh[0] == pytest.approx(1, abs=1e-5)
    assert len(fresh) == 2
    lookup.settle()
    assert lookup.refreshed(fresh, direction(7)) is fresh


def test_time_takes_and_warmth_gives() -> None:
    lookup = Lookup(width=128, most=8)
    lookup.put(story(1, hours_ago=48), direction(1), now=NOW)
    cosines = np.array([0.5], np.float32)

    assert lookup.scores(cosines, at=NOW, fade_a_day=0.1, warmth=1)[0] == pytest.approx(0.3)

    busy = story(2)
    busy.weight = 61.0
    for number in range(50):
        busy.tally.add(about(1, number), at=NOW, new_text=True)
    lookup.put(busy, direction(2), now=NOW)
    assert lookup.scores(np.array([0, 0.5], np.float32), at=NOW, fade_a_day=0.1, warmth=1)[1] > 1.3
    lookup.cool(NOW + 36_000)
    assert lookup.scores(np.array([0, 0.5], np.float32), at=NOW, fade_a_day=0.1, warmth=1)[1] < 0.6


def test_two_stories_are_as_warm_as_the_cooler() -> None:
    lookup = Lookup(width=128, most=8)
    one, two = story(1), story(2, hours_ago=24)
    lookup.put(one, direction(1), now=NOW)
    lookup.put(two, direction(1), now=NOW)

    cosines, scores = lookup.compared([one], fade_a_day=0.1, warmth=1)

    assert cosines[0] == pytest.approx([1, 1], abs=1e-5)
    assert scores[0] == pytest.approx([1, 0.9], abs=1e-5)


def test_there_is_no_room_beyond_the_bound() -> None:
    lookup = Lookup(width=128, most=1)
    lookup.put(story(1), direction(1), now=NOW)

    with pytest.raises(OverflowError, match="1 stories are there"):
        lookup.put(story(2), direction(2), now=NOW)
