"""Marking, lures, and proof of effect."""

from __future__ import annotations

import pytest

from service.moderation.advertisement import has_proof, with_checks
from service.moderation.policies import default_policy
from service.moderation.policy import Suggestion, decide
from tests.support.judgement_scene import analysed


def labels(text: str) -> set[str]:
    analysis = analysed(text)
    verdict = with_checks(decide(analysis, kind="advertisement"), analysis, policy=default_policy())
    assert verdict.suggestion is not Suggestion.PASS
    return {label for label, _, _ in verdict.labels}


@pytest.mark.parametrize(
    "text",
    [
        "【广告】夏日新品上架",
        "夏日新品上架（廣告）",
        "广告：夏日新品上架",
        "夏日新品上架 #推广#",
        "夏日新品上架 | 赞助",
        "本内容为广告，夏日新品上架",
        "Summer sale [AD]",
        "Sponsored: summer sale",
    ],
)
def test_a_marked_advertisement_has_nothing_to_say(text: str) -> None:
    assert labels(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "夏日新品上架",
        "这可不是广告哦，夏日新品上架",
        "看过我们的广告片吗",
        "Add to cart",
        "推广员招募中",
    ],
)
def test_an_unmarked_advertisement_is_told(text: str) -> None:
    assert labels(text) == {"ad_unmarked"}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("首单立减二十", "ad_first_order"),
        ("限时三天", "ad_limited_time"),
        ("仅剩五件", "ad_scarcity"),
        ("邀请好友得红包", "ad_share_lure"),
        ("好评返现五元", "ad_review_reward"),
    ],
)
def test_each_lure_has_its_label(text: str, label: str) -> None:
    assert labels(f"【广告】{text}") == {label}


def test_absolutes_are_told_in_advertisements() -> None:
    assert labels("【广告】最棒的选择") == {"ad_absolute"}


@pytest.mark.parametrize("text", ["【广告】临床验证有效", "【广告】神药在此", "【广告】包治百病"])
def test_effect_without_proof_is_told(text: str) -> None:
    assert "ad_unproven_efficacy" in labels(text)


@pytest.mark.parametrize(
    "number",
    [
        "国药准字Z20123456",
        "国药准字 H20000001",
        "粤械注准20182200123",
        "国械注进20153461234",
        "国食健字G20100123",
        "国食健注G20180005",
        "食健备G202044001234",
        "国妆特字G20161234",
        "粤G妆网备字2019012345",
        "粤医广【2024】第01-02-003号，国药准字B20020001",
        "药广审(文)第2024010203号",
        "检验报告编号：SH2024-01234",
        "检测报告 QDF24-0034551",
    ],
)
def test_a_number_of_approval_or_of_a_report_is_proof(number: str) -> None:
    assert "ad_unproven_efficacy" not in labels(f"【广告】临床验证有效，{number}")


@pytest.mark.parametrize(
    "text",
    [
        "国药准字号齐全",
        "检验报告齐全",
        "检测报告 available",
        "国药准字Z123",
        "有批准文号",
        "国食健字",
    ],
)
def test_words_of_proof_without_a_number_are_none(text: str) -> None:
    assert not has_proof(analysed(text).normal)


def test_proof_is_found_in_bounded_time() -> None:
    assert not has_proof("检测报告" * 25_000)
    assert not has_proof("国械注" * 33_000 + "1" * 5)


def test_no_finding_of_an_advertisement_blocks_by_itself() -> None:
    analysis = analysed("限时首单，临床验证")
    verdict = with_checks(decide(analysis, kind="advertisement"), analysis, policy=default_policy())
    assert (verdict.suggestion, verdict.risk_level) == (Suggestion.REVIEW, "medium")
