"""The coverage statement: by source and by channel, over a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from service.coverage import Feed, Gap, Sight
from service.coverage.statement import ChannelSight, channel_sights, state_coverage
from service.coverage.view import statement_view
from tests.support.clock import START
from tests.support.coverage_scene import FEED

HOUR = timedelta(hours=1)
FORUM = replace(FEED, id="forum", channels=("third_party",))


def gap(feed: Feed, since: float, until: float | None) -> Gap:
    """Hours from START."""
    return Gap(
        feed_id=feed.id,
        sight=Sight.BLOCKED,
        detail="HTTP 403",
        since=START + since * HOUR,
        until=None if until is None else START + until * HOUR,
    )


def in_state(feed: Feed, sight: Sight) -> Feed:
    return replace(feed, condition=replace(feed.condition, sight=sight))


def test_gaps_outside_the_time_are_left_out_and_feeds_with_gaps_come_first() -> None:
    gaps = [gap(FORUM, -3, -1), gap(FEED, -1, 1), gap(FEED, 5, None), gap(FORUM, 4, 6)]
    found = state_coverage([FORUM, FEED], gaps, since=START, until=START + 4 * HOUR)
    assert [(item.feed.id, len(item.gaps)) for item in found.feeds] == [("news", 1), ("forum", 0)]
    assert not found.is_complete


def test_a_gap_that_lasts_is_part_of_every_time_after_it_began() -> None:
    found = state_coverage([FEED], [gap(FEED, -9, None)], since=START, until=START + HOUR)
    assert not found.is_complete


def test_a_feed_that_came_later_says_nothing_of_before() -> None:
    young = replace(FEED, known_since=START + 2 * HOUR)
    assert state_coverage([young], [], since=START, until=START + HOUR).feeds == ()


def test_a_feed_whose_source_was_deleted_is_part_of_it_where_it_had_gaps() -> None:
    gone = replace(FORUM, gone_at=START + 3 * HOUR)
    found = state_coverage([FEED, gone], [gap(gone, 0, 1)], since=START, until=START + 4 * HOUR)
    assert [item.feed.id for item in found.feeds] == ["forum", "news"]
    assert not found.is_complete
    assert found.channels == {"news": ChannelSight.SEEN}
    view = statement_view(found)
    assert view["sources"][0]["gone_at"] == "2024-03-01T05:00:00.000Z"
    late = START + 2 * HOUR
    later = state_coverage([FEED, gone], [gap(gone, 0, 1)], since=late, until=late + HOUR)
    assert [item.feed.id for item in later.feeds] == ["news"]


def test_gaps_of_a_source_that_was_made_again_stay() -> None:
    again = replace(FEED, known_since=START + 9 * HOUR)
    found = state_coverage([again], [gap(again, 0, 1)], since=START, until=START + 4 * HOUR)
    assert [len(item.gaps) for item in found.feeds] == [1]


def test_a_channel_is_seen_by_all_some_or_none_of_its_feeds() -> None:
    dark = in_state(replace(FEED, id="b", channels=("news", "social")), Sight.QUIET)
    assert channel_sights([FEED, FORUM, dark]) == {
        "news": ChannelSight.PARTIAL,
        "social": ChannelSight.BLIND,
        "third_party": ChannelSight.SEEN,
    }


def test_its_json_names_source_channel_state_and_times() -> None:
    view = statement_view(
        state_coverage([FEED], [gap(FEED, 0, 1)], since=START, until=START + 2 * HOUR)
    )
    (source,) = view["sources"]
    assert (view["complete"], view["channels"], source["name"]) == (False, {"news": "seen"}, "news")
    assert source["gaps"] == [
        {
            "state": "blocked",
            "since": "2024-03-01T02:00:00.000Z",
            "until": "2024-03-01T03:00:00.000Z",
            "detail": "HTTP 403",
        }
    ]
