from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.stories import How, Merge, Phase, Split, Stories, StoryLimits, StoryPost
from tests.nlp.stories.building import SMALL, START, about, add, direction, fresh, homes


def how(stories: Stories, *posts: StoryPost) -> list[How]:
    return [item.how for item in add(stories, posts).placements]


def test_posts_about_one_thing_are_a_story() -> None:
    found = homes(
        add(fresh(), [about(subject, subject * 10 + n) for n in range(6) for subject in (1, 2)])
    )

    assert len({found[f"p{10 + n}"] for n in range(6)}) == 1
    assert len({found[f"p{20 + n}"] for n in range(6)}) == 1
    assert found["p10"] != found["p20"]


def test_it_is_told_of_from_three_posts_on() -> None:
    stories = fresh()

    add(stories, [about(1, 1), about(1, 2)])
    assert [story.phase for story in stories.living] == [Phase.SEED]
    add(stories, [about(1, 3)])
    assert [story.phase for story in stories.living] == [Phase.OPEN]


def test_a_post_twice_changes_nothing() -> None:
    stories = fresh()
    add(stories, [about(1, 1), about(1, 2)])

    again = add(stories, [about(1, 1)])

    assert [item.how for item in again.placements] == [How.KNOWN]
    assert not again.touched
    assert stories.living[0].tally.posts == 2


def test_copies_count_fully_and_shape_once() -> None:
    stories = fresh()
    posts = [about(1, n, copy_group="same", minutes=n / 60) for n in range(500)]

    add(stories, posts)

    (story,) = stories.living
    assert (story.tally.posts, story.tally.texts, story.weight) == (500, 1, 1.0)
    assert story.loudest is not None
    assert story.loudest.posts == 500


def test_a_repost_goes_where_the_shared_post_is_whatever_it_says() -> None:
    stories = fresh()
    add(stories, [about(1, 1)])

    shared = about(2, 2, shares="p1", terms=("哈哈",), vector=None)

    assert how(stories, shared) == [How.REPOST]
    assert stories.home("p2") is stories.home("p1")


def test_what_says_little_is_in_no_story_and_leads_nobody() -> None:
    stories = fresh()
    add(stories, [about(1, 1)])
    laugh = about(3, 2, terms=("哈哈",), copy_group="laugh")
    shared = replace(laugh, id="p3", shares="p1")

    assert how(stories, laugh, shared, replace(laugh, id="p4")) == [
        How.SILENT,
        How.REPOST,
        How.SILENT,
    ]


@pytest.mark.parametrize("vector", [None, np.zeros(128, np.float32)], ids=["none", "zeros"])
def test_without_a_vector_only_copies_and_reposts_find_home(
    vector: np.ndarray[tuple[int], np.dtype[np.float32]] | None,
) -> None:
    stories = fresh()
    add(stories, [about(1, 1)])

    posts = [about(1, 2, vector=vector), about(1, 3, vector=vector, copy_group="g1")]

    assert how(stories, *posts) == [How.SILENT, How.COPY]


def test_empty_texts_are_in_no_story() -> None:
    assert how(fresh(), about(1, 1, terms=(), vector=None, copy_group="", length=0)) == [How.SILENT]


def test_late_posts_are_passed_over() -> None:
    stories = fresh()
    add(stories, [about(1, 1)])

    old = about(1, 2, minutes=-SMALL.window / timedelta(minutes=1))

    assert how(stories, old) == [How.LATE]


def test_a_post_of_the_future_counts_as_of_now() -> None:
    stories = fresh()

    stories.add([about(1, 1, minutes=9_999)], now=START)

    assert stories.living[0].tally.last_at == START.timestamp()


def test_the_first_post_is_the_earliest_not_the_first_that_came() -> None:
    stories = fresh()
    add(stories, [about(1, 5), about(1, 3), about(1, 4)])

    assert stories.living[0].first_post == "p3"


def test_identical_times_are_fine() -> None:
    stories = fresh()
    add(stories, [about(1, n, minutes=0) for n in range(40)])

    assert [story.tally.posts for story in stories.living] == [40]


def test_a_quiet_story_leaves_and_its_posts_are_still_known() -> None:
    stories = fresh()
    add(stories, [about(1, n) for n in range(4)])
    later = [about(7 + n, 100 + n, minutes=6_000) for n in range(76)]

    changes = add(stories, later)

    assert [story.phase for story in changes.left.values() if story.shown] == [Phase.QUIET]
    assert how(stories, about(1, 0, minutes=5_999)) == [How.KNOWN]


def test_a_forgotten_seed_may_be_founded_again() -> None:
    stories = fresh()
    add(stories, [about(1, 1)])
    add(stories, [about(7 + n, 100 + n, minutes=2_000) for n in range(64)])

    assert how(stories, about(1, 1, minutes=1)) == [How.FOUNDED]


def test_the_working_memory_is_bounded_and_keeps_stories_before_seeds() -> None:
    stories = fresh()
    add(stories, [about(1, n, minutes=0) for n in range(4)])

    for batch in range(20):
        posts = [about(10 + batch * 50 + n, 1_000 + batch * 50 + n, minutes=1) for n in range(50)]
        add(stories, posts)
        assert len(stories) <= SMALL.stories

    assert [story.tally.posts for story in stories.living if story.shown] == [4]


def near_miss(subject: int, number: int, **changes: object) -> StoryPost:
    """Half about one thing, half about another: seeds that should have been one."""
    vector = direction(subject) + direction(subject + 500 + number % 2)
    terms = (*(f"词{subject}.{n}" for n in range(3)), *(f"边{number % 2}.{n}" for n in range(3)))
    return about(subject, number, vector=vector, terms=terms, **changes)


