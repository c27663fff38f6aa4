from __future__ import annotations

from nlp.stories import Recount, saved
from tests.nlp.stories.building import about, add, fresh

POSTS = [about(1, n, copy_group=f"g{n // 2}") for n in range(12)]


def test_what_is_left_is_counted_anew() -> None:
    stories = fresh()
    add(stories, POSTS)
    (story,) = stories.living
    kept = saved(story, stories.mean(story))
    recount = Recount()
    recount.add(reversed(POSTS[1:6]))

    left = recount.of(kept, words={"词1.0"})

    assert left is not None
    assert left.data["tally"]["posts"] == 5
    assert left.data["tally"]["texts"] == 3
    assert left.data["first_post"] == "p1"
    assert set(left.data["terms"]) == {"词1.0"}
    assert {text["group"]: text["tally"]["posts"] for text in left.data["texts"]} == {
        "g0": 1,
        "g1": 2,
        "g2": 2,
    }
    assert set(left.data["representatives"]) <= {"p1", "p2", "p4"}
    assert left.data["representatives"]


def test_nothing_left_is_no_story() -> None:
    stories = fresh()
    add(stories, POSTS)
    (story,) = stories.living

    assert Recount().of(saved(story, stories.mean(story)), words=()) is None
