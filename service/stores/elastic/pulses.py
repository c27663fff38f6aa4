"""Counts of a monitor by scenario and bucket: the series that bursts are looked for in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from service.stores.elastic.query import ANGRY, MATCH_NONE, NEGATIVE, Clause, published, sides
from service.stores.elastic.searching import Searcher
from service.stores.elastic.segments import MOST_SCENARIOS, NO_SCENARIO
from service.stores.post_store import PostQuery, Pulse
from service.stores.sqlite_pulses import Counted, bucket_count, laid_out
from service.stores.sqlite_rows import to_micros
from service.stores.storable import storable_text

_AT_ONCE = 300
"""Buckets in one request, for each of 200 scenarios: the cluster refuses more than 65,536."""


async def pulses(
    posts: Searcher, monitor: str, *, interval: timedelta, since: datetime, until: datetime
) -> dict[str | None, Pulse]:
    """Buckets of [since, until) of each segment that has a post in it; under "*" all posts.

    Raises ValueError for an interval of nothing.
    """
    total = bucket_count(interval, since=since, until=until)
    width = interval // timedelta(microseconds=1)
    start, end = to_micros(since), to_micros(until)
    halves = sides(PostQuery(monitors=(monitor,)))
    found: dict[str | None, dict[int, Counted]] = {}
    for first in range(0, total, _AT_ONCE):
        window: Clause = {
            "bool": {
                "filter": [
                    {"term": {"monitors": storable_text(monitor)}},
                    published(
                        since_us=start + first * width,
                        until_us=min(end, start + (first + _AT_ONCE) * width),
                    ),
                ]
            }
        }
        answer = await posts.aggregate(window, _asked(halves.held, halves.spared, start, width))
        by_scenario = {
            None if bucket["key"] == NO_SCENARIO else bucket["key"]: bucket["time"]
            for bucket in answer["held"]["scenarios"]["buckets"]
        }
        # A post lends a monitor that it spares neither its scenario nor its mood.
        for scenario, time in (*by_scenario.items(), (None, answer["spared"]["time"])):
            _add(found, scenario, time, start=start, width=width)
    return laid_out(found, buckets=total)


def _asked(held: Clause, spared: Clause | None, start: int, width: int) -> dict[str, Any]:
    time: dict[str, Any] = {
        "histogram": {
            "field": "published_us",
            "interval": width,
            "offset": start % width,
            "min_doc_count": 1,
        }
    }
    moods = {"negative": {"filter": NEGATIVE}, "angry": {"filter": ANGRY}}
    return {
        "held": {
            "filter": held,
            "aggs": {
                "scenarios": {
                    "terms": {
                        "field": "scenario",
                        "missing": NO_SCENARIO,
                        "size": MOST_SCENARIOS,
                    },
                    "aggs": {"time": {**time, "aggs": moods}},
                }
            },
        },
        "spared": {"filter": spared or MATCH_NONE, "aggs": {"time": time}},
    }


def _add(
    found: dict[str | None, dict[int, Counted]],
    scenario: str | None,
    time: Mapping[str, Any],
    *,
    start: int,
    width: int,
) -> None:
    for bucket in time["buckets"]:
        its = found.setdefault(scenario, {})
        place = round((bucket["key"] - start) / width)
        posts, negative, angry = its.get(place, (0, 0, 0))
        negative += bucket["negative"]["doc_count"] if "negative" in bucket else 0
        angry += bucket["angry"]["doc_count"] if "angry" in bucket else 0
        its[place] = (posts + bucket["doc_count"], negative, angry)
