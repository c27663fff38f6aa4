"""How much of a monitor's talk the named incidents hold."""

from __future__ import annotations

import pytest

from service.incidents.model import UNCLASSIFIED
from service.monitoring.crowds import Crowd, named_share


def crowds(**counted: tuple[int, int]) -> dict[str, Crowd]:
    return {name: Crowd(posts=posts, negative=bad) for name, (posts, bad) in counted.items()}


def test_anger_is_counted_by_negative_posts() -> None:
    hour = crowds(outage=(10, 8), pricing=(90, 2), unclassified=(40, 40))

    assert named_share(hour, {"outage"}) == pytest.approx(0.2)


def test_what_is_mostly_handed_on_is_counted_by_posts() -> None:
    hour = crowds(rumour=(300, 2), outage=(50, 30), unclassified=(400, 40))

    assert named_share(hour, {"rumour", "absent", None}) == pytest.approx(0.75)


def test_the_whole_explains_nothing_of_itself() -> None:
    assert named_share(crowds(unclassified=(9, 9)), {UNCLASSIFIED}) == 0


def test_without_a_post_nothing_is_explained() -> None:
    assert named_share({}, {"outage"}) == 0
