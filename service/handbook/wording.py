"""Words of the handbook in Chinese, English, or one above the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from playbooks import Kind, Role, Text
from service.documents import Span, Spans


class Lang(StrEnum):
    ZH = "zh"
    EN = "en"
    BOTH = "both"


LABELS: dict[str, tuple[str, str]] = {
    "title": ("危机应对手册", "Crisis handbook"),
    "contents": ("目录", "Contents"),
    "table": ("等级表", "tiers"),
    "version": ("版本", "version"),
    "how": ("怎么用这本手册", "How to use this handbook"),
    "tiers": ("等级", "Tiers"),
    "roles": ("角色", "Roles"),
    "ladders": ("通用时限", "Shared ladders"),
    "calendars": ("工作时间", "Office hours"),
    "which": ("哪一类危机", "Which scenario"),
    "others": ("不属于危机的三类事件", "Incidents that are no crisis"),
    "statements": ("声明模板", "Statement templates"),
    "recognise": ("怎么识别", "How it is recognised"),
    "takes": ("也归这里", "This scenario takes"),
    "not_this": ("不归这里", "Not this scenario"),
    "plan": ("处置步骤", "Plan"),
    "overview": ("时限一览", "Times at a glance"),
    "checks": ("发布前逐条核对", "Checks before anything is published"),
    "never_say": ("绝不能说", "Never say"),
    "legal": ("法律依据", "Legal basis"),
    "notices": ("报告与通知", "Notices"),
    "afterwards": ("事后盯什么", "What to watch afterwards"),
    "step": ("步骤", "Step"),
    "who": ("谁做", "Who"),
    "escalates": ("逾期找", "then"),
    "due": ("最迟", "Due"),
    "do": ("做什么", "What to do"),
    "from_opening": ("约开单后", "about opening"),
    "undated": ("不设期限", "undated"),
    "lacks": ("—", "—"),
    "may_skip": ("可跳过", "may be skipped"),
    "done_by": ("由系统事件完成", "done by the event itself"),
    "needs": ("先完成", "needs"),
    "template": ("模板", "template"),
    "tier": ("等级", "Tier"),
    "name": ("名称", "Name"),
    "lowered": ("谁能降级", "Who may lower it"),
    "by_person": ("只能由人决定", "a person only"),
    "by_quiet": ("回落后系统建议", "suggested once it is quiet"),
    "law": ("法律", "Law"),
    "article": ("条款", "Article"),
    "duty": ("我们要做的", "Duty"),
    "authority": ("报给谁", "Whom"),
    "when": ("什么时候", "When"),
    "within": ("时限", "Within"),
    "by_paper": ("法律未定或按文书", "none in law, or by the paper"),
    "words": ("说法", "Words"),
    "why": ("为什么", "Why"),
    "watch": ("盯什么", "What"),
    "how_long": ("多久", "How long"),
    "scenario": ("场景", "Scenario"),
    "required": ("必填", "required"),
    "optional": ("可空", "optional"),
    "hours": ("时段", "Hours"),
    "years": ("已有公历年", "Years with public holidays"),
}

ROLES: dict[Role, tuple[str, str]] = {
    Role.PR: ("公关", "PR"),
    Role.LEGAL: ("法务", "Legal"),
    Role.TECH: ("技术", "Tech"),
    Role.SERVICE: ("客服", "Service"),
    Role.EXECUTIVE: ("高管", "Executive"),
    Role.DUTY: ("值班", "Duty"),
}
ANCHORS: dict[str, tuple[str, str]] = {
    "first_post": ("首帖后", "after the first post"),
    "opened": ("开单后", "after opening"),
    "acknowledged": ("接警后", "after it was acknowledged"),
    "tier_raised": ("升级后", "after the tier rose"),
}
KINDS: dict[Kind, tuple[str, str]] = {
    Kind.CRISIS: ("危机", "Crisis"),
    Kind.COVERAGE: ("信源失联", "Coverage"),
    Kind.BACKLOG: ("积压", "Backlog"),
    Kind.PERSON_AT_RISK: ("有人处于危险", "Person at risk"),
}
_IN_HOURS = 72 * 3_600
"""Seconds up to which people say hours: the law's 24, 48 and 72 hours."""

_UNITS = ((86_400, "天", "d"), (3_600, "小时", "h"), (60, "分钟", "min"), (1, "秒", "s"))


@dataclass(frozen=True, slots=True)
class Wording:
    """Says things in the language of the handbook; where a text has no English, in Chinese."""

    lang: Lang

    def label(self, key: str) -> str:
        """A word of the handbook's own."""
        return self.pair(LABELS[key])

    def pair(self, words: tuple[str, str]) -> str:
        """Chinese and English side by side where both are asked for."""
        zh, en = words
        if self.lang is Lang.BOTH:
            return zh if zh == en else f"{zh} {en}"
        return zh if self.lang is Lang.ZH else en

    def short(self, text: Text) -> str:
        """A name or a title, on one line."""
        return self.pair((text.zh, text.en or text.zh))

    def long(self, text: Text) -> Spans:
        """Sentences: the English under the Chinese where both are asked for."""
        if self.lang is Lang.EN:
            return (Span(text.en or text.zh),)
        if self.lang is Lang.BOTH and text.en:
            return Span(text.zh), Span(f"\n{text.en}", muted=True)
        return (Span(text.zh),)

    def role(self, role: Role) -> str:
        return self.pair(ROLES[role])

    def anchor(self, anchor: str, titles: dict[str, str]) -> str:
        """What a step counts from; `titles` are those of the steps."""
        if anchor in ANCHORS:
            return self.pair(ANCHORS[anchor])
        title = titles[anchor.removeprefix("step:")]
        return {
            Lang.ZH: f"“{title}”之后",
            Lang.EN: f"after “{title}”",
            Lang.BOTH: f"“{title}”之后 after it",
        }[self.lang]

    def time(self, duration: timedelta) -> str:
        """`1 小时 30 分钟` or `1 h 30 min`: whole seconds, days only beyond three of them."""
        rest = int(duration.total_seconds())
        parts = []
        for size, zh, en in _UNITS if rest > _IN_HOURS else _UNITS[1:]:
            count, rest = divmod(rest, size)
            if count:
                parts.append(f"{count} {en if self.lang is Lang.EN else zh}")
        return " ".join(parts) or f"0 {'min' if self.lang is Lang.EN else '分钟'}"

    def office_time(self, duration: timedelta) -> str:
        """The same in hours of the office, never in days: eighteen of them are two working days."""
        hours = f"{duration.total_seconds() / 3600:g}"
        return {
            Lang.ZH: f"{hours} 小时（工作时间）",
            Lang.EN: f"{hours} h (office hours)",
            Lang.BOTH: f"{hours} 小时（工作时间 office hours）",
        }[self.lang]
