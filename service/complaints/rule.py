"""Which posts open a complaint by themselves: rules as data, judged without asking anybody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from pydantic import ConfigDict

from service.moderation.at_risk import PATTERN
from service.oncall.model import Target, TargetKind, TimeOfDay
from service.stores.analysed import label_of, pattern_name
from service.stores.post_store import StoredPost

_STRICT = ConfigDict(extra="forbid")
SHIPPED = "default"
"""The rule that is there before anybody has written one; saving one of that id replaces it."""


SERVICE = Target(kind=TargetKind.ROLE, id="service")
PR = Target(kind=TargetKind.ROLE, id="pr")


class Evidence(StrEnum):
    """What must speak for a complaint: what the encoder reads, the words of the lexicon."""

    BOTH = "both"
    EITHER = "either"


class Counting(StrEnum):
    """How the clocks count: every hour, or the hours of service on working days."""

    WALL = "wall"
    SERVICE = "service"


class Reason(StrEnum):
    """Why a post opens a complaint, or does not; a metric label."""

    MATCHED = "matched"
    DISABLED = "disabled"
    OTHER_MONITOR = "other_monitor"
    SPARED = "spared"
    """The bad news is about somebody else."""
    AT_RISK = "at_risk"
    """Its author may harm themselves: they are for the rota of people at risk alone."""
    OTHER_SCENARIO = "other_scenario"
    LEFT_OUT = "left_out"
    """Of a channel that is no customer's."""
    SHARED = "shared"
    OTHER_BAND = "other_band"
    """Its author is too big, too small, or verified."""
    NO_WORDS = "no_words"
    UNSURE = "unsure"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintRuleDraft:
    """`monitors` empty: every monitor of a brand; `scenarios` empty: any, also none.

    A post counts from `confidence` of the encoder's intent `complaint` on, and by one of
    `categories` of the lexicon; `needs` says whether both must speak. Authors have from
    `followers_from` to `followers_to` followers (None: no end); who has no count passes. `shares`
    takes posts that share another one. `per_hour` is how many it opens within an hour.
    The clocks count by the wall, or from `opens` to `closes` of working days in `zone`.
    """

    __pydantic_config__ = _STRICT

    id: str
    name: str
    enabled: bool = True
    monitors: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    confidence: float = 0.8
    categories: tuple[str, ...] = (
        "complaint",
        "quality_defect",
        "injury",
        "contamination",
        "counterfeit",
        "refund_refusal",
        "price_discrimination",
        "privacy_leak",
        "outage",
        "false_claim",
    )
    needs: Evidence = Evidence.BOTH
    channels_left_out: tuple[str, ...] = ("news", "owned")
    followers_from: int = 0
    followers_to: int | None = 100_000
    verified: bool = False
    shares: bool = False
    max_age_h: int = 24
    per_hour: int = 60
    owner: Target = SERVICE
    deputy: Target | None = PR
    counting: Counting = Counting.WALL
    opens: TimeOfDay = time(9)
    closes: TimeOfDay = time(21)
    zone: str = "Asia/Shanghai"
    warn_answer_min: int = 5
    warn_response_min: int = 60
    warn_resolution_min: int = 240
    escalate_min: int = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintRule(ComplaintRuleDraft):
    """`version` 0: it ships, and nobody has changed it."""

    created_at: datetime | None
    updated_at: datetime | None
    version: int


def shipped_rule() -> ComplaintRuleDraft:
    """The cautious one: encoder and lexicon agree, ordinary people, of monitors of a brand."""
    return ComplaintRuleDraft(id=SHIPPED, name="品牌用户投诉")


def is_at_risk(post: StoredPost) -> bool:
    """Whether its author may harm themselves: then their own rota answers, no complaint desk."""
    return pattern_name(PATTERN) in post.categories


def judge(
    rule: ComplaintRuleDraft,
    post: StoredPost,
    *,
    monitor: str,
    branded: Collection[str],
    now: datetime,
) -> Reason:
    """Whether that post opens a complaint of the monitor by the rule; `branded` have a brand."""
    if not rule.enabled:
        return Reason.DISABLED
    if monitor not in (rule.monitors or branded) or monitor not in post.monitors:
        return Reason.OTHER_MONITOR
    if monitor in post.spared:
        return Reason.SPARED
    if is_at_risk(post):
        return Reason.AT_RISK
    if rule.scenarios and post.scenario not in rule.scenarios:
        return Reason.OTHER_SCENARIO
    if post.channel in rule.channels_left_out:
        return Reason.LEFT_OUT
    if post.repost_of is not None and not rule.shares:
        return Reason.SHARED
    if not _in_band(rule, post):
        return Reason.OTHER_BAND
    if now - post.published_at > timedelta(hours=rule.max_age_h):
        return Reason.TOO_OLD
    return _evidence(rule, post)


def _evidence(rule: ComplaintRuleDraft, post: StoredPost) -> Reason:
    worded = not set(rule.categories).isdisjoint(post.categories)
    sure = _confidence(post) >= rule.confidence
    if rule.needs is Evidence.EITHER:
        return Reason.MATCHED if worded or sure else Reason.UNSURE
    if not worded:
        return Reason.NO_WORDS
    return Reason.MATCHED if sure else Reason.UNSURE


def _in_band(rule: ComplaintRuleDraft, post: StoredPost) -> bool:
    if post.verified and not rule.verified:
        return False
    if post.followers is None:
        return True
    most = rule.followers_to
    return rule.followers_from <= post.followers and (most is None or post.followers <= most)


def _confidence(post: StoredPost) -> float:
    """How sure the encoder is of a complaint, in [0, 1]; 0 where nothing read it."""
    if label_of(post, "intent") is None:
        return 0.0
    scores = post.analysis["intent"].get("scores") or {}
    score = scores.get("complaint", 0.0)
    return float(score) if isinstance(score, int | float) else 0.0
