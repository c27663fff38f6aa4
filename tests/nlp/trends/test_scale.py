"""One time scale."""

from __future__ import annotations

import pytest

from nlp.trends.scale import LEAST_DISPERSION, Scale
from tests.nlp.trends.series import calm


def learned(counts: list[float], *, mean: float) -> Scale:
    scale = Scale(1)
    for count in counts:
        scale.rarity(count, mean=mean, rising=count >= mean, caution=0.0)
    return scale


@pytest.mark.parametrize("dispersion", [0.05, 0.5])
def test_the_dispersion_is_learned(dispersion: float) -> None:
    scale = learned(calm(4_000, mean=50.0, dispersion=dispersion), mean=50.0)
    assert scale.dispersion == pytest.approx(dispersion, rel=0.2)


def test_a_constant_series_keeps_the_least_dispersion() -> None:
    assert learned([50.0] * 3_000, mean=50.0).dispersion == pytest.approx(LEAST_DISPERSION)


def test_a_burst_hardly_widens_what_it_is_judged_by() -> None:
    counts = calm(4_000, mean=50.0)
    counts[2_000:2_040] = [5_000.0] * 40
    assert learned(counts, mean=50.0).dispersion < 0.2


def test_a_sum_on_the_other_side_than_the_newest_bucket_is_no_surprise() -> None:
    scale = Scale(4)
    assert scale.rarity(500.0, mean=40.0, rising=False, caution=0.0) == 0.0
    assert scale.rarity(1.0, mean=40.0, rising=True, caution=0.0) == 0.0


def test_caution_makes_everything_less_rare() -> None:
    bold, careful = Scale(1), Scale(1)
    assert careful.rarity(90.0, mean=20.0, rising=True, caution=1.0) < bold.rarity(
        90.0, mean=20.0, rising=True, caution=0.0
    )


def test_among_nothing_three_posts_are_less_than_ten() -> None:
    few, many = Scale(1), Scale(1)
    assert few.rarity(3.0, mean=1e-4, rising=True, caution=0.0) < 9.0
    assert many.rarity(10.0, mean=1e-4, rising=True, caution=0.0) > 15.0
