from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.series import Point, read_points

AT = "2026-03-01T08:00:00+08:00"


def test_a_point_is_read_in_utc() -> None:
    assert read_points([{"at": AT, "value": 3}]) == (
        [Point(datetime(2026, 3, 1, tzinfo=UTC), 3.0)],
        [],
    )


@pytest.mark.parametrize(
    ("item", "path"),
    [
        (7, "points[0]"),
        ({"at": AT}, "points[0].value"),
        ({"value": 1}, "points[0].at"),
        ({"at": "2026-03-01 08:00", "value": 1}, "points[0].at"),
        ({"at": "soon", "value": 1}, "points[0].at"),
        ({"at": "0001-01-01T00:00:00+14:00", "value": 1}, "points[0].at"),
        ({"at": AT, "value": "1"}, "points[0].value"),
        ({"at": AT, "value": True}, "points[0].value"),
        ({"at": AT, "value": math.inf}, "points[0].value"),
        ({"at": AT, "value": 10**400}, "points[0].value"),
        ({"at": AT, "value": 1, "nmae": "x"}, "points[0].nmae"),
    ],
)
def test_what_is_no_point_is_named_by_its_row(item: Any, path: str) -> None:
    points, problems = read_points([item, {"at": AT, "value": 1}])
    assert len(points) == 1
    assert [where for where, _ in problems] == [path]


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["at", "value", "x"]),
            st.none() | st.floats() | st.integers() | st.text(max_size=30) | st.just(AT),
        ),
        max_size=5,
    )
)
def test_every_row_is_a_point_or_a_problem(items: list[Any]) -> None:
    points, problems = read_points(items)
    assert len(points) + len(problems) == len(items)
    assert all(math.isfinite(point.value) for point in points)
    json.dumps(problems)
