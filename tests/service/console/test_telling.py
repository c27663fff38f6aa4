"""The timeline in words."""

from __future__ import annotations

from typing import Any

import pytest

from service.console.i18n import Language, load_words
from service.console.telling import Telling
from service.incidents.model import TimelineEntry
from tests.support.clock import START

TELLING = Telling(
    load_words(Language.ZH),
    run=None,
    tiers={"yellow": "一般", "red": "重大"},
    scenarios={"outage": "系统故障"},
)


def entry(kind: str, **data: Any) -> TimelineEntry:
    return TimelineEntry(id=1, at=START, kind=kind, actor="system", data=data)


@pytest.mark.parametrize(
    ("told", "heading", "detail"),
    [
        (entry("opened", tier="red", posts=12), "发现", "重大，12 帖"),
        (entry("tier_changed", **{"from": "yellow", "to": "red"}), "级别调整", "一般 → 重大"),
        (entry("scenario_named", **{"from": None, "to": "outage"}), "认定场景", " → 系统故障"),
        (entry("step_due", step="holding", role="pr"), "步骤超时", "holding · 公关"),
        (
            entry("step_escalated", step="holding", role="pr", escalate_to="executive"),
            "超时上报",
            "holding · 公关 · 上报高管",
        ),
        (entry("paged", persons=["lin"], everybody=True, channels=["x"]), "已呼叫", "lin, *"),
        (entry("paged", persons=[], everybody=False, channels=["x"]), "已呼叫", "x"),
        (entry("seat_accepted", role="legal"), "应急小组到岗", "法务"),
        (entry("comment", text="已联系 <b>用户</b>"), "备注", "已联系 <b>用户</b>"),
        (entry("mark_false_positive", reason="同名"), "标为误报", "同名"),
        (
            entry("page_dead", channel="ops", event="step.due", reason="refused"),
            "通知未能送达",
            "ops · step.due · refused",
        ),
        (
            entry("taking_ended", reason="four hours back inside the baseline"),
            "不再并入新帖",
            "声量回到平常水平已满 4 小时",
        ),
        (entry("acknowledge", reason=None), "确认接警", ""),
        (entry("text_joined", post="post2"), "同一人又有新的表露", ""),
        (
            entry("backlog_measured", length=120, oldest_age_s=11_400.0, limit_s=7200.0),
            "积压情况",
            "120 条在等，最久 3小时 10分，时限 2小时",
        ),
        (entry("brand_new_kind"), "brand_new_kind", ""),
    ],
)
def test_an_entry_is_told_with_its_heading_and_detail(
    told: TimelineEntry, heading: str, detail: str
):
    assert (TELLING.heading(told), TELLING.detail(told)) == (heading, detail)
