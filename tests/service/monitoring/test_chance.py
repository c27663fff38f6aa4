"""What stands of a burst when hundreds of series are looked at."""

from __future__ import annotations

from datetime import timedelta

from service.monitoring.baseline import Baseline
from service.monitoring.chance import CHANCE_CAP, Discoveries
from service.monitoring.series import Burst
from tests.support.clock import START

SLIGHT = Baseline(negative=Burst(score=0.97))
CALM = {"*": Baseline(posts=Burst(score=0.3))}


def crowd(monitors: int) -> Discoveries:
    """So many monitors that have just been found calm."""
    found = Discoveries()
    for number in range(monitors):
        found.standing(f"m{number}", CALM, now=START)
    return found


def score(found: dict[str, Baseline]) -> float:
    return found["*"].negative.score


def test_a_burst_of_the_only_monitor_stands() -> None:
    assert crowd(0).standing("tea", {"*": SLIGHT}, now=START) == {"*": SLIGHT}


def test_among_hundreds_of_calm_series_a_slight_one_is_chance() -> None:
    assert score(crowd(100).standing("tea", {"*": SLIGHT}, now=START)) == CHANCE_CAP


def test_a_clear_one_stands_among_hundreds() -> None:
    clear = {"*": Baseline(negative=Burst(score=0.9999))}
    assert score(crowd(100).standing("tea", clear, now=START)) == 0.9999


def test_what_nobody_has_looked_at_for_an_hour_counts_no_more() -> None:
    later = START + timedelta(hours=1)
    assert score(crowd(100).standing("tea", {"*": SLIGHT}, now=later)) == 0.97


def test_a_monitor_counts_once() -> None:
    discoveries = Discoveries()
    for _ in range(200):
        found = discoveries.standing("tea", {"*": SLIGHT}, now=START)
    assert score(found) == 0.97


def test_when_many_burst_at_once_a_slight_one_is_believed() -> None:
    discoveries = crowd(30)
    for number in range(30):
        discoveries.standing(
            f"loud{number}", {"*": Baseline(negative=Burst(score=0.999))}, now=START
        )
    assert score(discoveries.standing("tea", {"*": SLIGHT}, now=START)) == 0.97
