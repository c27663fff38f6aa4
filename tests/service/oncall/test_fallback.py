from __future__ import annotations

import pytest

from service.oncall.fallback import fallback_problem
from tests.support.oncall_scene import OncallScene


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("duty-room", None),
        ("dutyroom", "there is no such channel; name one of these, or make it: duty-room"),
        ("shut", "it is disabled"),
        ("exercise", "it is a channel of drills"),
    ],
)
async def test_what_is_wrong_with_the_channel_of_last_resort(
    local: OncallScene, name: str, said: str | None
) -> None:
    await local.add_channel("duty-room")
    await local.add_channel("shut", enabled=False)
    await local.add_channel("exercise", drill=True)

    async with local.database.read() as connection:
        found = await fallback_problem(connection, name)

    assert (found is None) if said is None else (found or "").startswith(said)


async def test_with_no_channel_at_all_it_says_so(local: OncallScene) -> None:
    async with local.database.read() as connection:
        assert (await fallback_problem(connection, "room") or "").endswith("make it: none")
