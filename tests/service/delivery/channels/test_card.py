"""What a page says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from playbooks import load_library
from service.delivery.channels import Cards, CardStep, terms_of, trial_message
from service.delivery.channels.card import Card
from service.delivery.channels.wording import EVENTS, Language, Words
from service.delivery.model import Message
from service.events import EventType
from tests.service.delivery.channels.pages import (
    AT,
    TERMS,
    cards,
    channel,
    digest,
    links,
    message,
)


async def card(sent: Message | None = None, **settings: Any) -> Card:
    return await cards().card(channel("feishu", **settings), sent or message(), at=AT)


def said(made: Card) -> list[str]:
    return [f"{row.label}|{row.text}" for row in made.rows]


async def test_it_says_how_bad_since_when_why_and_what_first() -> None:
    made = await card()
    assert made.headline == "【重大】新事件：云朵茶饮：奶茶里有异物"
    assert said(made) == [
        "场景|产品质量",
        "首发|03-02 09:00（1 小时 5 分钟前）",
        "发现|03-02 10:00（5 分钟前）",
        "帖子数|42",
        "定级理由|",
        "|负面声量骤增",
        "先做什么|",
        "|核实事实 · 截止 03-02 10:20",
        "|拉群",
    ]


async def test_it_says_so_in_english() -> None:
    made = await card(language="en")
    assert made.headline == "[Critical] Incident opened: 云朵茶饮：奶茶里有异物"
    assert "First post|03-02 09:00 (1 h 5 min ago)" in said(made)


async def test_a_drill_says_so_first() -> None:
    assert (await card(message(drill=True))).headline.startswith("【演练】【重大】")


@pytest.mark.parametrize(
    ("type_", "person", "state", "offered"),
    [
        (EventType.INCIDENT_OPENED, None, "new", True),
        (EventType.INCIDENT_TIER_CHANGED, None, "acknowledged", False),
        (EventType.STEP_ESCALATED, "usr_1", "acknowledged", True),
        (EventType.INCIDENT_RESOLVED, "usr_1", "resolved", False),
        (EventType.INCIDENT_ACKNOWLEDGED, None, "acknowledged", False),
    ],
)
async def test_acknowledging_is_offered_while_somebody_is_wanted(
    type_: EventType, person: str | None, state: str, offered: bool
) -> None:
    made = await card(message(type_, person=person, state=state))
    assert (made.acknowledge is not None) is offered
    if made.acknowledge is not None:
        link = links().read(made.acknowledge.rpartition("/")[2], now=AT)
        assert (link.channel_id, link.person) == ("duty", person)
        assert link.ends_at == AT + timedelta(hours=24)


async def test_a_step_is_named_with_its_incident() -> None:
    step = {"step": {"step": "verify", "title": {"zh": "核实", "en": "Verify"}}}
    made = await card(message(EventType.STEP_DUE, extra=step))
    assert made.headline == "【重大】步骤超时：核实 · 云朵茶饮：奶茶里有异物"
    assert "步骤|核实" in said(made)


async def test_a_reason_without_a_rule_is_said_as_it_stands() -> None:
    made = await card(message(reasons=[{"clause": "张三认为会发酵", "value": None}]))
    assert "|张三认为会发酵" in said(made)


async def test_a_private_incident_has_what_it_is_told() -> None:
    made = await card(message(reasons=[], scenario=None, first_post_at=None, posts=0, tier="?"))
    assert made.headline == "新事件：云朵茶饮：奶茶里有异物"
    assert made.from_top is None


async def test_a_lost_feed_is_named() -> None:
    lost = Message(
        id="msg_1",
        type=EventType.COVERAGE_LOST,
        occurred_at=AT,
        data={"feed": {"id": "weibo", "name": "微博热搜", "detail": "x"}, "incident": {"id": "i"}},
    )
    assert "数据源|微博热搜" in said(await card(lost))


async def test_a_test_says_that_nothing_is_to_be_done() -> None:
    made = await card(trial_message("duty", by="me", nonce="", at=AT))
    assert made.headline == "测试消息，无需处理"
    assert made.acknowledge is None


async def test_a_digest_lists_what_it_stands_for() -> None:
    made = await card(digest(3))
    assert made.headline == "3 条通知合为一条"
    assert [row.text for row in made.rows] == [
        f"【重大】新事件：第 {place} 起" for place in (1, 2, 3)
    ]
    assert made.link == "https://f.example/console/incidents"


def test_every_event_has_words() -> None:
    assert set(EVENTS) == set(EventType)


def test_the_terms_of_the_content_have_both_languages() -> None:
    terms = terms_of(load_library())
    assert terms.tiers["red"].from_top == 0
    assert terms.tiers["yellow"].from_top == len(terms.tiers) - 1
    named = [*terms.scenarios.values(), *terms.rules.values()]
    assert all(name["zh"] for name in named)


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (0, "0 分钟", "0 min"),
        (65, "1 小时 5 分钟", "1 h 5 min"),
        (1440 * 2 + 61, "2 天 1 小时", "2 d 1 h"),
    ],
)
def test_spans(minutes: int, zh: str, en: str) -> None:
    span = timedelta(minutes=minutes)
    zone = cards()._zone
    assert Words(language=Language.ZH, zone=zone).span(span) == zh
    assert Words(language=Language.EN, zone=zone).span(span) == en


def test_what_is_to_come_has_no_ago() -> None:
    words = Words(language=Language.ZH, zone=cards()._zone)
    assert words.clock(AT + timedelta(hours=1), at=AT) == "03-02 11:05"


async def test_a_page_goes_without_its_steps_where_they_are_unknown() -> None:
    async def broken(incident_id: str) -> Sequence[CardStep]:
        raise RuntimeError("no database")

    builder = Cards(terms=TERMS, zone=ZoneInfo("Asia/Shanghai"), links=links(), steps=broken)
    made = await builder.card(channel("feishu"), message(), at=AT)
    assert made.title == "云朵茶饮：奶茶里有异物"
    assert "核实事实" not in str(made.rows)


async def test_a_briefing_is_its_headline_figures_and_its_link() -> None:
    data = {
        "briefing": {
            "id": "brf_1",
            "name": "晨屿日报 2024-03-01",
            "url": "https://f.example/console/briefings/brf_1",
            "figures": [
                {"label": "声量", "text": "40 条（较前 +12.5%）"},
                {"label": "负面占比", "text": "数据不足"},
            ],
        }
    }
    made = await card(
        Message(id="msg_1", type=EventType.BRIEFING_DELIVERED, occurred_at=AT, data=data)
    )

    assert made.headline == "简报：晨屿日报 2024-03-01"
    assert said(made) == ["声量|40 条（较前 +12.5%）", "负面占比|数据不足"]
    assert made.link == "https://f.example/console/briefings/brf_1"
    assert made.acknowledge is None


async def test_a_briefing_of_an_odd_shape_is_a_card_all_the_same() -> None:
    for odd in (None, "x", {"figures": {"a": 1}}, {"figures": [1, {"label": ["x"]}]}):
        made = await card(
            Message(
                id="msg_1",
                type=EventType.BRIEFING_DELIVERED,
                occurred_at=AT,
                data={"briefing": odd},
            )
        )
        assert made.headline == "简报"
