from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.analysis import CategoryScore
from nlp.lexicon import CRISIS
from service.moderation.policies import Policy, default_policy, read_policies
from service.moderation.policy import (
    Finding,
    Reason,
    Source,
    Suggestion,
    Verdict,
    decide,
    raised,
)
from tests.support.judgement_scene import analysed, hit, pattern

PLAIN = analysed()


def policy(text: str) -> Policy:
    policies = read_policies([("own.yaml", f"name: own\n{text}".encode())])
    return policies.named("own")


def test_a_text_without_findings_passes() -> None:
    verdict = decide(PLAIN)
    assert (verdict.suggestion, verdict.risk_level, verdict.labels) == (
        Suggestion.PASS,
        "none",
        (),
    )
    assert not verdict.held
    assert verdict.policy == default_policy().version


@pytest.mark.parametrize(
    ("severity", "suggestion", "level"),
    [
        (5, Suggestion.BLOCK, "high"),
        (4, Suggestion.BLOCK, "high"),
        (3, Suggestion.REVIEW, "medium"),
        (2, Suggestion.REVIEW, "low"),
        (1, Suggestion.REVIEW, "low"),
    ],
)
def test_severity_of_a_moderation_hit_decides(
    severity: int, suggestion: Suggestion, level: str
) -> None:
    verdict = decide(replace(PLAIN, hits=(hit("gambling", severity),)))
    assert (verdict.suggestion, verdict.risk_level) == (suggestion, level)
    assert verdict.labels == (("gambling", severity / 5, "lexicon"),)


@pytest.mark.parametrize("category", sorted(CRISIS))
def test_crisis_categories_never_hold_a_post_back(category: str) -> None:
    verdict = decide(replace(PLAIN, hits=(hit(category, 5),)))
    assert (verdict.suggestion, verdict.labels, verdict.traces) == (Suggestion.PASS, (), ())


@pytest.mark.parametrize(
    "name",
    ["exposure_threat", "collective_action", "legal_threat", "media_contact", "bodily_harm_claim"],
)
def test_patterns_about_the_brand_never_hold_a_post_back(name: str) -> None:
    verdict = decide(replace(PLAIN, patterns=(pattern(name),)))
    assert (verdict.suggestion, verdict.labels, verdict.traces) == (Suggestion.PASS, (), ())


@pytest.mark.parametrize(
    ("name", "suggestion", "held", "level"),
    [
        ("medical_claim", Suggestion.BLOCK, True, "high"),
        ("guaranteed_return", Suggestion.BLOCK, True, "high"),
        ("self_harm", Suggestion.REVIEW, False, "high"),
        ("violence_threat", Suggestion.BLOCK, False, "high"),
        ("doxxing", Suggestion.BLOCK, False, "high"),
        ("diversion", Suggestion.REVIEW, False, "medium"),
        ("paid_posting", Suggestion.REVIEW, False, "high"),
    ],
)
def test_seven_patterns_move_the_default(
    name: str, suggestion: Suggestion, held: bool, level: str
) -> None:
    verdict = decide(replace(PLAIN, patterns=(pattern(name), pattern(name, start=4))))
    assert (verdict.suggestion, verdict.held, verdict.risk_level) == (suggestion, held, level)
    [label] = verdict.labels
    assert (label[0], label[2]) == (name, "pattern")


def test_personal_data_and_complaints_move_nothing() -> None:
    analysis = analysed("客服不理人，我的电话 13800138000", hits=(hit("complaint", 5),))
    assert decide(analysis).suggestion is Suggestion.PASS


def test_a_suppressed_hit_does_not_count_and_leaves_a_trace() -> None:
    verdict = decide(replace(PLAIN, hits=(hit("drugs", 5, suppressed=True),)))
    assert (verdict.suggestion, verdict.labels) == (Suggestion.PASS, ())
    assert [trace.label for trace in verdict.traces] == ["drugs"]


def test_a_suppressed_pattern_does_not_count_and_leaves_a_trace() -> None:
    verdict = decide(replace(PLAIN, patterns=(pattern("diversion", suppressed=True),)))
    assert (verdict.suggestion, verdict.labels) == (Suggestion.PASS, ())
    assert [trace.source for trace in verdict.traces] == [Source.PATTERN]