def test_stories_that_grow_together_become_one_and_the_older_keeps_its_id() -> None:
    strict = replace(fresh().rules, join=0.75, merge=0.3)
    stories = fresh(rules=strict)
    regroupings = []
    first = add(stories, [near_miss(1, n, minutes=n) for n in range(8)])
    older = min(stories.living, key=lambda story: story.founded).id
    for batch in range(1, 6):
        noise = [about(100 + 40 * batch + n, 900 + 40 * batch + n) for n in range(24)]
        more = [near_miss(1, batch * 8 + n, minutes=batch * 8 + n) for n in range(8)]
        regroupings += add(stories, more + noise).regroupings

    merges = [item for item in regroupings if isinstance(item, Merge)]
    assert len({item.story for item in first.placements}) == 2
    merged = next(item for item in merges if older in {item.into.id, item.gone.id})
    assert merged.into.id == older
    assert merged.gone.into == older
    assert stories.home("p0") is stories.home("p1")


def test_a_story_of_two_things_is_split_and_the_smaller_part_is_new() -> None:
    loose = replace(fresh().rules, join=-1.0, merge=5.0, split_below=0.1)
    stories = fresh(rules=loose)
    splits: list[Split] = []
    for batch in range(8):
        subjects = [1, 1, 1, 2] * 2 if batch < 3 else [1] * 8
        posts = [about(s, batch * 8 + n) for n, s in enumerate(subjects)]
        splits += [c for c in add(stories, posts).regroupings if isinstance(c, Split)]

    assert splits
    split = splits[0]
    assert split.part.origin == split.origin.id
    assert {text.terms.keys() >= {"词2.0"} for text in split.part.texts.values()} == {True}
    assert stories.home(next(iter(split.part.texts.values())).post) is split.part
    assert split.part.tally.posts == len(split.groups)


def test_the_answer_does_not_depend_on_how_posts_are_cut_into_batches() -> None:
    posts = [about(n % 7, n, copy_group=f"g{n // 3}" if n % 5 else f"g{n}") for n in range(200)]
    whole, pieces = fresh(), fresh()

    first = [item.story for item in whole.add(posts, now=START).placements]
    second = [
        item.story
        for start in range(0, 200, 7)
        for item in pieces.add(posts[start : start + 7], now=START).placements
    ]

    assert first == second
    assert {s.id: s.tally.posts for s in whole.living} == {
        s.id: s.tally.posts for s in pieces.living
    }


def test_a_vector_of_another_width_is_refused_by_name() -> None:
    stories = fresh()
    add(stories, [about(1, 1)])

    with pytest.raises(
        ValueError, match=r"post 'p2' has a vector of 3 numbers, others .* have 128"
    ):
        add(stories, [about(1, 2, vector=np.ones(3, np.float32))])


def test_what_is_no_number_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"post 'p1': its vector .* length nan"):
        add(fresh(), [about(1, 1, vector=np.full(128, np.nan, np.float32))])


def test_spaces_are_never_compared_but_copies_cross_them() -> None:
    stories = fresh()
    add(stories, [about(1, n) for n in range(3)])
    other = np.ones(5, np.float32)

    posts = [
        about(1, 10, space="b", vector=other, copy_group="g1"),
        about(1, 11, space="b", vector=other),
    ]

    assert how(stories, *posts) == [How.COPY, How.FOUNDED]


def test_limits_that_do_not_agree_are_refused() -> None:
    with pytest.raises(ValueError, match="limits do not agree"):
        StoryLimits(stories=100, block=64)


streams = st.lists(
    st.tuples(
        st.integers(0, 5),  # subject
        st.integers(-6_000, 6_000),  # minutes
        st.integers(0, 25),  # copy group
        st.none() | st.integers(0, 60),  # what it shares
        st.sampled_from(["vector", "zeros", "silent"]),
    ),
    max_size=150,
)


@settings(max_examples=25)
@given(stream=streams, size=st.integers(1, 40))
def test_any_order_of_batches_leaves_valid_stories(
    stream: list[tuple[int, int, int, int | None, str]], size: int
) -> None:
    stories = fresh(replace(SMALL, stories=32, posts=64))
    ids: set[str] = set()
    counted: dict[str, str] = {}
    for start in range(0, len(stream), size):
        posts = []
        for number, (subject, minutes, group, shares, kind) in enumerate(
            stream[start : start + size], start=start
        ):
            post = about(subject, number, minutes=minutes, copy_group=f"g{group}")
            if shares is not None:
                post = replace(post, shares=f"p{shares}")
            if kind == "zeros":
                post = replace(post, vector=np.zeros(128, np.float32))
            if kind == "silent":
                post = replace(post, terms=())
            posts.append(post)
        before = {story.id for story in stories.living}
        changes = add(stories, posts)

        assert len(changes.placements) == len(posts)
        assert len(stories) <= 32
        born = {name for name in changes.touched if name not in before}
        assert not born & ids, "an id was given twice"
        ids |= born
        for item in changes.placements:
            assert item.post not in counted
            if item.story is not None:
                counted[item.post] = item.story
        for item in changes.regroupings:
            if isinstance(item, Merge):
                counted = {p: item.into.id if s == item.gone.id else s for p, s in counted.items()}
            else:
                moved = set(item.groups)
                counted = {
                    p: item.part.id
                    if s == item.origin.id and f"g{stream[int(p[1:])][2]}" in moved
                    else s
                    for p, s in counted.items()
                }
        for story in stories.living:
            assert story.tally.posts == sum(home == story.id for home in counted.values())
            assert sum(story.tally.curve.counts.values()) == story.tally.posts
            assert 1 <= story.tally.texts <= story.tally.posts
            assert story.first_post in counted
            assert len(story.texts) <= SMALL.sample
