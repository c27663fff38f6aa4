"""Judging with memory: what passes, holds and their copies, authors."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from service.db import Database
from service.db.tables import hold as hold_table
from service.errors import InvalidInput
from service.moderation.holds import POLL_S
from service.moderation.policies import Indicator, read_policies
from service.moderation.policy import Reason
from tests.support.clock import SteppingClock
from tests.support.judgement_scene import CLAIM, Scene, hold_of, rows, scene_with, told


async def test_a_text_that_passes_costs_no_write(scene: Scene) -> None:
    before = scene.database.generation
    verdict = await scene.one("今天天气真好", author="u1")
    assert told(verdict) == ("pass", False)
    assert (scene.database.generation, await rows(scene.database)) == (before, (0, 0))
    assert not scene.people.filed


async def test_what_passed_is_offered_to_the_patrol(scene: Scene) -> None:
    await scene.judge("今天天气真好", "吵架", "包治百病")
    assert [case.text for case in scene.people.offered] == ["今天天气真好"]


async def test_a_suggested_review_is_filed_with_all_that_people_need(scene: Scene) -> None:
    await scene.one("又在吵架", id="7", author={"id": "u1", "source": "weibo"})
    [case] = scene.people.filed
    assert (case.text, case.item_id, case.caller, case.kind) == ("又在吵架", "7", "shop", "post")
    assert (case.suggestion, case.held, case.hold_id) == ("review", False, None)
    assert [(label.label, label.source) for label in case.labels] == [("abuse", "lexicon")]
    assert case.author == "au_weibo_u1"
    assert case.policy.startswith("default@")
    assert case.versions == {"lexicon": "lexicon-test", "policy": case.policy}
    assert (case.at, case.risk_level) == (scene.clock.now(), "low")


async def test_an_author_without_a_source_is_the_callers_own(scene: Scene) -> None:
    await scene.one("又在吵架", author="u1")
    assert scene.people.filed[0].author == "au_classify:shop_u1"


async def test_a_policy_says_what_people_are_shown(
    small_database: Database, clock: SteppingClock
) -> None:
    scene = scene_with(small_database, clock, "queue: {reviews: false, blocks: true}")
    await scene.judge("吵架", "赌盘", "包治百病")
    assert [case.text for case in scene.people.filed] == ["赌盘", "包治百病"]


async def test_a_block_is_not_filed_by_default(scene: Scene) -> None:
    assert told(await scene.one("赌盘")) == ("block", False)
    assert not scene.people.filed


async def test_an_unknown_policy_is_refused(scene: Scene) -> None:
    scene.policies = read_policies([("o.yaml", b"name: other")])
    with pytest.raises(InvalidInput, match="known: default"):
        await scene.one("x", policy="other")


async def test_a_claim_is_held_and_filed_under_its_hold(scene: Scene) -> None:
    verdict = await scene.one(CLAIM)
    assert told(verdict) == ("block", True)
    assert verdict.reasons == ((Reason.HOLD, hold_of(verdict)),)
    [case] = scene.people.filed
    assert (case.held, case.hold_id, case.suggestion) == (True, hold_of(verdict), "block")


@pytest.mark.parametrize("copy", [CLAIM, CLAIM + "!!", CLAIM + "哦", f"//@某人: {CLAIM}"])
async def test_a_copy_is_held_under_the_same_hold(scene: Scene, copy: str) -> None:
    first = await scene.one(CLAIM)
    verdict = await scene.one(copy)
    assert told(verdict) == ("block", True)
    assert verdict.reasons == ((Reason.COPY_OF_HOLD, hold_of(first)),)
    assert ("medical_claim", 0.8, "pattern") in verdict.labels
    assert len(scene.people.filed) == 1


async def test_a_copy_without_the_words_is_held_for_the_originals_reason(scene: Scene) -> None:
    await scene.one(CLAIM)
    verdict = await scene.one(CLAIM.replace("包治", "包冶"))
    assert told(verdict) == ("block", True)
    assert verdict.labels == (("medical_claim", 0.8, "pattern"),)


async def test_copies_in_one_batch_share_a_hold(scene: Scene) -> None:
    first, second, third = await scene.judge(CLAIM, CLAIM + "哦", "今天天气真好")
    assert hold_of(first) == hold_of(second)
    assert told(third) == ("pass", False)
    assert len(scene.people.filed) == 1
    assert (await rows(scene.database))[0] == 1


async def test_another_caller_meets_the_hold_too(scene: Scene) -> None:
    await scene.one(CLAIM)
    [verdict] = await scene.judge(CLAIM, caller="forum")
    assert verdict.reasons[0][0] is Reason.COPY_OF_HOLD


async def test_another_replica_meets_the_hold(
    small_database: Database, clock: SteppingClock
) -> None:
    here, there = Scene(small_database, clock), Scene(small_database, clock)
    await there.one("今天天气真好")
    await here.one(CLAIM)
    clock.step(seconds=POLL_S)
    assert (await there.one(CLAIM)).reasons[0][0] is Reason.COPY_OF_HOLD


async def test_a_lifted_hold_lets_copies_pass(scene: Scene) -> None:
    hold = hold_of(await scene.one(CLAIM))
    await scene.decide(hold, passes=True)
    async with scene.database.read() as connection:
        before = (await connection.execute(select(hold_table))).one()
    for copy in (CLAIM, CLAIM + "哦"):
        verdict = await scene.one(copy, author="u1")
        assert told(verdict) == ("pass", False)
        assert (verdict.reasons, verdict.labels) == (((Reason.LIFTED, hold),), ())
    async with scene.database.read() as connection:
        assert (await connection.execute(select(hold_table))).one() == before
    assert (await rows(scene.database))[1] == 0


async def test_a_lifted_hold_lets_nothing_else_pass(scene: Scene) -> None:
    await scene.decide(hold_of(await scene.one(CLAIM)), passes=True)
    assert told(await scene.one(CLAIM + "赌盘")) == ("block", False)
    assert told(await scene.one(CLAIM + "保本")) == ("block", True)


async def test_what_a_person_let_pass_passes_whole_where_it_is_the_same(scene: Scene) -> None:
    both = CLAIM + "吵架"
    await scene.decide(hold_of(await scene.one(both)), passes=True)
    assert told(await scene.one(both)) == ("pass", False)
    assert told(await scene.one(both + "哦")) == ("review", False)


async def test_a_confirmed_hold_blocks_copies_for_good(scene: Scene) -> None:
    hold = hold_of(await scene.one(CLAIM))
    await scene.decide(hold, passes=False)
    filed = len(scene.people.filed)
    verdict = await scene.one(CLAIM.replace("包治", "包冶"))
    assert told(verdict) == ("block", False)
    assert verdict.labels == (("medical_claim", 1.0, "human"),)
    assert verdict.reasons == ((Reason.CONFIRMED, hold),)
    assert verdict.risk_level == "high"
    assert len(scene.people.filed) == filed


async def test_a_repost_of_what_is_held_is_held(scene: Scene) -> None:
    hold = hold_of(await scene.one(CLAIM))
    verdict = await scene.one("转发微博", parent=CLAIM)
    assert told(verdict) == ("block", True)
    assert verdict.reasons == ((Reason.REPOST_OF_HOLD, hold),)
    assert verdict.hold == hold
    assert len(scene.people.filed) == 1


async def test_a_repost_of_what_was_confirmed_is_blocked(scene: Scene) -> None:
    await scene.decide(hold_of(await scene.one(CLAIM)), passes=False)
    assert told(await scene.one("转发微博", parent=CLAIM)) == ("block", False)


async def test_a_repost_of_what_was_lifted_passes(scene: Scene) -> None:
    await scene.decide(hold_of(await scene.one(CLAIM)), passes=True)
    assert told(await scene.one("转发微博", parent=CLAIM)) == ("pass", False)


async def test_a_repost_with_a_claim_of_its_own_has_its_own_hold(scene: Scene) -> None:
    await scene.one(CLAIM)
    verdict = await scene.one("保本", parent=CLAIM)
    assert told(verdict) == ("block", True)
    assert {reason for reason, _ in verdict.reasons} == {Reason.REPOST_OF_HOLD, Reason.HOLD}
    assert len(scene.people.filed) == 2
    named = dict(verdict.reasons)
    assert verdict.hold == named[Reason.HOLD] != named[Reason.REPOST_OF_HOLD]


async def test_a_text_without_a_hold_names_none(scene: Scene) -> None:
    assert (await scene.one("又在吵架")).hold is None


async def test_a_policy_may_leave_reposts_alone(
    small_database: Database, clock: SteppingClock
) -> None:
    scene = scene_with(small_database, clock, "holds: {reposts: false}")
    await scene.one(CLAIM)
    assert told(await scene.one("转发微博", parent=CLAIM)) == ("pass", False)


async def test_a_policy_that_holds_nothing_of_the_kind_is_not_covered(
    small_database: Database, clock: SteppingClock
) -> None:
    first = Scene(small_database, clock)
    await first.one(CLAIM)
    other = scene_with(small_database, clock, "holds: {patterns: [guaranteed_return]}")
    verdict = await other.one(CLAIM)
    assert (told(verdict), verdict.reasons) == (("review", False), ())


async def test_the_switch_holds_words_too(small_database: Database, clock: SteppingClock) -> None:
    scene = scene_with(small_database, clock, "holds: {all_medical_and_finance: true}")
    assert told(await scene.one("神药")) == ("block", True)


async def test_a_text_blocked_outright_gets_no_hold(scene: Scene) -> None:
    assert told(await scene.one("包治百病赌盘")) == ("block", False)
    assert (await rows(scene.database))[0] == 0


async def test_copies_are_counted(scene: Scene) -> None:
    hold = hold_of(await scene.one(CLAIM))
    await scene.judge(CLAIM, CLAIM + "哦")
    async with scene.database.read() as connection:
        row = (await connection.execute(select(hold_table))).one()
    assert (row.id, row.copies, row.filed) == (hold, 2, True)


async def test_self_harm_is_reviewed_and_somebody_is_told(scene: Scene) -> None:
    verdict = await scene.one("只想轻生", author="u1")
    assert told(verdict) == ("review", False)
    assert [case.text for case in scene.people.reported] == ["只想轻生"]
    assert [case.text for case in scene.people.filed] == ["只想轻生"]


async def test_self_harm_beside_a_block_is_told_all_the_same(scene: Scene) -> None:
    assert told(await scene.one("轻生赌盘")) == ("block", False)
    assert len(scene.people.reported) == 1


async def stained(
    scene: Scene, author: str = "u1", *, verdicts: float = 3, blocks: float = 5
) -> None:
    events = {
        (f"au_classify:shop_{author}", Indicator.VERDICT_AGAINST): verdicts,
        (f"au_classify:shop_{author}", Indicator.MACHINE_BLOCK): blocks,
    }
    async with scene.database.write() as connection:
        await scene.accounts.add(connection, events, at=scene.clock.now())


async def test_without_an_author_there_is_no_account(scene: Scene) -> None:
    assert (await scene.one("今天天气真好")).account is None


async def test_an_account_is_shown_with_its_indicators(scene: Scene) -> None:
    await stained(scene, verdicts=1.5, blocks=0)
    account = (await scene.one("今天天气真好", author="u1")).account
    assert account is not None
    assert account.score == pytest.approx(0.25)
    assert account.indicators == pytest.approx({"verdict_against": 0.5})


async def test_a_bad_account_makes_a_trace_count(scene: Scene) -> None:
    assert told(await scene.one("假如赌盘", author="u1")) == ("pass", False)
    await stained(scene)
    verdict = await scene.one("假如赌盘", author="u1")
    assert told(verdict) == ("review", False)
    assert verdict.reasons == ((Reason.ACCOUNT, ""),)
    assert verdict.labels == (("gambling", 0.2, "lexicon"),)


async def test_a_bad_account_never_decides_alone(scene: Scene) -> None:
    await stained(scene)
    assert told(await scene.one("今天天气真好", author="u1")) == ("pass", False)
    assert told(await scene.one("又在吵架", author="u1")) == ("review", False)


async def test_a_bad_account_fades(scene: Scene, clock: SteppingClock) -> None:
    await stained(scene)
    clock.step(days=14)
    assert told(await scene.one("假如赌盘", author="u1")) == ("pass", False)


async def test_what_does_not_pass_stains_the_account(scene: Scene) -> None:
    await scene.judge(
        {"text": "赌盘", "author": "u1"},
        {"text": "拉群", "author": "u1"},
        {"text": CLAIM, "author": "u1"},
        {"text": CLAIM + "哦", "author": "u1"},
    )
    counts = await scene.accounts.counts(["au_classify:shop_u1"])
    assert counts["au_classify:shop_u1"] == pytest.approx(
        {Indicator.MACHINE_BLOCK: 1.0, Indicator.DIVERSION: 1.0, Indicator.COPY: 1.0}
    )


async def test_copies_and_bursts_of_passing_texts_are_written_with_the_next_that_does_not(
    scene: Scene,
) -> None:
    for _ in range(25):
        verdict = await scene.one("今天天气真好", author="u1")
    assert verdict.account is not None
    assert verdict.account.indicators == pytest.approx({"copy": 1.0, "burst": 1 / 3})
    assert (await rows(scene.database))[1] == 0
    for _ in range(2):
        await scene.one("又在吵架", author="u1")
    counts = await scene.accounts.counts(["au_classify:shop_u1"])
    assert counts["au_classify:shop_u1"] == pytest.approx(
        {Indicator.COPY: 25.0, Indicator.BURST: 1.0}
    )
