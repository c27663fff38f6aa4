"""How far the posts of one text look like the work of one hand."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.spread.coordination import FEWEST, WEIGHTS, Coordination, Posting, Sign, judge_coordination

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def posting(number: int, *, minutes: float = 0, **fields: Any) -> Posting:
    return Posting(author=f"a{number}", at=NOON + timedelta(minutes=minutes), **fields)


def value(found: Coordination, sign: Sign) -> float | None:
    return next(part.value for part in found.parts if part.sign is sign)


def campaign(seed: int) -> list[Posting]:
    draw = random.Random(seed)
    return [
        posting(
            draw.randrange(30),
            minutes=draw.uniform(0, 40),
            followers=draw.randrange(20) if draw.random() < 0.8 else None,
            handle=f"小店福利{draw.randrange(10**6)}",
        )
        for _ in range(60)
    ]


def sharing(seed: int) -> list[Posting]:
    draw = random.Random(seed)
    return [
        posting(
            number,
            minutes=30 * draw.paretovariate(0.6),
            shared=True,
            followers=int(100 * draw.paretovariate(0.7)),
            handle=draw.choice("阿白小陈老周晚风") + str(draw.random()).replace("0.", ""),
        )
        for number in range(200)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_a_campaign_scores_high_and_sharing_low(seed: int) -> None:
    assert judge_coordination(campaign(seed)).score > 0.7
    assert judge_coordination([replace(one, handle=None) for one in sharing(seed)]).score < 0.35


def test_the_weights_are_shares() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    assert set(WEIGHTS) == set(Sign)


def test_too_few_posts_say_nothing() -> None:
    few = judge_coordination(campaign(1)[: FEWEST - 1])
    assert few.score == 0
    assert value(few, Sign.TIMING) is None
    none = judge_coordination([])
    assert (none.score, none.posts, none.authors) == (0, 0, 0)
    assert all(part.value is None for part in none.parts)


def test_an_account_is_suspicious_when_young_small_or_unseen() -> None:
    known = [
        posting(1, followers=3),
        posting(2, followers=500, joined_at=NOON - timedelta(days=3)),
        posting(3, followers=500, joined_at=NOON - timedelta(days=300)),
        posting(4, seen_before=False),
        posting(5, seen_before=True),
        posting(6),
    ]
    found = judge_coordination(known)
    assert value(found, Sign.ACCOUNTS) == pytest.approx((1 + 1 + 0 + 0.4 + 0) / 5)
    assert next(part.known for part in found.parts if part.sign is Sign.ACCOUNTS) == 5


def test_an_author_counts_once_by_the_worst_post() -> None:
    twice = [posting(1, followers=900), posting(1, followers=3), posting(2, followers=900)]
    assert value(judge_coordination(twice), Sign.ACCOUNTS) == 0.5


@pytest.mark.parametrize(("minutes", "expected"), [(3, 1.0), (1440 * 2, 0.0)])
def test_timing_is_the_span_of_most_posts(minutes: int, expected: float) -> None:
    posts = [posting(number, minutes=number * minutes) for number in range(5)]
    assert value(judge_coordination(posts), Sign.TIMING) == pytest.approx(expected)


def test_posts_by_the_clock_are_one_hand_however_long_they_take() -> None:
    regular = [posting(number, minutes=number * 60) for number in range(48)]
    assert value(judge_coordination(regular), Sign.TIMING) == 1
    draw = random.Random(3)
    chance = [posting(number, minutes=draw.uniform(0, 48 * 60)) for number in range(48)]
    assert value(judge_coordination(chance), Sign.TIMING) < 0.3


def test_identical_times_are_tight() -> None:
    assert value(judge_coordination([posting(n) for n in range(30)]), Sign.TIMING) == 1


def test_pasted_and_repeats_are_shares_of_posts() -> None:
    found = judge_coordination(
        [posting(1), posting(1), posting(1, shared=True), posting(2, shared=True)]
    )
    assert value(found, Sign.PASTED) == 0.5
    assert value(found, Sign.REPEATS) == 0.5


def test_handles_of_one_stem_are_alike() -> None:
    names = ["福利1", "福利22", "福利333", "小陈", "阿白7", "阿白8"]
    found = judge_coordination([posting(n, handle=name) for n, name in enumerate(names)])
    assert value(found, Sign.HANDLES) == 0.5
    assert value(judge_coordination([posting(1, handle="福利1")]), Sign.HANDLES) is None


def test_what_is_unknown_weighs_half_and_says_nothing() -> None:
    posts = [posting(n, minutes=n * 1440) for n in range(10)]
    assert judge_coordination(posts).score == pytest.approx(0.20 / (0.6 + 0.2))


@settings(max_examples=60)
@given(
    st.lists(
        st.builds(
            Posting,
            author=st.sampled_from("abc"),
            at=st.datetimes(timezones=st.just(UTC)),
            shared=st.booleans(),
            followers=st.none() | st.integers(-1, 10**9),
            joined_at=st.none() | st.datetimes(timezones=st.just(UTC)),
            seen_before=st.none() | st.booleans(),
            handle=st.none() | st.text(max_size=4),
        ),
        max_size=30,
    ),
    st.randoms(use_true_random=False),
)
def test_any_posts_in_any_order_have_one_score(posts: list[Posting], draw: random.Random) -> None:
    found = judge_coordination(posts)
    assert 0 <= found.score <= 1
    mixed = list(posts)
    draw.shuffle(mixed)
    assert judge_coordination(mixed).score == pytest.approx(found.score)