def test_a_hit_below_its_threshold_leaves_a_trace() -> None:
    lenient = policy("categories: {spam: {review: 3}}")
    verdict = decide(replace(PLAIN, hits=(hit("spam", 2),)), policy=lenient)
    assert verdict.suggestion is Suggestion.PASS
    assert [trace.label for trace in verdict.traces] == ["spam"]


def test_a_pattern_that_a_policy_lets_pass_leaves_a_trace() -> None:
    lenient = policy("patterns: {diversion: {suggestion: pass}}")
    verdict = decide(replace(PLAIN, patterns=(pattern("diversion"),)), policy=lenient)
    assert (verdict.suggestion, len(verdict.traces)) == (Suggestion.PASS, 1)


def test_a_policy_may_move_on_what_the_default_leaves_alone() -> None:
    strict = policy(
        "categories: {rumour: {review: 2, block: never}}\n"
        "patterns: {exposure_threat: {suggestion: review, severity: 2}}"
    )
    assert decide(replace(PLAIN, hits=(hit("rumour", 5),)), policy=strict).suggestion is (
        Suggestion.REVIEW
    )
    assert decide(replace(PLAIN, patterns=(pattern("exposure_threat"),)), policy=strict).labels


def test_what_is_missing_is_reviewed_never_passed() -> None:
    verdict = decide(PLAIN, degraded=("abuse",))
    assert (verdict.suggestion, verdict.degraded) == (Suggestion.REVIEW, ("abuse",))


def test_missing_does_not_soften_a_block() -> None:
    analysis = replace(PLAIN, hits=(hit("drugs", 5),))
    assert decide(analysis, degraded=("abuse",)).suggestion is Suggestion.BLOCK


def test_a_policy_says_what_missing_means() -> None:
    lax = policy("degraded: {suggestion: pass, because: 弹幕事后有人巡查，不能拦}")
    assert decide(PLAIN, policy=lax, degraded=("abuse",)).suggestion is Suggestion.PASS
    hard = policy("degraded: {suggestion: block}")
    assert decide(PLAIN, policy=hard, degraded=("abuse",)).suggestion is Suggestion.BLOCK


def test_an_advertisement_never_passes_unseen() -> None:
    verdict = decide(PLAIN, kind="advertisement")
    assert verdict.suggestion is Suggestion.REVIEW
    assert verdict.reasons == ((Reason.ADVERTISEMENT, ""),)


def test_an_advertisement_with_its_legal_verdict_passes() -> None:
    assert decide(PLAIN, kind="advertisement", cleared=True).suggestion is Suggestion.PASS


@pytest.mark.parametrize(
    ("score", "suggestion", "level"),
    [
        (0.29, Suggestion.PASS, "none"),
        (0.94, Suggestion.PASS, "none"),
        (0.95, Suggestion.REVIEW, "medium"),
        (1.0, Suggestion.REVIEW, "medium"),
    ],
)
def test_the_abuse_head_alone_reviews_when_it_is_nearly_sure(
    score: float, suggestion: Suggestion, level: str
) -> None:
    verdict = decide(replace(PLAIN, abuse=score))
    assert (verdict.suggestion, verdict.risk_level) == (suggestion, level)
    assert verdict.labels == ((("abuse", score, "model"),) if score >= 0.95 else ())
    assert bool(verdict.traces) is (0.3 <= score < 0.95)


def test_below_medium_the_abuse_head_is_low() -> None:
    keen = policy("abuse: {review: 0.5, medium: 0.8}")
    assert decide(replace(PLAIN, abuse=0.79), policy=keen).risk_level == "low"
    assert decide(replace(PLAIN, abuse=0.8), policy=keen).risk_level == "medium"


def test_a_policy_may_block_by_the_abuse_head() -> None:
    strict = policy("abuse: {block: 0.97}")
    assert decide(replace(PLAIN, abuse=0.97), policy=strict).suggestion is Suggestion.BLOCK
    assert decide(replace(PLAIN, abuse=0.96), policy=strict).suggestion is Suggestion.REVIEW


def test_hits_that_belong_to_a_held_claim_wait_with_it() -> None:
    verdict = decide(
        replace(PLAIN, hits=(hit("medical_claim", 4),), patterns=(pattern("medical_claim"),))
    )
    assert (verdict.suggestion, verdict.held) == (Suggestion.BLOCK, True)
    assert [label[2] for label in verdict.labels] == ["lexicon", "pattern"]


