"""The canary's book: kept between processes, and late after a quarter of an hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from service.coverage.canary import (
    LATE_AFTER,
    CanaryHealth,
    CanaryState,
    read_canary,
    write_canary,
)
from service.db import Database
from tests.support.clock import START

MOMENT = timedelta(seconds=1)
FLOWN = CanaryState(first_seen_at=START, set_out_at=START, arrived_at=START + MOMENT)


async def test_an_empty_book_says_nothing(database: Database) -> None:
    async with database.read() as connection:
        assert await read_canary(connection) == CanaryState()


async def test_what_is_written_is_read_and_written_over(database: Database) -> None:
    for state in (FLOWN, replace(FLOWN, stuck_at="rules")):
        async with database.write() as connection:
            await write_canary(connection, state)
        async with database.read() as connection:
            assert await read_canary(connection) == state


@pytest.mark.parametrize(
    ("state", "health"),
    [
        (CanaryState(), CanaryHealth.UNKNOWN),
        (CanaryState(first_seen_at=START), CanaryHealth.LATE),
        (FLOWN, CanaryHealth.OK),
    ],
)
def test_it_is_late_counted_from_the_last_arrival_or_the_first_look(
    state: CanaryState, health: CanaryHealth
) -> None:
    assert state.health(START + LATE_AFTER + MOMENT) is health
    assert state.health(START) is not CanaryHealth.LATE


def test_a_watch_that_began_anew_waits_for_a_canary_of_its_own() -> None:
    restarted = replace(FLOWN, first_seen_at=START + 4 * LATE_AFTER)
    assert restarted.health(START + 4 * LATE_AFTER + MOMENT) is CanaryHealth.OK
    assert restarted.health(START + 5 * LATE_AFTER + MOMENT) is CanaryHealth.LATE
