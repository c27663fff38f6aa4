from __future__ import annotations

from datetime import timedelta

import pytest

from crawlers.rate import RateLimit


def test_a_rate_is_told_in_words() -> None:
    assert str(RateLimit(requests=150, period=timedelta(minutes=5))) == "150 requests in 300 s"


@pytest.mark.parametrize(("requests", "seconds"), [(0, 1), (1, 0)])
def test_a_rate_that_allows_nothing_is_refused(requests: int, seconds: int) -> None:
    with pytest.raises(ValueError, match="rate limit"):
        RateLimit(requests=requests, period=timedelta(seconds=seconds))
