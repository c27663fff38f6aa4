"""Copy groups of a stream."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.analysis import CopyKey
from nlp.spread.groups import MOST_IN_BAND, MOST_SKETCHES, MOST_TEXTS, CopyStream, Joined
from nlp.spread.near_duplicate import copy_key
from nlp.spread.sketch import BANDS, BITS, distance

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG = "今天在江湾店买的青柚茶里喝出一只虫子店员还不承认投诉也没人理大家千万别买了"
NO_WORDS = CopyKey(exact="", simhash=0, bands=())


def made(number: int, *, sketch: int = 0, bands: tuple[str, ...] = ()) -> CopyKey:
    """A key with two bands for each of the names given: one in common is not enough."""
    exact = f"{random.Random(number).getrandbits(96):024x}"
    return CopyKey(
        exact=exact, simhash=sketch, bands=tuple(f"{one}{n}" for one in bands for n in "12")
    )


def test_copies_share_a_group_and_count_as_posts_and_texts() -> None:
    stream = CopyStream()
    first = copy_key(LONG)
    stream.add("1", key=first, at=NOON)
    stream.add("2", key=first, at=NOON)
    joined = stream.add("3", key=copy_key(LONG + "真的"), at=NOON)
    assert joined == Joined(group=first.exact, posts=3, texts=2)


def test_a_post_that_comes_again_is_not_counted_again() -> None:
    stream = CopyStream()
    stream.add("1", key=copy_key(LONG), at=NOON)
    joined = stream.add("1", key=copy_key("别的话"), at=NOON)
    assert joined == Joined(group=copy_key(LONG).exact, posts=1, texts=1, again=True)


def test_a_post_without_words_is_in_no_group() -> None:
    stream = CopyStream()
    assert stream.add("1", key=NO_WORDS, at=NOON) == Joined(group="", posts=1, texts=0)
    assert stream.add("2", key=NO_WORDS, at=NOON) == Joined(group="", posts=1, texts=0)
    assert len(stream) == 0


def test_the_nearest_group_is_joined_and_the_older_of_two_equally_near() -> None:
    stream = CopyStream()
    for number, sketch in ((1, 0b111), (2, 0b1), (3, 0b10)):
        stream.add(
            str(number), key=made(number, sketch=sketch << 20, bands=(f"b{number}",)), at=NOON
        )
    bands = ("b1", "b2", "b3")
    assert stream.add("4", key=made(4, bands=bands), at=NOON).group == made(2).exact


def test_bands_alone_are_not_enough() -> None:
    stream = CopyStream()
    stream.add("1", key=made(1, bands=("b",)), at=NOON)
    far = made(2, sketch=(1 << 40) - 1, bands=("b",))
    assert stream.add("2", key=far, at=NOON).group == far.exact


def test_one_band_in_common_is_not_enough() -> None:
    stream = CopyStream()
    stream.add("1", key=made(1, bands=("b",)), at=NOON)
    other = replace(made(2), bands=("b1", "c2"))
    assert stream.add("2", key=other, at=NOON).group == other.exact


def test_a_quiet_group_is_forgotten_and_begins_anew() -> None:
    stream = CopyStream(horizon=timedelta(hours=1))
    key = copy_key(LONG)
    stream.add("1", key=key, at=NOON)
    for number, minutes in ((2, 62), (3, 63)):
        stream.add(str(number), key=made(number), at=NOON + timedelta(minutes=minutes))
    assert stream.add("1", key=key, at=NOON) == Joined(
        group=key.exact, posts=1, texts=1, again=True
    )
    assert stream.add("4", key=key, at=NOON + timedelta(minutes=64)).posts == 1


def test_one_post_from_the_future_forgets_nothing() -> None:
    stream = CopyStream(horizon=timedelta(hours=1))
    stream.add("1", key=made(1), at=NOON)
    stream.add("2", key=made(2), at=NOON + timedelta(days=3650))
    stream.add("3", key=made(3), at=NOON + timedelta(minutes=1))
    assert stream.add("4", key=made(1), at=NOON).posts == 2


def test_a_late_post_joins_and_keeps_the_group_no_younger() -> None:
    stream = CopyStream(horizon=timedelta(hours=1))
    stream.add("1", key=made(1), at=NOON)
    assert stream.add("2", key=made(1), at=NOON - timedelta(minutes=30)).posts == 2


def test_no_more_groups_than_allowed_are_kept() -> None:
    stream = CopyStream(most_groups=3)
    for number in range(5):
        stream.add(str(number), key=made(number, bands=(f"b{number}",)), at=NOON)
    assert len(stream) == 3
    assert stream.add("9", key=made(4), at=NOON).posts == 2
    assert stream.add("8", key=made(0), at=NOON).posts == 1


def test_ids_are_remembered_up_to_a_number() -> None:
    stream = CopyStream(most_ids=2)
    for post_id in "123":
        stream.add(post_id, key=made(1), at=NOON)
    assert stream.add("1", key=made(1), at=NOON).posts == 4
    assert stream.add("3", key=made(1), at=NOON).again


def test_many_texts_of_one_group_are_counted_nearly() -> None:
    stream = CopyStream()
    joined = [
        stream.add(str(number), key=made(number, bands=("b",)), at=NOON) for number in range(5_000)
    ]
    assert joined[MOST_TEXTS - 1].texts == MOST_TEXTS
    assert joined[MOST_TEXTS].texts == MOST_TEXTS + 1
    assert joined[-1].posts == 5_000
    assert 4_000 < joined[-1].texts < 6_000


def test_a_crowded_band_keeps_its_latest_texts() -> None:
    stream, draw, sketches = CopyStream(), random.Random(5), list[int]()
    while len(sketches) < MOST_IN_BAND + 10:
        sketch = draw.getrandbits(BITS)
        if all(distance(sketch, other, shared=BANDS) is None for other in sketches):
            sketches.append(sketch)
    for number, sketch in enumerate(sketches):
        stream.add(str(number), key=made(number, sketch=sketch, bands=("b",)), at=NOON)
    like_last = made(1_000, sketch=sketches[-1], bands=("b",))
    assert stream.add("again", key=like_last, at=NOON).group == made(len(sketches) - 1).exact
    like_first = made(1_001, sketch=sketches[0], bands=("b",))
    assert stream.add("first", key=like_first, at=NOON).group == like_first.exact


def test_a_group_keeps_the_sketches_of_its_first_texts() -> None:
    stream = CopyStream()
    for number in range(MOST_SKETCHES + 2):
        key = made(number, bands=("b", f"own{number}"))
        stream.add(str(number), key=key, at=NOON)
    kept = made(1_000, bands=(f"own{MOST_SKETCHES - 1}",))
    lost = made(1_001, bands=(f"own{MOST_SKETCHES + 1}",))
    assert stream.add("kept", key=kept, at=NOON).group == made(0).exact
    assert stream.add("lost", key=lost, at=NOON).group == lost.exact


@pytest.mark.parametrize("bounds", [{"most_groups": 0}, {"most_ids": 0}])
def test_bounds_below_one_are_refused(bounds: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        CopyStream(**bounds)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5), st.integers(-100, 100)), max_size=60)
)
def test_any_order_keeps_the_bounds_and_counts_each_post_once(
    posts: list[tuple[int, int, int]],
) -> None:
    stream = CopyStream(most_groups=3, horizon=timedelta(hours=20))
    for number, text, hours in posts:
        key = made(text, sketch=text << 55, bands=(f"b{text % 2}", f"c{text}"))
        joined = stream.add(str(number), key=key, at=NOON + timedelta(hours=hours))
        assert 1 <= joined.texts <= joined.posts <= 31
        assert len(stream) <= 3
