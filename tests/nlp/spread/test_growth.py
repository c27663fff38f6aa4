"""The size of a cascade from its first minutes."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.spread.errors import BadGrowthWeights
from nlp.spread.growth import (
    FEATURES,
    VERSION,
    WINDOWS,
    GrowthWeights,
    NoPrediction,
    Prediction,
    WindowWeights,
    growth_features,
    load_growth_weights,
    predict_size,
    read_growth_weights,
)

BEGAN = datetime(2026, 3, 1, 4, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
ONE = WindowWeights(
    mean=(0.0,) * 6,
    scale=(1.0,) * 6,
    weights=(1.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    intercept=math.log(2),
    low=-1.0,
    high=1.0,
    fewest=3,
    most=1_000,
)
WEIGHTS = GrowthWeights(
    windows={WINDOWS[0]: ONE, WINDOWS[1]: replace(ONE, intercept=0)}, version="v"
)


def times(count: int, *, every: float = 1) -> list[datetime]:
    return [BEGAN + timedelta(minutes=number * every) for number in range(count)]


def predicted(
    posts: list[datetime], *, minutes: float, followers: int | None = None
) -> Prediction | NoPrediction:
    now = BEGAN + timedelta(minutes=minutes)
    return predict_size(posts, began=BEGAN, now=now, followers=followers, weights=WEIGHTS)


def test_the_half_hour_is_read_when_it_has_closed() -> None:
    found = predicted(times(50), minutes=40)
    assert found == Prediction(
        size=2 * 32, low=41, high=round(64 * math.e), seen=41, window=HALF_HOUR, version="v"
    )


def test_the_hour_is_read_from_its_end() -> None:
    found = predicted(times(50), minutes=60)
    assert isinstance(found, Prediction)
    assert (found.window, found.size) == (WINDOWS[1], 51)


def test_no_size_is_below_what_is_here() -> None:
    found = predicted(times(500), minutes=600)
    assert isinstance(found, Prediction)
    assert (found.low, found.size, found.seen) == (500, 500, 500)


@pytest.mark.parametrize(
    ("count", "minutes", "why"),
    [
        (50, 29.9, NoPrediction.TOO_YOUNG),
        (2, 90, NoPrediction.TOO_FEW),
        (0, 90, NoPrediction.TOO_FEW),
    ],
)
def test_too_young_and_too_few(count: int, minutes: float, why: NoPrediction) -> None:
    assert predicted(times(count), minutes=minutes) is why


def test_more_than_was_learned_from_is_not_guessed() -> None:
    assert predicted(times(1_001, every=0.01), minutes=30) is NoPrediction.TOO_MANY


def test_posts_to_come_are_not_read() -> None:
    known = times(20)
    later = [BEGAN + timedelta(days=1)] * 30
    assert predicted(known + later, minutes=30) == predicted(known, minutes=30)


def test_posts_before_the_first_count_as_at_it() -> None:
    early = [BEGAN - timedelta(hours=5)] * 5
    assert predicted(early, minutes=30) == predicted([BEGAN] * 5, minutes=30)


def test_features() -> None:
    ages = [timedelta(minutes=minutes) for minutes in (0, 10, 16, 25, 30, 31)]
    found = growth_features(ages, window=HALF_HOUR, began=BEGAN, followers=99)
    assert len(found) == len(FEATURES)
    assert found[:4] == pytest.approx([math.log(6), math.log(4), math.log(3), math.log(100)])
    # 04:00 UTC is noon in China
    assert found[4:] == pytest.approx([0, -1])


def test_an_unknown_audience_stands_at_the_mean() -> None:
    followed = replace(
        ONE, weights=(0.0, 0.0, 0.0, 1.0, 0.0, 0.0), mean=(0, 0, 0, math.log1p(50), 0, 0)
    )
    weights = GrowthWeights(windows=dict.fromkeys(WINDOWS, followed), version="v")
    given_ = {"began": BEGAN, "now": BEGAN + HALF_HOUR, "weights": weights}
    unknown, mean, more = (
        predict_size(times(3), followers=followers, **given_) for followers in (None, 50, 5_000)
    )
    assert unknown == mean != more


def test_the_shipped_weights_expect_more_of_a_faster_cascade() -> None:
    def size(count: int) -> int:
        posts = times(count, every=30 / count)
        found = predict_size(posts, began=BEGAN, now=BEGAN + HALF_HOUR, followers=10_000)
        assert isinstance(found, Prediction)
        assert found.low <= found.size <= found.high
        return found.size

    assert size(20) < size(80) < size(320)
    assert load_growth_weights().version.startswith(VERSION)


@settings(max_examples=60)
@given(
    st.lists(st.timedeltas(timedelta(days=-2), timedelta(days=400)), max_size=40),
    st.timedeltas(timedelta(days=-1), timedelta(days=400)),
    st.none() | st.integers(-5, 10**12),
)
def test_later_posts_change_nothing(
    ages: list[timedelta], age: timedelta, followers: int | None
) -> None:
    now = BEGAN + age
    given_ = {"began": BEGAN, "now": now, "followers": followers}
    posts = [BEGAN + one for one in ages]
    found = predict_size(posts, **given_)
    assert found == predict_size([at for at in posts if at <= now], **given_)
    if isinstance(found, Prediction):
        assert found.seen <= found.low <= found.size <= found.high


def document() -> dict[str, Any]:
    row = {
        **{name: [1.0] * 6 for name in ("mean", "scale", "weights")},
        **{"intercept": 1, "low": -1, "high": 1, "fewest": 3, "most": 9},
    }
    return {"features": VERSION, "names": list(FEATURES), "windows": {"1800": row, "3600": row}}


def test_weights_are_read(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(document()), "utf-8")
    found = read_growth_weights(path)
    assert found.windows[HALF_HOUR].fewest == 3
    assert found.version.startswith(f"{VERSION}-")


@pytest.mark.parametrize(
    "change",
    [
        {"features": "growth-0"},
        {"names": ["posts"]},
        {"windows": {}},
        {"windows": {"1800": document()["windows"]["1800"], "3600": {}}},
        {"windows": dict.fromkeys(("1800", "3600"), document()["windows"]["1800"] | {"mean": 1})},
        {"windows": dict.fromkeys(("1800", "3600"), document()["windows"]["1800"] | {"mean": [1]})},
        {"windows": dict.fromkeys(("1800", "3600"), document()["windows"]["1800"] | {"low": "x"})},
    ],
)
def test_other_weights_are_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(document() | change), "utf-8")
    with pytest.raises(BadGrowthWeights, match=r"weights\.json.*nlp\.training\.cascade"):
        read_growth_weights(path)


@pytest.mark.parametrize("content", [None, b"{", b"[]", b"\xff"])
def test_broken_weights_are_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "weights.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadGrowthWeights, match="cannot be read"):
        read_growth_weights(path)
