"""What fails while judging is named: never a silent pass."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from service.db import Database
from service.moderation.policies import Indicator
from service.moderation.policy import Reason
from tests.support.clock import SteppingClock
from tests.support.judgement_scene import CLAIM, Scene, hold_of, scene_with, told


async def broken(database: Database, table: str) -> None:
    async with database.write() as connection:
        await connection.execute(text(f"ALTER TABLE {table} RENAME TO hidden"))


async def test_without_the_holds_nothing_passes(scene: Scene) -> None:
    await broken(scene.database, "hold")
    verdict = await scene.one("今天天气真好")
    assert (told(verdict), verdict.degraded) == (("review", False), ("holds",))
    [case] = scene.people.filed
    assert case.suggestion == "review"


async def test_without_the_holds_a_claim_is_held_and_filed(scene: Scene) -> None:
    await broken(scene.database, "hold")
    verdict = await scene.one(CLAIM)
    assert (told(verdict), verdict.degraded) == (("block", True), ("holds",))
    assert [case.hold_id for case in scene.people.filed] == [None]


async def test_a_hold_that_cannot_be_written_is_named(scene: Scene) -> None:
    await scene.one("今天天气真好")
    await broken(scene.database, "audit_entry")
    verdict = await scene.one(CLAIM)
    assert (told(verdict), verdict.degraded) == (("block", True), ("holds",))
    assert [case.hold_id for case in scene.people.filed] == [None]


async def test_without_the_accounts_an_author_is_reviewed(scene: Scene) -> None:
    await broken(scene.database, "account_signal")
    known, unknown = await scene.judge({"text": "今天天气真好", "author": "u1"}, "今天天气真好")
    assert (told(known), known.degraded, known.account) == (("review", False), ("accounts",), None)
    assert (told(unknown), unknown.degraded) == (("pass", False), ())


async def test_a_queue_that_is_down_is_named_and_the_next_copy_is_filed(scene: Scene) -> None:
    scene.people.broken = True
    claim, argument, plain = await scene.judge(CLAIM, "吵架", "今天天气真好")
    assert (told(claim), claim.degraded) == (("block", True), ("review",))
    assert (told(argument), argument.degraded) == (("review", False), ("review",))
    assert (told(plain), plain.degraded) == (("pass", False), ())
    scene.people.broken = False
    copy = await scene.one(CLAIM + "哦")
    assert copy.reasons == ((Reason.COPY_OF_HOLD, hold_of(claim)),)
    assert [case.hold_id for case in scene.people.filed] == [hold_of(claim)]
    await scene.one(CLAIM)
    assert len(scene.people.filed) == 1


async def test_an_alarm_that_fails_is_named(scene: Scene) -> None:
    scene.people.broken = True
    verdict = await scene.one("只想轻生")
    assert (told(verdict), verdict.degraded) == (("review", False), ("at_risk", "review"))


async def test_a_policy_says_what_a_silent_database_means(
    small_database: Database, clock: SteppingClock
) -> None:
    lax = "degraded: {suggestion: pass, because: 弹幕事后有人巡查，不能拦}"
    scene = scene_with(small_database, clock, lax)
    await broken(small_database, "hold")
    verdict = await scene.one("今天天气真好")
    assert (told(verdict), verdict.degraded) == (("pass", False), ("holds",))


async def test_nobody_to_tell_is_no_failure(small_database: Database, clock: SteppingClock) -> None:
    scene = Scene(small_database, clock)
    scene.tell_nobody()
    held, sad, plain = await scene.judge(CLAIM, "只想轻生", "今天天气真好")
    assert [told(one)[0] for one in (held, sad, plain)] == ["block", "review", "pass"]
    assert not held.degraded


async def test_holds_and_counters_work_on_both_engines(
    database: Database, clock: SteppingClock
) -> None:
    scene = Scene(database, clock)
    first = await scene.one(CLAIM, author="u1")
    copy = await scene.one(CLAIM + "哦", author="u1")
    assert copy.reasons == ((Reason.COPY_OF_HOLD, hold_of(first)),)
    await scene.decide(hold_of(first), passes=False)
    assert told(await scene.one(CLAIM, author="u1")) == ("block", False)
    counts = await scene.accounts.counts(["au_classify:shop_u1"])
    # The first, its near copy and the very same text again: the last is a copy twice over.
    assert counts["au_classify:shop_u1"][Indicator.COPY] == pytest.approx(3)
    assert counts["au_classify:shop_u1"][Indicator.MACHINE_BLOCK] == pytest.approx(1)
