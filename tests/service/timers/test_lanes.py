"""Which timer a lane takes next."""

from __future__ import annotations

from typing import Any

from sqlalchemy import create_engine, literal, select

from service.timers.lanes import FiringQueue


def queue(*timers: tuple[str, str | None]) -> FiringQueue:
    """Of (id, incident), in firing order."""
    with create_engine("sqlite://").connect() as connection:
        rows: list[Any] = [
            connection.execute(
                select(literal(name).label("id"), literal(incident).label("incident_id"))
            ).one()
            for name, incident in timers
        ]
    return FiringQueue(rows)


def taken(waiting: FiringQueue) -> str | None:
    row = waiting.take()
    return None if row is None else row.id


def test_one_lane_takes_them_in_order() -> None:
    waiting = queue(("a", "inc_1"), ("b", "inc_1"), ("c", None))
    order = []
    while (row := waiting.take()) is not None:
        order.append(row.id)
        waiting.give_back(row)
    assert order == ["a", "b", "c"]


def test_another_lane_passes_by_what_is_of_an_incident_at_work() -> None:
    waiting = queue(("a", "inc_1"), ("b", "inc_1"), ("c", "inc_2"), ("d", "inc_2"))
    first = waiting.take()
    assert taken(waiting) == "c"
    assert taken(waiting) is None
    assert first is not None
    waiting.give_back(first)
    assert taken(waiting) == "b"


def test_timers_without_an_incident_never_wait() -> None:
    waiting = queue(("a", None), ("b", None))
    assert [taken(waiting), taken(waiting), taken(waiting)] == ["a", "b", None]
