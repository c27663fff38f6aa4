"""Silences."""

from __future__ import annotations

from nlp.trends.silence import Silence


def rarities(counts: list[float], *, mean: float) -> list[float]:
    silence = Silence()
    return [silence.rarity(count, mean=mean, dispersion=lambda _: 0.05) for count in counts]


def test_a_silence_grows_rarer_and_ends_with_a_post() -> None:
    found = rarities([1.0, *[0.0] * 20, 2.0], mean=1.0)
    assert found[0] == found[-1] == 0.0
    assert found[1:-1] == sorted(found[1:-1])
    assert found[-2] > 10.0


def test_where_silences_are_usual_one_is_no_surprise() -> None:
    often = rarities([1.0, *[0.0] * 20] * 100, mean=1.0)
    assert often[-1] < 6.0


def test_what_never_spoke_is_not_silent() -> None:
    assert set(rarities([0.0] * 200, mean=1.0)) == {0.0}


def test_each_length_is_judged_by_its_own_dispersion() -> None:
    silence, asked = Silence(), []

    def dispersion(buckets: int) -> float:
        asked.append(buckets)
        return 0.1

    for count in (1.0, 0.0, 0.0, 3.0, 0.0):
        silence.rarity(count, mean=1.0, dispersion=dispersion)
    assert asked == [1, 2, 1]