def test_what_is_blocked_outright_waits_for_nobody() -> None:
    verdict = decide(replace(PLAIN, hits=(hit("drugs", 5),), patterns=(pattern("medical_claim"),)))
    assert (verdict.suggestion, verdict.held) == (Suggestion.BLOCK, False)


def test_only_the_pattern_is_held_by_default() -> None:
    verdict = decide(replace(PLAIN, hits=(hit("medical_claim", 2),)))
    assert (verdict.suggestion, verdict.held) == (Suggestion.REVIEW, False)


@pytest.mark.parametrize("category", ["medical_claim", "finance_claim"])
@pytest.mark.parametrize("severity", [1, 5])
def test_the_switch_holds_every_hit_of_the_two_categories(category: str, severity: int) -> None:
    wide = policy("holds: {all_medical_and_finance: true}")
    verdict = decide(replace(PLAIN, hits=(hit(category, severity),)), policy=wide)
    assert (verdict.suggestion, verdict.held) == (Suggestion.BLOCK, True)
    assert verdict.held_labels == {category}


def test_self_harm_is_reviewed_and_never_blocked() -> None:
    verdict = decide(replace(PLAIN, hits=(hit("self_harm", 5),), patterns=(pattern("self_harm"),)))
    assert (verdict.suggestion, verdict.held, verdict.at_risk) == (
        Suggestion.REVIEW,
        False,
        True,
    )


def test_self_harm_is_told_of_beside_a_block() -> None:
    verdict = decide(replace(PLAIN, hits=(hit("drugs", 5),), patterns=(pattern("self_harm"),)))
    assert (verdict.suggestion, verdict.at_risk) == (Suggestion.BLOCK, True)


@pytest.mark.parametrize(("severity", "at_risk"), [(3, False), (4, True)])
def test_a_grave_word_of_self_harm_is_told_of(severity: int, at_risk: bool) -> None:
    assert decide(replace(PLAIN, hits=(hit("self_harm", severity),))).at_risk is at_risk


def test_suppressed_self_harm_tells_nobody() -> None:
    analysis = replace(
        PLAIN,
        hits=(hit("self_harm", 5, suppressed=True),),
        patterns=(pattern("self_harm", suppressed=True),),
    )
    assert not decide(analysis).at_risk


def test_waived_labels_and_what_goes_along_move_nothing() -> None:
    analysis = replace(
        PLAIN, hits=(hit("medical_claim", 4), hit("spam", 2)), patterns=(pattern("medical_claim"),)
    )
    verdict = decide(analysis, waived=frozenset({"medical_claim"}))
    assert (verdict.suggestion, verdict.labels) == (Suggestion.REVIEW, (("spam", 0.4, "lexicon"),))


def test_labels_are_given_once_with_the_best_score() -> None:
    verdict = decide(replace(PLAIN, hits=(hit("spam", 1), hit("spam", 3), hit("abuse", 2))))
    assert verdict.labels == (("abuse", 0.4, "lexicon"), ("spam", 0.6, "lexicon"))


def finding(suggestion: Suggestion, *, held: bool = False) -> Finding:
    return Finding(
        label="x",
        source=Source.HUMAN,
        score=1.0,
        severity=3,
        suggestion=suggestion,
        held=held,
    )


def test_raising_never_makes_more_lenient() -> None:
    blocked = decide(replace(PLAIN, hits=(hit("drugs", 5),)))
    after = raised(
        blocked,
        policy=default_policy(),
        findings=[finding(Suggestion.PASS)],
        floor=Suggestion.REVIEW,
    )
    assert (after.suggestion, after.risk_level) == (Suggestion.BLOCK, "high")


def test_raising_a_held_text_keeps_it_held() -> None:
    held = decide(replace(PLAIN, patterns=(pattern("medical_claim"),)))
    after = raised(held, policy=default_policy(), degraded=("holds",))
    assert (after.suggestion, after.held, after.degraded) == (Suggestion.BLOCK, True, ("holds",))
    again = raised(after, policy=default_policy(), findings=[finding(Suggestion.BLOCK)])
    assert (again.suggestion, again.held) == (Suggestion.BLOCK, False)


