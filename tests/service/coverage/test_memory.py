"""Which gaps hide the hours that they lie in from what is learnt of a feed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.coverage import Gap, Sight
from service.coverage.memory import LOW_FOR, _is_learnt
from tests.support.clock import START


@pytest.mark.parametrize(
    ("sight", "lasted", "learnt"),
    [
        (Sight.BLOCKED, LOW_FOR * 2, False),
        (Sight.UNKNOWN, LOW_FOR * 2, False),
        (Sight.QUIET, LOW_FOR / 2, False),
        (Sight.QUIET, LOW_FOR * 2, True),
        (Sight.PARTIAL, timedelta(hours=1), True),
    ],
)
def test_hours_in_which_posts_came_are_learnt(
    sight: Sight, lasted: timedelta, learnt: bool
) -> None:
    gap = Gap(feed_id="news", sight=sight, detail="", since=START - lasted, until=START)
    assert _is_learnt(gap, START) is learnt
