from __future__ import annotations

from dataclasses import replace

import pytest

from nlp import Analysis, CopyKey, Hit
from service.moderation import Suggestion, decide

PLAIN = Analysis(
    language="zh", normal="", tokens=(), copy_key=CopyKey(exact="", simhash=0, bands=())
)


def hit(category: str, severity: int, *, suppressed_by: str | None = None) -> Hit:
    return Hit(
        entry_id="lex_x_001",
        term="词",
        category=category,
        severity=severity,
        scenario=None,
        start=0,
        end=1,
        surface="词",
        suppressed_by=suppressed_by,
    )


def test_a_text_without_findings_passes() -> None:
    verdict = decide(PLAIN)
    assert (verdict.suggestion, verdict.risk_level, verdict.labels) == (
        Suggestion.PASS,
        "none",
        (),
    )


@pytest.mark.parametrize(
    ("severity", "suggestion", "level"),
    [
        (5, Suggestion.BLOCK, "high"),
        (4, Suggestion.BLOCK, "high"),
        (3, Suggestion.REVIEW, "medium"),
        (1, Suggestion.REVIEW, "low"),
    ],
)
def test_severity_of_a_moderation_hit_decides(
    severity: int, suggestion: Suggestion, level: str
) -> None:
    verdict = decide(replace(PLAIN, hits=(hit("gambling", severity),)))
    assert (verdict.suggestion, verdict.risk_level) == (suggestion, level)
    assert verdict.labels == (("gambling", severity / 5, "lexicon"),)


def test_crisis_categories_never_hold_a_post_back() -> None:
    assert decide(replace(PLAIN, hits=(hit("injury", 5),))).suggestion is Suggestion.PASS


def test_a_suppressed_hit_does_not_count() -> None:
    analysis = replace(PLAIN, hits=(hit("drugs", 5, suppressed_by="allow:药"),))
    assert decide(analysis).suggestion is Suggestion.PASS


def test_what_is_missing_is_reviewed_never_passed() -> None:
    assert decide(PLAIN, degraded=("abuse",)).suggestion is Suggestion.REVIEW


def test_missing_does_not_soften_a_block() -> None:
    analysis = replace(PLAIN, hits=(hit("drugs", 5),))
    assert decide(analysis, degraded=("abuse",)).suggestion is Suggestion.BLOCK


def test_an_advertisement_never_passes_unseen() -> None:
    assert decide(PLAIN, kind="advertisement").suggestion is Suggestion.REVIEW


def test_the_abuse_head_is_reviewed_from_one_half() -> None:
    verdict = decide(replace(PLAIN, abuse=0.5))
    assert verdict.suggestion is Suggestion.REVIEW
    assert verdict.labels == (("abuse", 0.5, "model"),)
    assert decide(replace(PLAIN, abuse=0.49)).suggestion is Suggestion.PASS
