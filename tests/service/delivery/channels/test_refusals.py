"""Each answer that a provider is known to give, said by a server on loopback, and what it means."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from service.delivery import ChannelTarget, Sender, SendOutcome
from service.delivery.channels import (
    Cards,
    DingTalkSender,
    Exchange,
    FeishuSender,
    PagerDutySender,
    SlackSender,
    WeComSender,
)
from tests.service.delivery.channels.pages import AT, cards, channel, message
from tests.support.providers.robots import ROUTING_KEY, TOKEN, DingTalkRobot, FeishuRobot
from tests.support.webhook_receiver import Reply, WebhookReceiver

SENT, RETRY, REFUSED, GONE, _ = SendOutcome
DING, FEISHU = "SECabc123", "feishu-s3cret"
MAKES: dict[str, Callable[[Exchange, Cards], Sender]] = {
    "dingtalk": DingTalkSender,
    "feishu": FeishuSender,
    "wecom": WeComSender,
    "slack": SlackSender,
    "pagerduty": PagerDutySender,
}
PATHS = {
    "dingtalk": f"/robot/send?access_token={TOKEN}",
    "feishu": f"/open-apis/bot/v2/hook/{TOKEN}",
    "wecom": f"/cgi-bin/webhook/send?key={TOKEN}",
    "slack": f"/services/T0/B0/{TOKEN}",
    "pagerduty": "/v2/enqueue",
}
SECRETS = {"dingtalk": (DING,), "feishu": (FEISHU,), "pagerduty": (ROUTING_KEY,)}


@dataclass(frozen=True)
class Said:
    """An answer and its meaning; `after` is the pause in seconds, `word` stands in the reason."""

    kind: str
    body: Any
    outcome: SendOutcome
    after: int | None = None
    status: int = 200
    word: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.kind} {self.status} {self.body}"[:70]


def ding(code: int, words: str, outcome: SendOutcome, after: int | None = None) -> Said:
    body = {"errcode": code, "errmsg": words}
    return Said("dingtalk", body, outcome, after, word=words if outcome is not SENT else "")


def feishu(code: int, words: str, outcome: SendOutcome, **more: Any) -> Said:
    body = {"code": code, "msg": words, "data": {}}
    return Said("feishu", body, outcome, word=str(code) if outcome is not SENT else "", **more)


def wecom(code: int, words: str, outcome: SendOutcome, after: int | None = None) -> Said:
    body = {"errcode": code, "errmsg": words}
    return Said("wecom", body, outcome, after, word=words if outcome is not SENT else "")


def slack(status: int, word: str, outcome: SendOutcome, **more: Any) -> Said:
    heard = word if outcome is REFUSED else ""
    return Said("slack", word, outcome, status=status, word=heard, **more)


def pager(http: int, outcome: SendOutcome, after: int | None = None, **body: Any) -> Said:
    headers = {} if after is None else {"retry-after": str(after)}
    return Said("pagerduty", body, outcome, after, status=http, headers=headers)


WORDS = [
    ding(0, "ok", SENT),
    ding(310000, "keywords not in content", REFUSED),
    ding(310000, "sign not match", REFUSED),
    ding(310000, "ip 192.0.2.1 not in whitelist", REFUSED),
    ding(130101, "send too fast, exceed 20 times per minute", RETRY, 60),
    ding(-1, "system busy", RETRY),
    Said("dingtalk", {"status": 1111, "punish": "deny", "wait": 5}, RETRY, 5, word="1111"),
    feishu(0, "success", SENT),
    Said("feishu", {"StatusCode": 0, "StatusMessage": "success"}, SENT),
    feishu(9499, "Bad Request", REFUSED, status=400),
    feishu(19001, "param invalid: incoming webhook access token invalid", REFUSED),
    feishu(19002, "params error, msg_type need", REFUSED),
    feishu(19021, "sign match fail or timestamp is not within one hour", REFUSED),
    feishu(19022, "Ip Not Allowed", REFUSED),
    feishu(19024, "Key Words Not Found", REFUSED),
    feishu(11232, "frequency limited", RETRY, after=60),
    wecom(0, "ok", SENT),
    wecom(45009, "api freq out of limit", RETRY, 60),
    wecom(93000, "invalid webhook url", REFUSED),
    wecom(40008, "invalid message type", REFUSED),
    wecom(40058, "markdown.content exceed max length 4096", REFUSED),
    slack(200, "ok", SENT),
    *(
        slack(status, word, REFUSED)
        for status, word in (
            (400, "invalid_payload"),
            (400, "user_not_found"),
            (400, "no_text"),
            (400, "invalid_blocks"),
            (403, "action_prohibited"),
            (404, "channel_not_found"),
            (404, "no_service"),
        )
    ),
    slack(410, "channel_is_archived", GONE),
    slack(429, "rate_limited", RETRY, after=30, headers={"retry-after": "30"}),
    slack(500, "rollup_error", RETRY),
    pager(202, SENT, status="success", message="Event processed", dedup_key="inc_1"),
    pager(400, REFUSED, status="invalid event", message="Event object is invalid", errors=["x"]),
    pager(429, RETRY, 30, status="throttle exceeded"),
    pager(500, RETRY),
    pager(503, RETRY, status="unavailable"),
]


def target(kind: str, receiver: WebhookReceiver, **settings: Any) -> ChannelTarget:
    return channel(kind, receiver.url(PATHS[kind]), *SECRETS.get(kind, ()), **settings)


@pytest.mark.parametrize("said", WORDS, ids=str)
async def test_what_a_provider_says_is_taken_for_what_it_means(
    said: Said, exchange: Exchange, receiver: WebhookReceiver
) -> None:
    body = said.body.encode() if isinstance(said.body, str) else json.dumps(said.body).encode()
    receiver.default = Reply(status=said.status, body=body, headers=said.headers)
    sender = MAKES[said.kind](exchange, cards())
    result = await sender.send(target(said.kind, receiver), message(), at=AT)
    after = None if said.after is None else timedelta(seconds=said.after)
    assert (result.outcome, result.status, result.retry_after) == (
        said.outcome,
        said.status,
        after,
    )
    assert said.word in result.reason
    assert TOKEN not in result.reason + result.answer


def an_hour_and_more_later() -> datetime:
    return AT + timedelta(minutes=61)


@pytest.mark.parametrize(
    ("kind", "robot", "word"),
    [
        ("dingtalk", DingTalkRobot(now=an_hour_and_more_later), "timestamp"),
        ("dingtalk", DingTalkRobot(keyword="烽燧告警"), "keywords not in content"),
        ("dingtalk", DingTalkRobot(listed=False), "not in whitelist"),
        ("feishu", FeishuRobot(now=an_hour_and_more_later), "19021"),
        ("feishu", FeishuRobot(keyword="烽燧告警"), "19024"),
        ("feishu", FeishuRobot(listed=False), "19022"),
    ],
)
async def test_a_robot_that_is_set_otherwise_refuses_for_good(
    kind: str, robot: Any, word: str, exchange: Exchange, receiver: WebhookReceiver
) -> None:
    receiver.judge = robot
    result = await MAKES[kind](exchange, cards()).send(target(kind, receiver), message(), at=AT)
    assert result.outcome is REFUSED
    assert word in result.reason


@pytest.mark.parametrize(
    ("kind", "robot"),
    [
        ("dingtalk", DingTalkRobot(keyword="烽燧告警", now=lambda: AT + timedelta(minutes=59))),
        ("feishu", FeishuRobot(keyword="烽燧告警", now=lambda: AT - timedelta(minutes=59))),
    ],
)
async def test_a_robot_with_a_keyword_takes_what_has_it_within_the_hour(
    kind: str, robot: Any, exchange: Exchange, receiver: WebhookReceiver
) -> None:
    receiver.judge = robot
    there = target(kind, receiver, keyword="烽燧告警")
    result = await MAKES[kind](exchange, cards()).send(there, message(), at=AT)
    assert result.outcome is SENT
