"""DingTalk, Feishu, WeCom and Slack: signatures, forms, and what each of their codes means."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.delivery.channels import dingtalk, feishu, slack, wecom
from service.delivery.channels.exchange import Judgement
from service.delivery.channels.settings import KINDS
from service.delivery.client import Answer
from service.delivery.model import Message, SendOutcome
from service.events import EventType
from tests.service.delivery.channels.pages import AT, HOSTILE, cards, channel, digest, message

SENT, RETRY, REFUSED = SendOutcome.SENT, SendOutcome.RETRY, SendOutcome.REFUSED
PEOPLE = {"usr_1": "13800138000", "usr_2": "ou_abc"}


def answered(body: object, status: int = 200) -> Answer:
    text = body if isinstance(body, str) else json.dumps(body)
    return Answer(status=status, text=text, retry_after=None)


def test_the_vector_of_dingtalks_signature() -> None:
    at_ms = 1700000000000
    signature = "N5P09a4+p1AMJIJWnIvQd2Yxw9+fu/oEBnPrjCcsLXk="
    assert dingtalk.sign("SECabc123", at_ms=at_ms) == signature
    at = datetime.fromtimestamp(at_ms / 1000, tz=UTC)
    assert dingtalk.signed_query("SECabc123", at=at) == (
        "timestamp=1700000000000&sign=N5P09a4%2Bp1AMJIJWnIvQd2Yxw9%2Bfu%2FoEBnPrjCcsLXk%3D"
    )


def test_the_vector_of_feishus_signature() -> None:
    signature = "J0suvZQ7pBIXibHw5hyQvuZiXVa3ct5lilLN472FoLk="
    assert feishu.sign("abc123", at_s=1700000000) == signature


@pytest.mark.parametrize(
    ("judge", "answer", "outcome", "after"),
    [
        (dingtalk.judge, answered({"errcode": 0, "errmsg": "ok"}), SENT, None),
        (dingtalk.judge, answered({"errcode": 310000, "errmsg": "x"}), REFUSED, None),
        (dingtalk.judge, answered({"errcode": 300005, "errmsg": "x"}), REFUSED, None),
        (dingtalk.judge, answered({"errcode": 130101, "errmsg": "x"}), RETRY, 60),
        (dingtalk.judge, answered({"errcode": -1, "errmsg": "busy"}), RETRY, None),
        (dingtalk.judge, answered({"status": 1111, "punish": "deny", "wait": 5}), RETRY, 5),
        (dingtalk.judge, answered({"status": 1111, "punish": "deny"}), RETRY, 60),
        (dingtalk.judge, answered({"status": 0}), RETRY, None),
        (feishu.judge, answered({"code": 0, "msg": "success", "data": {}}), SENT, None),
        (feishu.judge, answered({"StatusCode": 0, "StatusMessage": "success"}), SENT, None),
        (feishu.judge, answered({"code": 9499}, 400), REFUSED, None),
        (feishu.judge, answered({"code": 19001}), REFUSED, None),
        (feishu.judge, answered({"code": 19002}), REFUSED, None),
        (feishu.judge, answered({"code": 19021}), REFUSED, None),
        (feishu.judge, answered({"code": 19022}), REFUSED, None),
        (feishu.judge, answered({"code": 19024}), REFUSED, None),
        (feishu.judge, answered({"code": 11232}), RETRY, 60),
        (feishu.judge, answered({"code": 77}), RETRY, None),
        (feishu.judge, answered({"code": 0}, 400), RETRY, None),
        (wecom.judge, answered({"errcode": 0, "errmsg": "ok"}), SENT, None),
        (wecom.judge, answered({"errcode": 45009}), RETRY, 60),
        (wecom.judge, answered({"errcode": 93000}), REFUSED, None),
        (wecom.judge, answered({"errcode": 40008}), REFUSED, None),
        (wecom.judge, answered({"errcode": 40058}), REFUSED, None),
        (wecom.judge, answered({"errcode": -1}), RETRY, None),
        (slack.judge, answered("ok"), SENT, None),
        (slack.judge, answered("invalid_payload", 400), REFUSED, None),
        (slack.judge, answered("action_prohibited", 403), REFUSED, None),
        (slack.judge, answered("channel_not_found", 404), REFUSED, None),
        (slack.judge, answered("ok", 201), RETRY, None),
        (slack.judge, answered("<html>blocked by policy</html>", 403), RETRY, None),
        (slack.judge, answered("Not Found", 404), RETRY, None),
        (wecom.judge, answered({"errcode": []}), RETRY, None),
        (dingtalk.judge, answered({"errcode": []}), RETRY, None),
    ],
)
def test_what_a_code_means(
    judge: Callable[[Answer], Judgement], answer: Answer, outcome: SendOutcome, after: int | None
) -> None:
    judged = judge(answer)
    wish = None if after is None else timedelta(seconds=after)
    assert (judged.outcome, judged.retry_after) == (outcome, wish)
    assert judged.reason or outcome is SENT


async def card_of(kind: str, type_: EventType = EventType.INCIDENT_OPENED, **changes: Any) -> Any:
    settings = changes.pop("settings", {})
    return await cards().card(channel(kind, **settings), message(type_, **changes), at=AT)


async def test_dingtalk_says_it_in_markdown_and_mentions_nobody() -> None:
    body = dingtalk.payload(await card_of("dingtalk"), {})
    assert body["msgtype"] == "markdown"
    assert body["markdown"]["title"] == "【重大】新事件：云朵茶饮：奶茶里有异物"
    text = body["markdown"]["text"]
    assert text.startswith("### 【重大】新事件：")
    assert "**首发**：03-02 09:00（1 小时 5 分钟前）" in text
    assert "- 负面声量骤增" in text
    assert "- 核实事实 · 截止 03-02 10:20" in text
    assert "[确认接警](https://f.example/a/" in text
    assert body["at"] == {"atMobiles": [], "isAtAll": False}


async def test_dingtalk_mentions_the_person_it_is_for_and_has_its_keyword() -> None:
    card = await card_of("dingtalk", person="usr_1")
    body = dingtalk.payload(card, {"people": PEOPLE, "keyword": "烽燧告警"})
    assert body["at"] == {"atMobiles": ["13800138000"], "isAtAll": False}
    assert "@13800138000" in body["markdown"]["text"]
    assert body["markdown"]["text"].endswith("烽燧告警")


@pytest.mark.parametrize(
    ("type_", "tier", "template"),
    [
        (EventType.INCIDENT_OPENED, "red", "red"),
        (EventType.INCIDENT_OPENED, "orange", "orange"),
        (EventType.INCIDENT_OPENED, "yellow", "yellow"),
        (EventType.INCIDENT_OPENED, "unheard-of", "blue"),
        (EventType.INCIDENT_CLOSED, "red", "green"),
    ],
)
async def test_feishus_card_has_the_colour_of_the_tier(
    type_: EventType, tier: str, template: str
) -> None:
    body = feishu.payload(await card_of("feishu", type_, tier=tier), {})
    assert body["card"]["header"]["template"] == template


async def test_feishus_card_has_buttons_that_open_addresses() -> None:
    card = await card_of("feishu", person="usr_2")
    body = feishu.payload(card, {"people": PEOPLE, "keyword": "烽燧"})
    text, *pressed = body["card"]["body"]["elements"]
    assert text["content"].endswith("<at id=ou_abc></at>\n烽燧")
    assert [item["text"]["content"] for item in pressed] == ["确认接警", "查看事件"]
    assert pressed[0]["behaviors"][0]["default_url"].startswith("https://f.example/a/")


async def test_wecom_counts_bytes_and_keeps_the_links() -> None:
    card = await card_of("wecom", title="茶" * 5_000, reasons=[{"clause": "汤" * 5_000}] * 9)
    content = wecom.payload(card, {})["markdown"]["content"]
    assert len(content.encode()) <= 4096
    assert content.splitlines()[-1].endswith(f"/console/incidents/{card.incident_id})")


PAYLOADS = {
    "dingtalk": (dingtalk.payload, 20_000),
    "feishu": (feishu.payload, 20_000),
    "wecom": (wecom.payload, 5_000),
    "slack": (slack.payload, 8_000),
}


async def digest_of_titles(kind: str, title: str) -> tuple[str, int]:
    """The body of as many parts as the kind takes at once, and how many that are."""
    pace = KINDS[kind].pace
    assert pace is not None
    parts = tuple(message(title=f"第{place}起{title}") for place in range(pace.most))
    whole = replace(digest(1), parts=parts)
    card = await cards().card(channel(kind), whole, at=AT)
    payload, limit = PAYLOADS[kind]
    body = json.dumps(payload(card, {}), ensure_ascii=False)
    assert len(body.encode()) <= limit
    return body, pace.most


@pytest.mark.parametrize("kind", PAYLOADS)
@pytest.mark.parametrize(
    "title", ["茶" * 43, "很长的标题" * 60, '"' * 300, "&" * 300, "@" * 300, "\\" * 300]
)
async def test_every_part_of_a_digest_stands_in_it(kind: str, title: str) -> None:
    body, count = await digest_of_titles(kind, title)
    assert all(f"第{place}起" in body for place in range(count))


@pytest.mark.parametrize("kind", PAYLOADS)
async def test_an_ordinary_title_stands_whole_in_a_digest(kind: str) -> None:
    body, count = await digest_of_titles(kind, "茶" * 40)
    assert body.count("茶" * 40) == count


async def test_a_digest_says_which_feed_was_lost() -> None:
    lost = Message(
        id="msg_9",
        type=EventType.COVERAGE_LOST,
        occurred_at=AT,
        data={"feed": {"id": "weibo", "name": "微博热搜"}},
    )
    whole = replace(digest(1), parts=(lost, lost))
    card = await cards().card(channel("wecom"), whole, at=AT)
    assert wecom.payload(card, {})["markdown"]["content"].count("微博热搜") == 2


async def test_wecom_mentions_by_id() -> None:
    card = await card_of("wecom", person="usr_2")
    assert wecom.payload(card, {"people": PEOPLE})["markdown"]["content"].endswith("<@ou_abc>")


async def test_slack_has_blocks_in_the_colour_and_a_fallback() -> None:
    card = await card_of("slack", person="usr_2", title=HOSTILE, settings={"language": "en"})
    body = slack.payload(card, {"people": {"usr_2": "U123"}})
    (attachment,) = body["attachments"]
    assert attachment["color"] == "#c5221f"
    section, actions = attachment["blocks"]
    text = section["text"]["text"]
    assert text.startswith("*[Critical] Incident opened: ")
    assert text.count("<") == 1
    assert text.endswith("<@U123>")
    assert [item["text"]["text"] for item in actions["elements"]] == ["Acknowledge", "Open"]
    assert body["text"].startswith("[Critical] Incident opened")


async def test_a_section_of_slack_stays_under_its_limit() -> None:
    card = await card_of("slack", title="&" * 4_000, reasons=[{"clause": "&" * 4_000}] * 9)
    section = slack.payload(card, {})["attachments"][0]["blocks"][0]
    assert len(section["text"]["text"]) <= 3_000


@pytest.mark.parametrize(
    "payload", [dingtalk.payload, feishu.payload, wecom.payload, slack.payload]
)
async def test_an_end_has_no_button_to_acknowledge(
    payload: Callable[[Any, Mapping[str, Any]], dict[str, Any]],
) -> None:
    card = await card_of("any", EventType.INCIDENT_RESOLVED, state="resolved")
    assert "/a/" not in json.dumps(payload(card, {}), ensure_ascii=False)
