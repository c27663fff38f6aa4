from __future__ import annotations

import json

import pytest

from nlp.stories.tally import COLD, MOST_NAMES, OTHERS, Tally
from tests.nlp.stories.building import START, about

NOW = START.timestamp()


def tally_of(*seconds: float, texts: int | None = None, **changes: object) -> Tally:
    tally = Tally()
    for number, at in enumerate(seconds):
        new = texts is None or number < texts
        tally.add(about(1, number, **changes), at=NOW + at, new_text=new)
    return tally


def test_a_steady_stream_has_its_own_pace() -> None:
    tally = tally_of(*(-36 * n for n in range(2_000)))  # 100 an hour for 20 hours

    assert tally.pace(NOW) == pytest.approx(100, rel=0.02)


def test_the_pace_of_the_past_fades() -> None:
    tally = tally_of(0, 0, 0, 0)

    assert tally.pace(NOW + 3_600) == pytest.approx(tally.pace(NOW) / 2)
    assert tally.pace(NOW + 10**7) == 0


def test_heat_orders_stories_by_their_pace_at_every_instant() -> None:
    early, late = tally_of(*[-7_200] * 10), tally_of(*[0] * 3)

    assert (early.heat < late.heat) == (early.pace(NOW) < late.pace(NOW))


def test_warm_is_what_many_say_just_now() -> None:
    assert tally_of(*[0] * 40).warmth(NOW) > 0.9
    assert tally_of(*[0] * 40).warmth(NOW + 36_000) < 0.1
    assert tally_of(0, 0).warmth(NOW) < 0.3
    assert tally_of(*(-3_600 * n for n in range(200))).warmth(NOW) < 0.05
    assert Tally().warmth(NOW) == 0


def test_what_is_joined_can_be_taken_out() -> None:
    whole, part = tally_of(0, 10, 20), tally_of(5, 15, source="forum", sentiment=None)
    before = json.loads(json.dumps(whole.plain()))

    whole.join(part)
    assert (whole.posts, whole.sources, whole.sentiments) == (
        5,
        {"weibo": 3, "forum": 2},
        {"negative": 3, "unknown": 2},
    )
    whole.take_out(part)

    after = whole.plain()
    assert after.pop("heat") == pytest.approx(before.pop("heat"))
    assert after == before


def test_all_taken_out_is_cold() -> None:
    tally = tally_of(0, 1)

    tally.take_out(tally_of(0, 1))

    assert (tally.posts, tally.heat) == (0, COLD)


def test_names_are_bounded() -> None:
    tally = Tally()
    for number in range(MOST_NAMES + 5):
        tally.add(about(1, number, source=f"s{number}"), at=NOW, new_text=True)

    assert len(tally.sources) == MOST_NAMES + 1
    assert tally.sources[OTHERS] == 5


def test_it_is_kept_as_it_is() -> None:
    tally = tally_of(0, 50_000)

    assert Tally.of(json.loads(json.dumps(tally.plain()))) == tally