def test_raising_for_a_missing_part_asks_for_review_once() -> None:
    after = raised(decide(PLAIN), policy=default_policy(), degraded=("holds",))
    assert after.suggestion is Suggestion.REVIEW
    assert raised(after, policy=default_policy(), degraded=("holds",)) == after


def test_a_verdict_without_findings_holds_nothing() -> None:
    assert Verdict(suggestion=Suggestion.PASS, risk_level="none", labels=()).held_labels == set()


def scored(category: str, score: float) -> tuple[CategoryScore, ...]:
    return (CategoryScore(category=category, score=score),)


@pytest.mark.parametrize(
    ("score", "suggestion", "level"),
    [
        (0.09, Suggestion.PASS, "none"),
        (0.1, Suggestion.REVIEW, "medium"),
        (0.89, Suggestion.REVIEW, "medium"),
        (0.9, Suggestion.BLOCK, "high"),
    ],
)
def test_the_moderation_head_decides_by_its_probability(
    score: float, suggestion: Suggestion, level: str
) -> None:
    verdict = decide(replace(PLAIN, moderation=scored("gambling", score)))
    assert (verdict.suggestion, verdict.risk_level) == (suggestion, level)
    expected = () if suggestion is Suggestion.PASS else (("gambling", score, "model"),)
    assert verdict.labels == expected


def test_words_of_the_same_label_make_less_certainty_enough() -> None:
    weak = replace(hit("gambling", 2), suppressed_by="context:x")
    found = replace(PLAIN, hits=(weak,), moderation=scored("gambling", 0.7))
    assert decide(found).suggestion is Suggestion.BLOCK
    other = replace(found, moderation=scored("fraud", 0.7))
    assert decide(other).suggestion is Suggestion.REVIEW
    doxxed = replace(PLAIN, patterns=(pattern("doxxing"),), moderation=scored("doxxing", 0.7))
    assert [item.suggestion for item in decide(doxxed).findings] == [Suggestion.BLOCK] * 2


@pytest.mark.parametrize("category", ["self_harm", "ad_absolute", "medical_claim", "finance_claim"])
def test_some_categories_are_for_people_however_sure_the_model_is(category: str) -> None:
    verdict = decide(replace(PLAIN, moderation=scored(category, 0.99)))
    assert verdict.suggestion is Suggestion.REVIEW


def test_who_seems_about_to_harm_himself_is_at_risk() -> None:
    assert decide(replace(PLAIN, moderation=scored("self_harm", 0.9))).at_risk
    assert not decide(replace(PLAIN, moderation=scored("self_harm", 0.89))).at_risk
    never = policy("at_risk: {model: never}")
    assert not decide(replace(PLAIN, moderation=scored("self_harm", 1.0)), policy=never).at_risk


def test_a_doubt_of_the_moderation_head_is_a_trace() -> None:
    bold = policy("model: {review: 0.5}")
    verdict = decide(replace(PLAIN, moderation=scored("spam", 0.3)), policy=bold)
    assert (verdict.suggestion, verdict.labels) == (Suggestion.PASS, ())
    assert [(item.label, item.source, item.score) for item in verdict.traces] == [
        ("spam", Source.MODEL, 0.3)
    ]
    assert decide(replace(PLAIN, moderation=scored("spam", 0.09))).traces == ()


def test_a_policy_may_leave_the_moderation_head_aside() -> None:
    mild = policy("model: {block: never, together: never, labels: {drugs: 1.0}}")
    assert decide(replace(PLAIN, moderation=scored("drugs", 0.99)), policy=mild).labels == ()


def test_a_label_may_have_its_own_threshold_of_the_moderation_head() -> None:
    picky = policy("model: {labels: {hate: 0.7}}")
    assert decide(replace(PLAIN, moderation=scored("gambling", 0.3)), policy=picky).labels
    assert not decide(replace(PLAIN, moderation=scored("hate", 0.3)), policy=picky).labels


def test_a_suspicion_is_reviewed_and_never_blocked() -> None:
    lacking = replace(hit("drugs", 5), suppressed_by="context:any(飞)@6", evasion="split")
    verdict = decide(replace(PLAIN, hits=(lacking,)))
    assert (verdict.suggestion, verdict.risk_level) == (Suggestion.REVIEW, "low")
    assert verdict.labels == (("drugs", 0.2, "lexicon"),)
