from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from nlp.stories import How, Stories, restored, saved
from tests.nlp.stories.building import about, add, fresh


def handed_over(old: Stories) -> Stories:
    """Another process, which reads what the first has kept."""
    new = fresh()
    new.recall(old.learnt())
    for story in old.living:
        kept = saved(story, old.mean(story))
        assert "vector" not in json.dumps(kept.data)
        back, mean = restored(replace(kept, data=json.loads(json.dumps(kept.data))))
        new.take_in(back, mean)
    return new


def test_another_process_goes_on_with_the_same_stories() -> None:
    old = fresh()
    add(old, [about(n % 3, n) for n in range(64)])
    new = handed_over(old)
    for number in range(64):
        home = old.home(f"p{number}")
        assert home is not None
        new.remember(f"p{number}", home.id, group=f"g{number}")

    more = [about(n % 3, n) for n in range(64, 80)] + [about(9, 90, copy_group="g1"), about(1, 5)]
    here, there = add(old, more), add(new, more)

    assert [(p.story, p.how) for p in here.placements] == [
        (p.story, p.how) for p in there.placements
    ]
    assert there.placements[-1].how is How.KNOWN
    for story in old.living:
        other = new.story(story.id)
        assert other is not None
        assert other.tally.posts == story.tally.posts
        np.testing.assert_allclose(new.mean(other), old.mean(story), atol=2e-3)


def test_representatives_are_of_different_texts_the_loudest_among_them() -> None:
    stories = fresh()
    add(stories, [about(1, n, copy_group="loud" if n > 20 else f"g{n}") for n in range(40)])
    (story,) = stories.living

    data = saved(story, stories.mean(story)).data

    assert len(set(data["representatives"])) == 5
    assert data["representatives"][1] == "p21"
    assert data["loudest"] == ["loud", "p21", 19, 40]


def test_another_version_is_refused() -> None:
    stories = fresh()
    add(stories, [about(1, 1)])
    kept = saved(stories.living[0], stories.mean(stories.living[0]))

    with pytest.raises(ValueError, match="version 7"):
        restored(replace(kept, data={**kept.data, "version": 7}))


def test_taking_in_what_is_there_changes_nothing() -> None:
    stories = fresh()
    add(stories, [about(1, 1)])
    (story,) = stories.living
    back, mean = restored(saved(story, stories.mean(story)))

    stories.take_in(back, mean)
    stories.remember("p9", "sto_unknown")

    assert stories.living == (story,)
    assert stories.home("p9") is None


def test_who_shares_without_a_word_stands_for_nothing() -> None:
    stories = fresh()
    add(stories, [about(1, n) for n in range(3)])
    bare = [
        about(1, n, shares="p1", copy_group="bare", vector=None, terms=(), length=4)
        for n in range(10, 30)
    ]
    add(stories, bare)
    (story,) = stories.living

    data = saved(story, stories.mean(story)).data

    assert data["loudest"] == ["bare", "p10", 20, 4]
    assert set(data["representatives"]) == {"p0", "p1", "p2"}
