"""Templates: JSON stays JSON, whatever the fields hold."""

from __future__ import annotations

import json
from typing import Any

import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import strategies as st

from service.clock import SystemClock
from service.delivery import SendOutcome, generate_secret
from service.delivery.channels import Exchange, TemplateSender
from service.delivery.channels.template import FIELDS, fill, judge_of, problems_of, values
from service.delivery.client import Answer
from tests.service.delivery.channels.pages import AT, HOSTILE, cards, channel, message
from tests.support.webhook_receiver import WebhookReceiver

TEMPLATE = {
    "msg": "${headline}",
    "body": {"lines": ["${text}", "price $$5"], "level": 3, "flag": True, "none": None},
}


@given(given_text=st.text(max_size=40))
def test_a_field_is_text_and_never_structure(given_text: str) -> None:
    filled = fill(TEMPLATE, {"headline": given_text, "text": given_text})
    again = json.loads(json.dumps(filled))
    assert again == {
        "msg": given_text,
        "body": {"lines": [given_text, "price $5"], "level": 3, "flag": True, "none": None},
    }


@given(given_text=st.text(alphabet="${}headlinetext", max_size=30))
def test_a_field_is_not_filled_again(given_text: str) -> None:
    assert fill("${headline}", {"headline": given_text}) == given_text


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ({"a": "${nope}"}, "template.a"),
        ({"a": ["x", "$"]}, "template.a[1]"),
        ({"a": "${headline"}, "template.a"),
        ({"${headline}": "x"}, "template.${headline}"),
        ({"a": "x" * 30_000}, "template"),
        ({"a": "${incident.__class__}"}, "template.a"),
    ],
)
def test_mistakes_are_named(template: dict[str, Any], path: str) -> None:
    assert [found for found, _ in problems_of(template)] == [path]


def test_a_deep_template_is_refused() -> None:
    template: Any = "x"
    for _ in range(12):
        template = {"a": template}
    assert "nested" in next(problems_of(template))[1]


def test_what_is_no_json_is_named() -> None:
    assert "no JSON" in next(problems_of({"x": 10**30}))[1]


def test_a_template_of_any_depth_is_judged() -> None:
    template: Any = "x"
    for _ in range(400):
        template = [template]
    assert "nested" in next(problems_of({"a": template}))[1]


async def test_bare_addresses_and_mentions_are_letters_without_markup_too() -> None:
    title = "@everyone https://evil.example/login"
    card = await cards().card(channel("json"), message(title=title), at=AT)
    assert values(card, {})["title"] == "＠everyone https：//evil．example/login"


def test_every_field_may_be_named() -> None:
    template = {name: f"${{{name}}} $$" for name in FIELDS}
    assert list(problems_of(template)) == []


async def test_every_field_has_a_value() -> None:
    card = await cards().card(channel("json"), message(person="usr_1"), at=AT)
    found = values(card, {})
    assert found.keys() == FIELDS
    assert all(found.values())


@pytest.mark.parametrize(
    ("markup", "sign"), [("plain", "\u202e"), ("markdown", "@"), ("slack", "<"), ("html", "<")]
)
async def test_fields_are_harmless_in_the_markup(markup: str, sign: str) -> None:
    card = await cards().card(channel("json"), message(title=HOSTILE), at=AT)
    assert sign not in values(card, {"markup": markup})["title"]


async def test_it_is_signed_where_the_channel_has_a_secret(
    exchange: Exchange, receiver: WebhookReceiver
) -> None:
    secret, at = generate_secret(), SystemClock().now()
    target = channel("json", receiver.url(), secret, template=TEMPLATE)
    result = await TemplateSender(exchange, cards()).send(target, message(), at=at)
    assert result.outcome is SendOutcome.SENT
    (request,) = receiver.received
    verified = standardwebhooks.Webhook(secret).verify(request.body, dict(request.headers))
    assert verified["msg"].startswith("【重大】")


async def test_a_broken_secret_is_refused(exchange: Exchange, receiver: WebhookReceiver) -> None:
    target = channel("json", receiver.url(), "whsec_short", template=TEMPLATE)
    result = await TemplateSender(exchange, cards()).send(target, message(), at=AT)
    assert result.outcome is SendOutcome.REFUSED
    assert receiver.received == []


@pytest.mark.parametrize(
    ("success", "status", "text", "outcome"),
    [
        ({}, 204, "", SendOutcome.SENT),
        ({"code": 0}, 200, '{"code": 0}', SendOutcome.SENT),
        ({"code": 0}, 200, '{"code": 1}', SendOutcome.RETRY),
        ({"code": 0}, 200, "{}", SendOutcome.RETRY),
        ({"code": 0}, 200, "<html>", SendOutcome.RETRY),
        ({}, 404, "", SendOutcome.RETRY),
        ({}, 422, "", SendOutcome.REFUSED),
    ],
)
def test_what_counts_as_success(
    success: dict[str, Any], status: int, text: str, outcome: SendOutcome
) -> None:
    answer = Answer(status=status, text=text, retry_after=None)
    assert judge_of(success)(answer).outcome is outcome
