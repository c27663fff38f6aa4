"""Duties that another part keeps: planned like all others, paused, gone on with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import pytest_asyncio

from service.auth import SYSTEM
from service.errors import InvalidInput
from service.oncall.model import EVERYBODY
from service.recurring import KeptDuties, Planning, RecurringDraft, Round, RoundState
from service.recurring.names import is_kept
from service.timers import Timers
from tests.support.drill_scene import DrillScene, open_drills

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Keeping:
    """A keeper of duties for things of a kind."""

    def __init__(self, scene: DrillScene) -> None:
        self.scene = scene
        planning = Planning(timers=Timers(), clock=scene.clock, works_on=lambda _: True)
        self.kept = KeptDuties("thing", planning=planning)

    def draft(self, subject: str) -> RecurringDraft:
        return RecurringDraft(
            id=self.kept.id_of(subject),
            name=subject,
            owner=EVERYBODY,
            starts_on=date(2024, 3, 1),
            every_months=1,
            day=20,
        )

    async def keep(self, subject: str, **changes: Any) -> None:
        async with self.scene.container.database.write() as connection:
            await self.kept.keep(
                connection,
                replace(self.draft(subject), **changes),
                now=self.scene.clock.now(),
            )

    async def pause(self, subject: str) -> None:
        async with self.scene.container.database.write() as connection:
            await self.kept.pause(connection, subject, now=self.scene.clock.now())

    async def rounds(self, subject: str) -> tuple[Round, ...]:
        async with self.scene.container.database.read() as connection:
            return (await self.kept.rounds(connection)).get(subject, ())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Keeping]:
    async with open_drills(tmp_path_factory.mktemp("kept")) as scene:
        yield Keeping(scene)


async def test_keeping_it_again_moves_its_round(place: Keeping) -> None:
    await place.keep("a")
    (before,) = await place.rounds("a")
    await place.keep("a", day=25)
    (after,) = await place.rounds("a")
    assert after.id == before.id
    assert after.due_at - before.due_at == timedelta(days=5)


async def test_a_round_is_settled_and_the_next_one_planned(place: Keeping) -> None:
    await place.keep("b")
    now = place.scene.clock.now()
    async with place.scene.container.database.write() as connection:
        waiting = await place.kept.open_round(connection, "b")
        assert waiting is not None
        await place.kept.settle(connection, waiting, by="usr_a", note="n", evidence=None, now=now)
    done, following = await place.rounds("b")
    assert (done.state, done.done_by, done.note) == (RoundState.DONE, "usr_a", "n")
    assert following.due_at - done.due_at == timedelta(days=31)


async def test_one_that_is_paused_before_its_time_waits_for_nobody(place: Keeping) -> None:
    await place.keep("c")
    await place.pause("c")
    assert await place.rounds("c") == ()
    await place.pause("c")
    await place.pause("never there")
    await place.scene.wait(days=40)
    sent = place.scene.container.recorder.sent
    assert not [item for item in sent if item.message.data["recurring"]["id"] == "thing:c"]


async def test_one_that_is_paused_after_its_time_was_missed(place: Keeping) -> None:
    await place.keep("d")
    (waiting,) = await place.rounds("d")
    await place.scene.wait(seconds=(waiting.due_at - place.scene.clock.now()).total_seconds() + 60)
    await place.pause("d")
    assert [item.state for item in await place.rounds("d")] == [RoundState.MISSED]

    await place.scene.wait(days=100)
    await place.keep("d")
    missed, again = await place.rounds("d")
    assert (missed.id, again.state) == (waiting.id, RoundState.OPEN)
    assert again.due_at > place.scene.clock.now()
    await place.keep("d", warn_days=3)
    assert (await place.rounds("d"))[1].due_at == again.due_at


async def test_people_make_none_of_that_name(place: Keeping) -> None:
    draft = place.draft("e")
    assert is_kept(draft.id)
    with pytest.raises(InvalidInput, match="cannot be saved"):
        await place.scene.container.recurring.put(SYSTEM, draft)
