"""Advertisements and their legal verdicts, beside holds of posts."""

from __future__ import annotations

from service.moderation.policy import Reason
from tests.support.judgement_scene import CLAIM, Scene, hold_of, told

AD = "【广告】城南新店开张，手冲咖啡和现烤面包每天供应到晚上九点"


async def test_an_advertisement_waits_for_its_legal_verdict(scene: Scene) -> None:
    verdict = await scene.one(AD, kind="advertisement")
    assert told(verdict) == ("review", False)
    [case] = scene.people.filed
    assert (case.kind, case.held, case.hold_id) == ("advertisement", False, hold_of(verdict))


async def test_the_same_advertisement_waits_for_the_same_verdict(scene: Scene) -> None:
    first = await scene.one(AD, kind="advertisement")
    again = await scene.one(AD, kind="advertisement")
    assert told(again) == ("review", False)
    assert hold_of(first) == hold_of(again)
    assert len(scene.people.filed) == 1


async def test_a_legal_verdict_lets_the_very_words_pass(scene: Scene) -> None:
    worded = AD + "最棒"
    hold = hold_of(await scene.one(worded, kind="advertisement"))
    await scene.decide(hold, passes=True)
    verdict = await scene.one(worded, kind="advertisement")
    assert told(verdict) == ("pass", False)
    assert verdict.reasons == ((Reason.LEGAL_VERDICT, hold),)


async def test_a_legal_verdict_is_not_for_other_words(scene: Scene) -> None:
    await scene.decide(hold_of(await scene.one(AD, kind="advertisement")), passes=True)
    changed = await scene.one(AD.replace("九点", "十点"), kind="advertisement")
    assert told(changed) == ("review", False)
    assert len(scene.people.filed) == 2


async def test_a_refused_advertisement_is_blocked_with_its_copies(scene: Scene) -> None:
    hold = hold_of(await scene.one(AD, kind="advertisement"))
    await scene.decide(hold, passes=False)
    for copy in (AD, AD.replace("九点", "十点")):
        verdict = await scene.one(copy, kind="advertisement")
        assert told(verdict) == ("block", False)
        assert (Reason.CONFIRMED, hold) in verdict.reasons
        assert ("ad_rejected", 1.0, "human") in verdict.labels


async def test_an_advertisement_with_a_claim_is_held_for_legal(scene: Scene) -> None:
    claim = AD + "包治百病"
    verdict = await scene.one(claim, kind="advertisement")
    assert told(verdict) == ("block", True)
    await scene.decide(hold_of(verdict), passes=True)
    assert told(await scene.one(claim, kind="advertisement")) == ("pass", False)


async def test_what_a_reviewer_lets_pass_as_a_post_is_no_legal_verdict(scene: Scene) -> None:
    await scene.decide(hold_of(await scene.one(CLAIM)), passes=True)
    assert told(await scene.one(CLAIM, kind="advertisement"))[0] != "pass"


async def test_a_held_post_covers_the_advertisement_of_the_same_words(scene: Scene) -> None:
    hold = hold_of(await scene.one(CLAIM))
    verdict = await scene.one(CLAIM, kind="advertisement")
    assert told(verdict) == ("block", True)
    assert (Reason.COPY_OF_HOLD, hold) in verdict.reasons


async def test_a_waiting_advertisement_says_nothing_of_a_post(scene: Scene) -> None:
    await scene.one(AD, kind="advertisement")
    assert told(await scene.one(AD)) == ("pass", False)


async def test_an_advertisement_blocked_outright_waits_for_nobody(scene: Scene) -> None:
    assert told(await scene.one(AD + "赌盘", kind="advertisement")) == ("block", False)
    assert not scene.people.filed
