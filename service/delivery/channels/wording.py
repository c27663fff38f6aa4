"""The words of a page, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from playbooks import Library
from playbooks.schema import Text
from service.events import EventType


class Language(StrEnum):
    ZH = "zh"
    EN = "en"


Named = Mapping[str, str]
"""One text by language."""

EVENTS: Mapping[EventType, Named] = {
    EventType.INCIDENT_OPENED: {"zh": "新事件", "en": "Incident opened"},
    EventType.INCIDENT_TIER_CHANGED: {"zh": "级别调整", "en": "Tier changed"},
    EventType.INCIDENT_PAGED: {"zh": "呼叫", "en": "Page"},
    EventType.INCIDENT_UNREACHED: {"zh": "没有联系到任何人", "en": "Nobody was reached"},
    EventType.INCIDENT_ACKNOWLEDGED: {"zh": "已接警", "en": "Acknowledged"},
    EventType.INCIDENT_UPDATED: {"zh": "事件更新", "en": "Incident updated"},
    EventType.INCIDENT_ASSIGNED: {"zh": "负责人变动", "en": "Owner changed"},
    EventType.INCIDENT_WATCHED: {"zh": "关注的事件有变化", "en": "News of a watched incident"},
    EventType.INCIDENT_RESOLVED: {"zh": "已解决", "en": "Resolved"},
    EventType.INCIDENT_CLOSED: {"zh": "已结案", "en": "Closed"},
    EventType.INCIDENT_CLEARED: {"zh": "声量回落", "en": "Volume back to normal"},
    EventType.STEP_DUE_SOON: {"zh": "步骤将到期", "en": "Step falls due soon"},
    EventType.STEP_DUE: {"zh": "步骤超时", "en": "Step overdue"},
    EventType.STEP_ESCALATED: {"zh": "超时上报", "en": "Escalated"},
    EventType.STEP_DONE: {"zh": "步骤完成", "en": "Step done"},
    EventType.PROMISE_DUE_SOON: {"zh": "承诺将到期", "en": "Promise falls due soon"},
    EventType.PROMISE_DUE: {"zh": "承诺到期未兑现", "en": "Promise not kept in time"},
    EventType.PROMISE_ESCALATED: {"zh": "承诺超时上报", "en": "Broken promise escalated"},
    EventType.PROMISE_KEPT: {"zh": "承诺已兑现", "en": "Promise kept"},
    EventType.REVIEW_OPENED: {"zh": "复盘开始", "en": "Review opened"},
    EventType.REVIEW_DUE_SOON: {"zh": "复盘将到期", "en": "Review falls due soon"},
    EventType.REVIEW_DUE: {"zh": "复盘超时", "en": "Review overdue"},
    EventType.REVIEW_ESCALATED: {"zh": "复盘超时上报", "en": "Overdue review escalated"},
    EventType.REVIEW_CLOSED: {"zh": "复盘完成", "en": "Review closed"},
    EventType.IMPROVEMENT_UPDATED: {"zh": "改进项更新", "en": "Improvement updated"},
    EventType.IMPROVEMENT_DUE_SOON: {"zh": "改进项将到期", "en": "Improvement falls due soon"},
    EventType.IMPROVEMENT_DUE: {"zh": "改进项超期", "en": "Improvement overdue"},
    EventType.IMPROVEMENT_ESCALATED: {
        "zh": "改进项超期上报",
        "en": "Overdue improvement escalated",
    },
    EventType.HANDOVER_REQUESTED: {"zh": "移交工单系统", "en": "Handed over to a tracker"},
    EventType.HANDOVER_UPDATED: {"zh": "移交工单有变化", "en": "News of a hand-over"},
    EventType.HANDOVER_FAILED: {"zh": "移交需要人处理", "en": "A hand-over needs somebody"},
    EventType.BRIEFING_DELIVERED: {"zh": "简报", "en": "Briefing"},
    EventType.COVERAGE_LOST: {"zh": "采集中断", "en": "Coverage lost"},
    EventType.COVERAGE_RESTORED: {"zh": "采集恢复", "en": "Coverage restored"},
    EventType.REVIEW_DECIDED: {"zh": "审核有结论", "en": "Review decided"},
    EventType.INDICATOR_CROSSED: {"zh": "指标越过阈值", "en": "Indicator crossed a threshold"},
    EventType.CHANNEL_DISABLED: {"zh": "通知渠道已停用", "en": "Channel switched off"},
    EventType.ROTA_HANDED_OVER: {"zh": "值班交接", "en": "Rota handed over"},
    EventType.SILENCE_ENDED: {"zh": "静默结束", "en": "Silence ended"},
    EventType.RECURRING_DUE_SOON: {"zh": "周期职责将到期", "en": "Recurring duty falls due soon"},
    EventType.RECURRING_DUE: {"zh": "周期职责到期", "en": "Recurring duty is due"},
    EventType.RECURRING_ESCALATED: {"zh": "周期职责超时上报", "en": "Recurring duty escalated"},
    EventType.RECURRING_MISSED: {"zh": "周期职责错过", "en": "Recurring duty missed"},
    EventType.RECURRING_DONE: {"zh": "周期职责完成", "en": "Recurring duty done"},
    EventType.COMPLAINT_OPENED: {"zh": "新投诉", "en": "Complaint opened"},
    EventType.COMPLAINT_ASSIGNED: {"zh": "投诉派给您", "en": "Complaint assigned"},
    EventType.COMPLAINT_DUE_SOON: {"zh": "投诉将超时", "en": "Complaint falls due soon"},
    EventType.COMPLAINT_DUE: {"zh": "投诉超时", "en": "Complaint overdue"},
    EventType.COMPLAINT_ESCALATED: {"zh": "投诉超时上报", "en": "Overdue complaint escalated"},
    EventType.COMPLAINT_ANSWERED: {"zh": "投诉已应答", "en": "Complaint answered"},
    EventType.COMPLAINT_RESOLVED: {"zh": "投诉已解决", "en": "Complaint resolved"},
    EventType.COMPLAINT_DISPUTED: {"zh": "投诉人有异议", "en": "Complaint disputed"},
    EventType.COMPLAINT_REOPENED: {"zh": "投诉重新打开", "en": "Complaint reopened"},
    EventType.COMPLAINT_CLOSED: {"zh": "投诉已关闭", "en": "Complaint closed"},
    EventType.SERVICE_HEARTBEAT: {"zh": "心跳", "en": "Heartbeat"},
    EventType.SERVICE_CANARY: {"zh": "自检", "en": "Self-check"},
}

WORDS: Mapping[str, Named] = {
    "drill": {"zh": "演练", "en": "DRILL"},
    "test": {"zh": "测试消息，无需处理", "en": "A test message; nothing to do"},
    "digest": {"zh": "{n} 条通知合为一条", "en": "{n} messages in one"},
    "for": {"zh": "通知对象", "en": "For"},
    "scenario": {"zh": "场景", "en": "Scenario"},
    "first_post": {"zh": "首发", "en": "First post"},
    "detected": {"zh": "发现", "en": "Detected"},
    "posts": {"zh": "帖子数", "en": "Posts"},
    "reason": {"zh": "定级理由", "en": "Why"},
    "step": {"zh": "步骤", "en": "Step"},
    "due": {"zh": "截止", "en": "due"},
    "steps": {"zh": "先做什么", "en": "First steps"},
    "channel": {"zh": "通道", "en": "Channel"},
    "feed": {"zh": "数据源", "en": "Feed"},
    "complaint": {"zh": "投诉", "en": "Complaint"},
    "recurring": {"zh": "周期职责", "en": "Recurring duty"},
    "improvement": {"zh": "改进项", "en": "Improvement"},
    "handover": {"zh": "移交", "en": "Hand-over"},
    "rota": {"zh": "值班表", "en": "Rota"},
    "indicator": {"zh": "指标", "en": "Indicator"},
    "note": {"zh": "说明", "en": "Note"},
    "open": {"zh": "查看事件", "en": "Open"},
    "acknowledge": {"zh": "确认接警", "en": "Acknowledge"},
    "ago": {"zh": "{span}前", "en": "{span} ago"},
    "brackets": {"zh": "【{text}】", "en": "[{text}] "},
    "colon": {"zh": "：", "en": ": "},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TierTerm:
    """A tier for people; `from_top` is 0 for the gravest. `colour` is #rrggbb."""

    names: Named
    from_top: int
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the content calls things: tiers, scenarios, and why a rule speaks."""

    tiers: Mapping[str, TierTerm] = field(default_factory=dict)
    scenarios: Mapping[str, Named] = field(default_factory=dict)
    rules: Mapping[str, Named] = field(default_factory=dict)


def terms_of(library: Library) -> Terms:
    """The terms of the content."""
    tiers = library.tiers.tiers
    return Terms(
        tiers={
            tier.id: TierTerm(
                names=_named(tier.name),
                from_top=len(tiers) - place,
                colour=tier.colour,
            )
            for place, tier in enumerate(tiers, start=1)
        },
        scenarios={name: _named(scenario.name) for name, scenario in library.scenarios.items()},
        rules={name: _named(rule.why) for name, rule in library.rules.items()},
    )


def _named(text: Text) -> Named:
    return {"zh": text.zh} | ({"en": text.en} if text.en else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words in one language, with the zone in which instants are shown."""

    language: Language
    zone: ZoneInfo

    def __call__(self, name: str, **values: object) -> str:
        return self.of(WORDS[name]).format(**values)

    def of(self, named: Named) -> str:
        """A text of the content in this language, or in the one that it has."""
        return named.get(self.language.value) or next(iter(named.values()), "")

    def clock(self, instant: datetime, *, at: datetime) -> str:
        """The time of day with its date, and for what is past how long ago."""
        shown = f"{instant.astimezone(self.zone):%m-%d %H:%M}"
        if instant > at:
            return shown
        span = self.span(at - instant)
        if self.language is Language.ZH:
            return f"{shown}（{self('ago', span=span)}）"
        return f"{shown} ({self('ago', span=span)})"

    def span(self, duration: timedelta) -> str:
        """Minutes, hours and minutes, or days and hours."""
        minutes = int(duration.total_seconds()) // 60
        days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
        if self.language is Language.ZH:
            parts = [(days, " 天"), (hours, " 小时"), (0 if days else rest, " 分钟")]
        else:
            parts = [(days, " d"), (hours, " h"), (0 if days else rest, " min")]
        said = " ".join(f"{number}{unit}" for number, unit in parts if number)
        return said or ("0 分钟" if self.language is Language.ZH else "0 min")
