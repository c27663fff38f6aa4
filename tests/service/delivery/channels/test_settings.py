"""What a channel may be told, of every kind."""

from __future__ import annotations

from typing import Any

import pytest

from service.delivery.channels.settings import (
    KINDS,
    missing,
    patience_of,
    problems,
)
from service.delivery.signing import generate_secret
from service.monitors import ChannelKind

URL = "https://hooks.example/t0p-s3cret"
DING = "https://oapi.dingtalk.example/robot/send?access_token=t0p-s3cret"
WECOM = "https://qyapi.example/cgi-bin/webhook/send?key=t0p-s3cret"
MAIL: dict[str, Any] = {"from": "a@brand.example", "to": ["b@brand.example"]}
KEY = "k" * 32


def test_every_kind_of_the_catalogue_is_known() -> None:
    assert set(KINDS) == {kind.value for kind in ChannelKind}


@pytest.mark.parametrize(
    ("kind", "url", "secrets", "settings"),
    [
        ("webhook", URL, (generate_secret(),), {"team": "pr"}),
        ("recording", None, None, {"anything": 1}),
        ("json", URL, (), {"template": {"text": "${headline}"}, "success": {"code": 0}}),
        ("dingtalk", DING, ("SECabc",), {"keyword": "烽燧", "people": {"usr_1": "13800138000"}}),
        ("feishu", URL, ("abc",), {"language": "en", "fallback_after": 3}),
        ("wecom", WECOM, (), {"per_minute": 10}),
        ("slack", URL, (), {"people": {"usr_1": "U123"}}),
        ("pagerduty", None, (KEY, "inbound"), {}),
        ("pagerduty", "https://events.eu.pagerduty.example/v2/enqueue", None, {}),
        ("email", "smtp://mail.brand.example:587", ("pw",), MAIL | {"username": "a"}),
        ("email", "smtps://mail.brand.example", None, MAIL),
        ("email", "smtp://relay.brand.example:25", (), MAIL | {"tls": "none"}),
    ],
)
def test_what_is_right(
    kind: str, url: str | None, secrets: tuple[str, ...] | None, settings: dict[str, Any]
) -> None:
    assert problems(kind, url=url, secrets=secrets, settings=settings) == []


@pytest.mark.parametrize(
    ("kind", "url", "secrets", "settings", "path"),
    [
        ("dingtalk", URL, (), {}, "url"),
        ("wecom", URL, (), {}, "url"),
        ("slack", "ftp://x.example/t0p-s3cret", (), {}, "url"),
        ("feishu", None, (), {}, "url"),
        ("feishu", URL, ("two words",), {}, "secrets[0]"),
        ("feishu", URL, ("a", "b", "c", "d"), {}, "secrets"),
        ("feishu", URL, (), {"team": "pr"}, "settings.team"),
        ("feishu", URL, (), {"language": "fr"}, "settings.language"),
        (
            "feishu",
            URL,
            (),
            {"people": {"usr_1": "ou_x></at><at id=all>"}},
            "settings.people.usr_1",
        ),
        ("dingtalk", DING, (), {"keyword": "[x](http://y)"}, "settings.keyword"),
        ("wecom", WECOM, (), {"per_minute": 1}, "settings.per_minute"),
        ("webhook", URL, (), {"fallback_after": 0}, "settings.fallback_after"),
        ("webhook", URL, (), {"fallback_after": "3"}, "settings.fallback_after"),
        ("wecom", WECOM, (), {"per_minute": "5"}, "settings.per_minute"),
        ("feishu", URL, (), {"people": {"usr_1": "all"}}, "settings.people.usr_1"),
        ("dingtalk", DING, (), {"people": {"usr_1": "@13800138000"}}, "settings.people.usr_1"),
        ("json", URL, (), {"template": {"x": 10**30}}, "settings.template"),
        ("webhook", URL, ("whsec_short",), {}, "secrets[0]"),
        ("pagerduty", None, ("short-t0p-s3cret",), {}, "secrets[0]"),
        ("json", URL, (), {}, "settings.template"),
        ("json", URL, (), {"template": {"a": "${nope}"}}, "settings.template"),
        ("email", "https://mail.example", (), MAIL, "url"),
        ("email", "smtp://me:t0p-s3cret@mail.example", (), MAIL, "url"),
        ("email", "smtp://mail.example", ("a", "b"), MAIL, "secrets"),
        ("email", "smtp://mail.example", ("pw",), MAIL | {"tls": "none"}, "settings.tls"),
        ("email", "smtp://mail.example", (), {"to": ["b@brand.example"]}, "settings.from"),
        ("email", "smtp://mail.example", (), MAIL | {"to": []}, "settings.to"),
        (
            "email",
            "smtp://mail.example",
            (),
            MAIL | {"to": ["x@y.example\r\nBcc: z@y.example"]},
            "settings.to.0",
        ),
    ],
)
def test_mistakes_are_named_without_the_secret(
    kind: str,
    url: str | None,
    secrets: tuple[str, ...],
    settings: dict[str, Any],
    path: str,
) -> None:
    found = problems(kind, url=url, secrets=secrets, settings=settings)
    assert found[0][0] == path
    assert "t0p-s3cret" not in str(found)


@pytest.mark.parametrize(
    ("stored", "patience"), [(3, 3), ("3", 3), (99, 9), (True, 2), ("x", 2), (None, 2), ([], 2)]
)
def test_what_an_old_row_holds_is_a_number_all_the_same(stored: object, patience: int) -> None:
    assert patience_of({"fallback_after": stored}) == patience


@pytest.mark.parametrize(
    ("kind", "settings", "secrets", "wanted"),
    [
        ("pagerduty", {}, None, True),
        ("pagerduty", {}, ("k" * 32,), False),
        ("email", {"username": "fengsui"}, (), True),
        ("email", {}, (), False),
        ("slack", {}, None, False),
    ],
)
def test_a_kind_says_which_secret_it_cannot_do_without(
    kind: str, settings: dict[str, Any], secrets: tuple[str, ...] | None, wanted: bool
) -> None:
    found = missing(kind, secrets=secrets, settings=settings)
    assert [path for path, _ in found] == ["secrets"] * wanted
