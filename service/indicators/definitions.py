"""The fifteen indicators, each defined once: catalogue, values, thresholds and docs read this."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from service.indicators.definition import (
    Definition,
    Direction,
    IndicatorId,
    Levels,
    Measured,
    Origin,
    Unit,
)

_DAY = timedelta(days=1)
_MONTH = timedelta(days=30)
_WORSE, _BETTER, _NEITHER = (
    Direction.HIGHER_IS_WORSE,
    Direction.LOWER_IS_WORSE,
    Direction.NEITHER,
)
_CONCENTRATION = (
    "Herfindahl-Hirschman index; A. O. Hirschman, The Paternity of an Index, "
    "American Economic Review 54(5), 1964"
)
_BALANCE = (
    "net balance as in business surveys: European Commission, The Joint Harmonised EU Programme "
    "of Business and Consumer Surveys, User Guide"
)
_EMOTIONS = "labels after P. Ekman, An Argument for Basic Emotions, Cognition & Emotion 6, 1992"
_QUANTILES = (
    "quantiles of type 7 in R. J. Hyndman, Y. Fan, Sample Quantiles in Statistical Packages, "
    "The American Statistician 50(4), 1996"
)

_ALL = (
    Definition(
        id=IndicatorId.VOLUME,
        name={"zh": "声量", "en": "Volume"},
        unit=Unit.POSTS,
        direction=_NEITHER,
        origin=Origin.POSTS,
        made_from="posts of the monitor published in the window",
        formula="posts",
        source=None,
        counted="posts",
        least=0,
        measured=Measured.CHANGE,
        levels=Levels(yellow=1.0, orange=3.0, red=9.0),
        watched=_DAY,
    ),
    Definition(
        id=IndicatorId.DISTINCT_TEXTS,
        name={"zh": "独立文本数", "en": "Distinct texts"},
        unit=Unit.POSTS,
        direction=_NEITHER,
        origin=Origin.POSTS,
        made_from="copy groups of those posts; a post without a group is a text of its own",
        formula="copy groups + posts without a group",
        source=None,
        counted="posts",
        least=0,
        measured=Measured.CHANGE,
        levels=Levels(yellow=1.0, orange=3.0, red=9.0),
        watched=_DAY,
    ),
    Definition(
        id=IndicatorId.REACH,
        name={"zh": "触达人数（粉丝上限）", "en": "Reach (followers, an upper bound)"},
        unit=Unit.PEOPLE,
        direction=_NEITHER,
        origin=Origin.POSTS,
        made_from="followers of the authors, each author once at the most that was seen",
        formula="sum of followers over authors",
        source=None,
        counted="posts",
        least=0,
        measured=Measured.CHANGE,
        levels=Levels(yellow=3.0, orange=9.0, red=29.0),
        watched=_DAY,
    ),
    Definition(
        id=IndicatorId.ENGAGEMENT,
        name={"zh": "互动量", "en": "Engagement"},
        unit=Unit.ACTS,
        direction=_NEITHER,
        origin=Origin.POSTS,
        made_from="reposts, comments and likes of those posts, as last counted",
        formula="reposts + comments + likes",
        source=None,
        counted="posts",
        least=0,
        measured=Measured.CHANGE,
        levels=Levels(yellow=3.0, orange=9.0, red=29.0),
        watched=_DAY,
    ),
    Definition(
        id=IndicatorId.NET_SENTIMENT,
        name={"zh": "净情感", "en": "Net sentiment"},
        unit=Unit.BALANCE,
        direction=_BETTER,
        origin=Origin.POSTS,
        made_from="sentiment of those posts that have one",
        formula="(positive - negative) / (positive + neutral + negative)",
        source=_BALANCE,
        counted="posts with a sentiment",
        least=30,
        measured=Measured.VALUE,
        levels=Levels(yellow=-0.2, orange=-0.4, red=-0.6),
        watched=_DAY,
    ),
    Definition(
        id=IndicatorId.EMOTION_MIX,
        name={"zh": "情绪构成（愤怒占比）", "en": "Emotion mix (share of anger)"},
        unit=Unit.SHARE,
        direction=_WORSE,
        origin=Origin.POSTS,
        made_from="emotion of those posts that have one; the value is the share of anger",
        formula="angry / posts with an emotion",
        source=_EMOTIONS,
        counted="posts with an emotion",
        least=30,
        measured=Measured.VALUE,
        levels=Levels(yellow=0.25, orange=0.4, red=0.55),
        watched=_DAY,
    ),
    Definition(
        id=IndicatorId.NEGATIVE_SHARE,
        name={"zh": "负面占比", "en": "Negative share"},
        unit=Unit.SHARE,
        direction=_WORSE,
        origin=Origin.POSTS,
        made_from="sentiment of those posts that have one",
        formula="negative / (positive + neutral + negative)",
        source=None,
        counted="posts with a sentiment",
        least=30,
        measured=Measured.VALUE,
        levels=Levels(yellow=0.3, orange=0.45, red=0.6),
        watched=_DAY,
    ),
    Definition(
        id=IndicatorId.SHARE_OF_VOICE,
        name={"zh": "声量份额", "en": "Share of voice"},
        unit=Unit.SHARE,
        direction=_NEITHER,
        origin=Origin.RIVALS,
        made_from=(
            "posts of the monitor, and those of monitors of brands on the other side: competitors "
            "of ours, our brands of a competitor's"
        ),
        formula="posts / (posts + posts of rivals), a post of several rivals once",
        source=None,
        counted="posts of the monitor and its rivals",
        least=50,
        measured=Measured.CHANGE,
        levels=Levels(yellow=0.5, orange=1.0, red=2.0),
        watched=_DAY,
    ),
    Definition(
        id=IndicatorId.SOURCE_MIX,
        name={"zh": "来源与渠道构成（集中度）", "en": "Source and channel mix (concentration)"},
        unit=Unit.SHARE,
        direction=_NEITHER,
        origin=Origin.POSTS,
        made_from="source and channel of those posts; 1 when all come from one source",
        formula="sum of the squared shares of sources",
        source=_CONCENTRATION,
        counted="posts",
        least=30,
        measured=Measured.CHANGE,
        levels=Levels(yellow=0.5, orange=1.0, red=2.0),
        watched=_DAY,
    ),
    Definition(
        id=IndicatorId.TOPIC_MIX,
        name={"zh": "话题构成（集中度）", "en": "Topic mix (concentration)"},
        unit=Unit.SHARE,
        direction=_NEITHER,
        origin=Origin.POSTS,
        made_from="the topic that each post was given by the active version when it was stored",
        formula="sum of the squared shares of topics, among posts that a topic fits",
        source=_CONCENTRATION,
        counted="posts that a topic fits",
        least=30,
        measured=Measured.CHANGE,
        levels=Levels(yellow=0.5, orange=1.0, red=2.0),
        watched=_DAY,
    ),
    Definition(
        id=IndicatorId.RESPONSE_TIMES,
        name={"zh": "响应时长（确认中位数）", "en": "Response times (median to acknowledge)"},
        unit=Unit.SECONDS,
        direction=_WORSE,
        origin=Origin.INCIDENTS,
        made_from=(
            "crises opened in the window: when they were acknowledged, and when the step "
            "first_response was done; drills and merged ones are none"
        ),
        formula="median of acknowledged - opened; 90 % quantile and the first answer beside it",
        source=_QUANTILES,
        counted="crises that were acknowledged",
        least=1,
        measured=Measured.VALUE,
        levels=Levels(yellow=900.0, orange=1_800.0, red=3_600.0),
        watched=_MONTH,
    ),
    Definition(
        id=IndicatorId.BREACH_RATE,
        name={"zh": "超时率", "en": "Breach rate"},
        unit=Unit.SHARE,
        direction=_WORSE,
        origin=Origin.STEPS,
        made_from="steps of crises that fell due in the window, and those of them done too late",
        formula="breached / due; a step that was skipped or cancelled in time is not due",
        source=None,
        counted="steps that fell due",
        least=5,
        measured=Measured.VALUE,
        levels=Levels(yellow=0.05, orange=0.15, red=0.3),
        watched=_MONTH,
    ),
    Definition(
        id=IndicatorId.RECURRENCE_RATE,
        name={"zh": "复发率", "en": "Recurrence rate"},
        unit=Unit.SHARE,
        direction=_WORSE,
        origin=Origin.INCIDENTS,
        made_from=(
            "crises opened in the window whose scenario is named; a recurrence has one of the same "
            "monitor or brand and scenario that was closed within 90 days before, and the same "
            "cause as far as their reviews know both"
        ),
        formula="recurrences / crises; false alarms and merged ones are none",
        source=None,
        counted="crises with a scenario",
        least=5,
        measured=Measured.VALUE,
        levels=Levels(yellow=0.08, orange=0.16, red=0.3),
        watched=_MONTH,
    ),
    Definition(
        id=IndicatorId.COVERAGE,
        name={"zh": "监测覆盖率", "en": "Coverage"},
        unit=Unit.SHARE,
        direction=_BETTER,
        origin=Origin.FEEDS,
        made_from="hours in which each feed was known, and its gaps; of all feeds, not a monitor's",
        formula="1 - gap hours / feed hours",
        source=None,
        counted="feed hours",
        least=1,
        measured=Measured.VALUE,
        levels=Levels(yellow=0.98, orange=0.95, red=0.9),
        watched=_DAY,
    ),
    Definition(
        id=IndicatorId.COMPLAINTS_PER_1000,
        name={"zh": "千帖投诉数", "en": "Complaints per 1,000 posts"},
        unit=Unit.PER_THOUSAND,
        direction=_WORSE,
        origin=Origin.POSTS,
        made_from="intent of those posts that have one",
        formula="1000 * complaint / posts with an intent",
        source=None,
        counted="posts with an intent",
        least=100,
        measured=Measured.VALUE,
        levels=Levels(yellow=100.0, orange=200.0, red=350.0),
        watched=_DAY,
    ),
)

DEFINITIONS: Mapping[IndicatorId, Definition] = {item.id: item for item in _ALL}
"""In the order of the design."""
