"""The chat robots and the pager: each a judge for `webhook_receiver`, strict as its provider is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.webhook_receiver import Received, Reply

TOKEN = "t0ken-0123456789abcdef"
ROUTING_KEY = "r0" * 16


def answer(code_: int = 200, /, **body: Any) -> Reply:
    return Reply(
        status=code_,
        body=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )


def body_of(request: Received) -> Mapping[str, Any]:
    """The JSON of a request; an empty mapping for anything else."""
    try:
        value = json.loads(request.body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def query_of(request: Received) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}


def _is_off(stamp_s: float, now: Callable[[], datetime] | None) -> bool:
    return now is not None and abs(now().timestamp() - stamp_s) > 3_600


@dataclass
class Throttled:
    """Has another judge answer as long as no more than `per_minute` requests come in 60 seconds,
    and `per_second` in one; then says `too_many`, and nothing else for as long as it `mutes`.
    """

    judge: Callable[[Received], Reply]
    now: Callable[[], datetime]
    per_minute: int
    too_many: Reply
    per_second: int | None = None
    mutes: timedelta = timedelta(0)
    came: list[datetime] = field(default_factory=list)
    muted_until: datetime | None = None

    def __call__(self, request: Received) -> Reply:
        now = self.now()
        self.came.append(now)
        if self._are_too_many(now, 60, self.per_minute) or self._are_too_many(
            now, 1, self.per_second
        ):
            self.muted_until = now + self.mutes
        if self.muted_until is not None and now <= self.muted_until:
            return self.too_many
        return self.judge(request)

    def _are_too_many(self, now: datetime, seconds: int, most: int | None) -> bool:
        since = now - timedelta(seconds=seconds)
        return most is not None and sum(at > since for at in self.came) > most


@dataclass
class DingTalkRobot:
    """Wants its token, its signature and its keyword where it has them; ≤ 20,000 bytes. With `now`
    the signature's time must be within an hour of it; `listed` is whether it knows our address.
    """

    secret: str = "SECabc123"
    keyword: str = ""
    now: Callable[[], datetime] | None = None
    listed: bool = True
    texts: list[str] = field(default_factory=list)

    def __call__(self, request: Received) -> Reply:
        query, body = query_of(request), body_of(request)
        if query.get("access_token") != TOKEN:
            said = f"token is not exist {query.get('access_token')}"
            return answer(errcode=300005, errmsg=said)
        if self.secret and query.get("sign") != self._sign(query.get("timestamp", "")):
            return answer(errcode=310000, errmsg="sign not match, more: [https://ding.example]")
        if _is_off(int(query.get("timestamp", "0")) / 1000, self.now):
            return answer(errcode=310000, errmsg="invalid timestamp")
        if not self.listed:
            return answer(errcode=310000, errmsg="ip 192.0.2.1 not in whitelist")
        if body.get("msgtype") != "markdown" or len(request.body) > 20_000:
            return answer(errcode=400, errmsg="message is refused")
        text = body["markdown"]["text"]
        if self.keyword and self.keyword not in text:
            return answer(errcode=310000, errmsg="keywords not in content")
        self.texts.append(text)
        return answer(errcode=0, errmsg="ok")

    def _sign(self, stamp: str) -> str:
        raw = f"{stamp}\n{self.secret}".encode()
        return base64.b64encode(hmac.digest(self.secret.encode(), raw, hashlib.sha256)).decode()


@dataclass
class FeishuRobot:
    """Wants its token in the path, a signature in the body, its keyword if it has one; ≤ 20 KB.
    `now` and `listed` are as of DingTalk's.
    """

    secret: str = "feishu-s3cret"
    keyword: str = ""
    now: Callable[[], datetime] | None = None
    listed: bool = True
    cards: list[Mapping[str, Any]] = field(default_factory=list)

    def __call__(self, request: Received) -> Reply:
        body = body_of(request)
        if not request.path.endswith(f"/{TOKEN}"):
            return answer(400, code=19001, msg="param invalid: incoming webhook access token")
        stamp = str(body.get("timestamp", "0"))
        unsigned = bool(self.secret) and body.get("sign") != self._sign(stamp)
        if unsigned or _is_off(float(stamp), self.now):
            return answer(code=19021, msg="sign match fail or timestamp is not within one hour")
        if not self.listed:
            return answer(code=19022, msg="Ip Not Allowed")
        if self.keyword and self.keyword not in request.body.decode():
            return answer(code=19024, msg="Key Words Not Found")
        if body.get("msg_type") != "interactive" or len(request.body) > 20_000:
            return answer(400, code=9499, msg="Bad Request", data={})
        self.cards.append(body["card"])
        return answer(code=0, msg="success", data={})

    def _sign(self, stamp: str) -> str:
        key = f"{stamp}\n{self.secret}".encode()
        return base64.b64encode(hmac.digest(key, b"", hashlib.sha256)).decode()


@dataclass
class WeComRobot:
    """Wants its key; markdown of at most 4,096 bytes."""

    texts: list[str] = field(default_factory=list)

    def __call__(self, request: Received) -> Reply:
        body = body_of(request)
        if query_of(request).get("key") != TOKEN:
            return answer(errcode=93000, errmsg="invalid webhook url, hint: [1700000000]")
        if body.get("msgtype") != "markdown":
            return answer(errcode=40008, errmsg="invalid message type")
        content = body["markdown"]["content"]
        if len(content.encode()) > 4096:
            return answer(errcode=40058, errmsg="markdown.content exceed max length 4096")
        self.texts.append(content)
        return answer(errcode=0, errmsg="ok")


@dataclass
class SlackHook:
    """Wants its path and a body with text; sections of at most 3,000 characters."""

    messages: list[Mapping[str, Any]] = field(default_factory=list)

    def __call__(self, request: Received) -> Reply:
        body = body_of(request)
        if not request.path.endswith(f"/{TOKEN}"):
            return Reply(status=404, body=b"no_service")
        if not body.get("text"):
            return Reply(status=400, body=b"no_text")
        blocks = [block for item in body["attachments"] for block in item["blocks"]]
        if len(blocks) > 50 or any(
            len(block.get("text", {}).get("text", "")) > 3000 for block in blocks
        ):
            return Reply(status=400, body=b"invalid_blocks")
        self.messages.append(body)
        return Reply(body=b"ok")


@dataclass
class PagerDutyEvents:
    """Keeps alerts by their key: open, acknowledged, resolved; a resolved key opens a new one."""

    alerts: dict[str, list[str]] = field(default_factory=dict)
    events: list[Mapping[str, Any]] = field(default_factory=list)

    def __call__(self, request: Received) -> Reply:
        body = body_of(request)
        action, key = body.get("event_action"), body.get("dedup_key", "")
        wrong = []
        if body.get("routing_key") != ROUTING_KEY:
            wrong.append(f"Invalid routing key {body.get('routing_key')}")
        if action == "trigger" and not body.get("payload", {}).get("source"):
            wrong.append("'payload.source' is missing or blank")
        if len(body.get("payload", {}).get("summary", "")) > 1024:
            wrong.append("'payload.summary' is too long")
        if len(request.body) > 512 * 1024:
            wrong.append("the event is too large")
        if len(key) > 255 or wrong:
            return answer(
                400, status="invalid event", message="Event object is invalid", errors=wrong
            )
        self.events.append(body)
        self._keep(str(action), key)
        return answer(202, status="success", message="Event processed", dedup_key=key)

    def _keep(self, action: str, key: str) -> None:
        states = self.alerts.setdefault(key, [])
        open_now = bool(states) and states[-1] != "resolved"
        if action == "trigger" and not open_now:
            states.append("triggered")
        elif action == "acknowledge" and open_now:
            states[-1] = "acknowledged"
        elif action == "resolve" and open_now:
            states[-1] = "resolved"
