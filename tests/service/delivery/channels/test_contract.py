"""What every sender over HTTP does alike: sent, refused in the body, time-out, HTML and so on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from crawlers.fetch.guard import GuardPolicy, guarded_client
from service.clock import SystemClock
from service.delivery import (
    ChannelTarget,
    RecordingSender,
    Sender,
    SendOutcome,
    SendResult,
    WebhookSender,
)
from service.delivery.channels import (
    DingTalkSender,
    Exchange,
    FeishuSender,
    PagerDutySender,
    SlackSender,
    TemplateSender,
    WeComSender,
)
from tests.service.delivery.channels.pages import AT, HOSTILE, cards, channel, digest, message
from tests.support.providers.robots import (
    ROUTING_KEY,
    TOKEN,
    DingTalkRobot,
    FeishuRobot,
    PagerDutyEvents,
    SlackHook,
    WeComRobot,
)
from tests.support.webhook_receiver import Reply, WebhookReceiver


@dataclass(frozen=True)
class Case:
    """`wrong` is a secret or address that the provider refuses; `refusal` what it says then."""

    kind: str
    path: str
    secrets: tuple[str, ...]
    provider: type | None
    wrong_path: str | None = None
    wrong_secrets: tuple[str, ...] = ()
    refusal: str = ""
    reads_body: bool = True


CASES = [
    Case(
        kind="dingtalk",
        path=f"/robot/send?access_token={TOKEN}",
        secrets=("SECabc123",),
        provider=DingTalkRobot,
        wrong_secrets=("SECwrong-secret",),
        refusal="310000",
    ),
    Case(
        kind="feishu",
        path=f"/open-apis/bot/v2/hook/{TOKEN}",
        secrets=("feishu-s3cret",),
        provider=FeishuRobot,
        wrong_secrets=("not-the-secret",),
        refusal="19021",
    ),
    Case(
        kind="wecom",
        path=f"/cgi-bin/webhook/send?key={TOKEN}",
        secrets=(),
        provider=WeComRobot,
        wrong_path="/cgi-bin/webhook/send?key=stolen-and-withdrawn",
        refusal="93000",
    ),
    Case(
        kind="slack",
        path=f"/services/T0/B0/{TOKEN}",
        secrets=(),
        provider=SlackHook,
        wrong_path="/services/T0/B0/withdrawn-token",
        refusal="no_service",
    ),
    Case(
        kind="pagerduty",
        path="/v2/enqueue",
        secrets=(ROUTING_KEY,),
        provider=PagerDutyEvents,
        wrong_secrets=("x9" * 16,),
        refusal="Invalid routing key",
    ),
    Case(
        kind="json",
        path=f"/take/{TOKEN}",
        secrets=(),
        provider=None,
        wrong_path=f"/refuse/{TOKEN}",
        refusal="errcode",
    ),
    Case(kind="webhook", path=f"/hook/{TOKEN}", secrets=(), provider=None, reads_body=False),
]
SETTINGS = {"json": {"template": {"text": "${text}"}, "success": {"errcode": 0}}}
by_body = [case for case in CASES if case.reads_body]


def every(cases: list[Case] = CASES) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.kind)


def sender(case: Case, client: httpx.AsyncClient, *, limit_s: float = 0.5) -> Sender:
    exchange = Exchange(client, clock=SystemClock(), limit_s=limit_s)
    made: dict[str, Sender] = {
        "dingtalk": DingTalkSender(exchange, cards()),
        "feishu": FeishuSender(exchange, cards()),
        "wecom": WeComSender(exchange, cards()),
        "slack": SlackSender(exchange, cards()),
        "pagerduty": PagerDutySender(exchange, cards()),
        "json": TemplateSender(exchange, cards()),
        "webhook": WebhookSender(client, clock=SystemClock(), limit_s=limit_s),
    }
    return made[case.kind]


def target(case: Case, url: str | None, secrets: tuple[str, ...] | None = None) -> ChannelTarget:
    given = case.secrets if secrets is None else secrets
    return channel(case.kind, url, *given, **SETTINGS.get(case.kind, {}))


def behave(case: Case, receiver: WebhookReceiver) -> None:
    """Have the receiver answer as the provider does."""
    if case.provider is not None:
        receiver.judge = case.provider()
        return
    receiver.judge = lambda request: Reply(
        body=b'{"errcode": 7}' if "/refuse/" in request.path else b'{"errcode": 0}'
    )


async def attempt(case: Case, client: httpx.AsyncClient, receiver: WebhookReceiver) -> SendResult:
    return await sender(case, client).send(target(case, receiver.url(case.path)), message(), at=AT)


def assert_tells_no_secret(case: Case, result: SendResult) -> None:
    for secret in (*case.secrets, *case.wrong_secrets, TOKEN):
        assert secret not in f"{result.answer} {result.reason}"


@every()
async def test_what_the_provider_takes_is_sent(
    case: Case, client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    behave(case, receiver)
    result = await attempt(case, client, receiver)
    assert result.outcome is SendOutcome.SENT, result
    assert result.status is not None
    assert result.duration_ms > 0
    assert len(receiver.received) == 1


@every()
async def test_hostile_words_are_taken_and_mark_nothing(
    case: Case, client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    behave(case, receiver)
    hostile = message(title=HOSTILE * 30, reasons=[{"clause": HOSTILE, "value": HOSTILE}] * 9)
    result = await sender(case, client).send(target(case, receiver.url(case.path)), hostile, at=AT)
    assert result.outcome is SendOutcome.SENT, result
    body = receiver.received[0].body.decode()
    if case.kind != "webhook":  # whose data are data: JSON for programs, as they are
        assert "\u202e" not in body
        assert "\u200b" not in body
    if case.kind in {"dingtalk", "feishu", "wecom"}:
        assert "@所有人" not in body
        assert "<at id=all>" not in body
        assert "](http://evil" not in body
    if case.kind == "slack":
        assert "<!channel>" not in body


@every(by_body)
async def test_a_digest_is_one_message(
    case: Case, client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    behave(case, receiver)
    result = await sender(case, client).send(
        target(case, receiver.url(case.path)), digest(7), at=AT
    )
    assert result.outcome is SendOutcome.SENT
    assert len(receiver.received) == 1
    text = receiver.received[0].body.decode()
    assert "7 条通知合为一条" in text
    assert "第 1 起" in text
    assert "第 7 起" in text


@every(by_body)
async def test_a_refusal_in_the_body_is_no_success(
    case: Case, client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    behave(case, receiver)
    wrong = target(
        case, receiver.url(case.wrong_path or case.path), case.wrong_secrets or case.secrets
    )
    result = await sender(case, client).send(wrong, message(), at=AT)
    # Codes of a receiver of somebody's own are not ours to know: those are tried again.
    assert result.outcome is (SendOutcome.RETRY if case.kind == "json" else SendOutcome.REFUSED)
    assert case.refusal in result.reason
    assert_tells_no_secret(case, result)


@every()
@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_server_in_trouble_is_asked_again(
    case: Case, status: int, client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.default = Reply(status=status, body=f"trouble at {case.path}".encode())
    result = await attempt(case, client, receiver)
    assert (result.outcome, result.status) == (SendOutcome.RETRY, status)
    assert_tells_no_secret(case, result)


@every()
async def test_too_many_waits_as_long_as_it_says(
    case: Case, client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.default = Reply(status=429, headers={"retry-after": "37"})
    result = await attempt(case, client, receiver)
    assert (result.outcome, result.retry_after) == (SendOutcome.RETRY, timedelta(seconds=37))


@every()
async def test_an_address_that_is_gone_is_gone(
    case: Case, client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.default = Reply(status=410, body=b"channel_is_archived")
    assert (await attempt(case, client, receiver)).outcome is SendOutcome.GONE


@every()
async def test_silence_runs_into_the_limit(
    case: Case, client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.default = Reply(hang=True)
    result = await sender(case, client, limit_s=0.1).send(
        target(case, receiver.url(case.path)), message(), at=AT
    )
    assert (result.outcome, result.reason) == (SendOutcome.RETRY, "no answer within 0.1 s")


@every()
async def test_a_redirect_is_not_followed(
    case: Case, client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.default = Reply(status=302, headers={"location": receiver.url("/elsewhere")})
    result = await attempt(case, client, receiver)
    assert (result.outcome, len(receiver.received)) == (SendOutcome.RETRY, 1)


@every(by_body)
@pytest.mark.parametrize(
    "body", [b"<html>sign in</html>", b"", b"[]", b"\xff\xfe", b'"ok"'], ids=repr
)
async def test_200_without_the_providers_word_is_no_success(
    case: Case, body: bytes, client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.default = Reply(body=body, headers={"content-type": "text/html"})
    result = await attempt(case, client, receiver)
    assert result.outcome is SendOutcome.RETRY
    assert "proxy" in result.reason


@every(by_body)
async def test_a_huge_answer_is_cut_and_no_success(
    case: Case, client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.default = Reply(body=b'{"errcode": 0, "code": 0, "x": "' + b"x" * 1_000_000 + b'"}')
    result = await attempt(case, client, receiver)
    assert result.outcome is SendOutcome.RETRY
    assert len(result.answer) <= 8192


@every()
async def test_a_dropped_connection_tells_no_address(
    case: Case, client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    receiver.default = Reply(drop=True)
    result = await attempt(case, client, receiver)
    assert (result.outcome, result.status) == (SendOutcome.RETRY, None)
    assert_tells_no_secret(case, result)


@every()
async def test_an_address_inside_is_refused(case: Case, receiver: WebhookReceiver) -> None:
    async with guarded_client(GuardPolicy()) as strict:
        result = await attempt(case, strict, receiver)
    assert result.outcome is SendOutcome.REFUSED
    assert result.reason.startswith("not allowed")
    assert receiver.received == []
    assert_tells_no_secret(case, result)


@every([case for case in CASES if case.kind != "pagerduty"])
async def test_a_channel_without_an_address_is_refused(
    case: Case, client: httpx.AsyncClient
) -> None:
    result = await sender(case, client).send(target(case, None), message(), at=AT)
    assert (result.outcome, result.reason) == (SendOutcome.REFUSED, "the channel has no address")


async def test_a_recording_takes_everything() -> None:
    result = await RecordingSender().send(channel("recording"), digest(3), at=AT)
    assert result.outcome is SendOutcome.SENT


async def test_half_a_secret_is_never_shown(
    client: httpx.AsyncClient, receiver: WebhookReceiver
) -> None:
    case = next(case for case in CASES if case.kind == "json")
    token = "t0ken0123456789abcdef"
    body = json.dumps({"errcode": "x" * 275 + token}).encode()
    receiver.default = Reply(body=body)
    there = target(case, receiver.url(f"/hook/{token}"))
    result = await sender(case, client).send(there, message(), at=AT)
    assert "x" * 275 in result.reason
    assert token[:6] not in result.reason + result.answer
