"""What is looked for in an advertisement, beside what is looked for in any text. Pure.

Sources: 广告法 articles 9 (absolutes, a lexicon category), 14 (it says that it is one; also
互联网广告管理办法 article 9), 16 to 18 and 28 (claims of effect need approval or proof).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from nlp import Analysis
from service.moderation.policies import AdvertisementRules, Policy
from service.moderation.policy import Finding, Source, Suggestion, Verdict, raised

UNMARKED = "ad_unmarked"
UNPROVEN = "ad_unproven_efficacy"

# Numbers as the authorities write them; the normal form is in lower case.
_APPROVAL = re.compile(
    r"国药准字\s?[hzsjbt]\s?\d{8}"
    r"|[国省京津沪渝冀晋蒙辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀贵黔云滇藏陕甘青宁新]械[注备]准?[字进许]?\s?\d{6,14}"
    r"|[国卫]食健[字注备]?[gj]?\s?\d{4,14}|食健备[gj]\s?\d{8,14}"
    r"|国妆特[字进]?[gj]?\s?\d{6,14}|[a-z\u4e00-\u9fff]{1,3}妆网备[字进]?\s?\d{6,14}"
    r"|[药医械食]广审?\(?[文视声]?\)?第?\s?\d{6,16}-?\d{0,8}号?"
)
_REPORT = re.compile(
    r"(?:检验|检测|试验|测试)报告(?:编号|单号|号)?\s?[::]?\s?(?=[a-z0-9/-]{0,30}\d)[a-z0-9][a-z0-9/-]{4,30}"
)
_SAYS_SO = r"(?:本文|本条|本帖|本篇|本视频|本内容|本页面|以下)(?:内容)?(?:为|系|是|属于|含|含有)"


def with_checks(verdict: Verdict, analysis: Analysis, *, policy: Policy) -> Verdict:
    """The verdict on an advertisement with its labels `ad_*`; each of them asks for review."""
    rules, normal = policy.advertisement, analysis.normal
    found = [_finding(label, severity=1) for label in _lures(normal, rules)]
    if not _marker(rules.markers).search(normal):
        found.append(_finding(UNMARKED, severity=2))
    if _claims_effect(verdict, normal, rules) and not has_proof(normal):
        found.append(_finding(UNPROVEN, severity=3))
    return raised(verdict, policy=policy, findings=found) if found else verdict


def has_proof(normal: str) -> bool:
    """Whether a text in normal form has a number of approval or of a test report."""
    return _APPROVAL.search(normal) is not None or _REPORT.search(normal) is not None


def _lures(normal: str, rules: AdvertisementRules) -> Iterable[str]:
    for name, words in rules.inducements.items():
        if any(word in normal for word in words):
            yield f"ad_{name}"


def _claims_effect(verdict: Verdict, normal: str, rules: AdvertisementRules) -> bool:
    """A counted finding of the categories (or the pattern of that name), or a word of effect."""
    return any(finding.label in rules.proof_for for finding in verdict.findings) or any(
        word in normal for word in rules.efficacy
    )


@lru_cache(maxsize=16)
def _marker(markers: tuple[str, ...]) -> re.Pattern[str]:
    """A marker that stands by itself: 【广告】 marks, 看了很多广告 does not."""
    words = "|".join(re.escape(marker) for marker in sorted(markers, key=len, reverse=True))
    return re.compile(rf"(?:(?<!\w)|{_SAYS_SO})(?:{words})(?!\w)")


def _finding(label: str, *, severity: int) -> Finding:
    return Finding(
        label=label,
        source=Source.PATTERN,
        score=severity / 5,
        severity=severity,
        suggestion=Suggestion.REVIEW,
    )
