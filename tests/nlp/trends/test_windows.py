"""Counts per window."""

from datetime import UTC, datetime, timedelta

import pytest

from nlp.trends import window_counts

END = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_window_holds_its_start_and_not_its_end() -> None:
    instants = [END - 2 * HOUR, END - HOUR - timedelta(microseconds=1), END - HOUR, END]
    assert window_counts(instants, end=END, width=HOUR, buckets=3) == (0, 2, 1)


def test_the_future_and_the_distant_past_do_not_count() -> None:
    instants = [END + HOUR, END - 4 * HOUR]
    assert window_counts(instants, end=END, width=HOUR, buckets=3) == (0, 0, 0)


@pytest.mark.parametrize(("width", "buckets"), [(timedelta(0), 3), (HOUR, 0)])
def test_empty_windows_are_refused(width: timedelta, buckets: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        window_counts([], end=END, width=width, buckets=buckets)
