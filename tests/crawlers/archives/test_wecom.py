from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.archives import wire_of_archive, withdrawn_of_archive
from crawlers.errors import BadPost
from crawlers.post import PostKey
from crawlers.wire import parse_post

TEXT = {
    "msgid": "1_1772339400123_external",
    "action": "send",
    "from": "wmAAAA",
    "tolist": ["LiMei"],
    "roomid": "wrBBBB",
    "msgtime": 1772339400123,
    "msgtype": "text",
    "text": {"content": "喝完拉肚子"},
}


def read(**changed: Any) -> dict[str, Any] | None:
    return wire_of_archive({**TEXT, **changed}, source="wecom")


def said(**changed: Any) -> str | None:
    found = read(**changed)
    return None if found is None else found["text"]


def test_a_text_in_a_group() -> None:
    wire = read()
    assert wire == {
        "source": "wecom",
        "native_id": "1_1772339400123_external",
        "published_at": "2026-03-01T04:30:00.123000+00:00",
        "text": "喝完拉肚子",
        "title": None,
        "url": None,
        "author": {"id": "wmAAAA"},
        "channel": "chat_group",
        "extra": {"room": "wrBBBB"},
    }
    assert "LiMei" not in str(wire)


def test_a_link_has_a_title_and_an_address() -> None:
    wire = read(
        msgtype="link",
        link={"title": "召回公告", "description": "批次见内", "link_url": "https://a.example/1"},
    )
    assert wire is not None
    assert (wire["title"], wire["text"], wire["url"]) == (
        "召回公告",
        "批次见内",
        "https://a.example/1",
    )
    inside = read(msgtype="link", link={"title": "公告", "link_url": "weixin://x"})
    assert inside is not None
    assert (inside["text"], inside["url"]) == ("公告", None)


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"msgtype": "markdown", "info": {"content": "**好**"}}, "**好**"),
        ({"msgtype": "weapp", "weapp": {"title": "商城", "description": "退款"}}, "退款"),
        ({"msgtype": "news", "info": {"item": [{"title": "a", "description": "b"}]}}, "a\nb"),
        ({"msgtype": "docmsg", "doc": {"title": "表"}}, "表"),
        ({"msgtype": "vote", "votetitle": "退不退"}, "退不退"),
        (
            {
                "msgtype": "mixed",
                "mixed": {
                    "item": [
                        {"type": "text", "content": '{"content": "你好"}'},
                        {"type": "image", "content": "{}"},
                        {"type": "text", "content": "{broken"},
                        {"type": "text", "content": "裸的"},
                    ]
                },
            },
            "你好\n裸的",
        ),
        (
            {
                "msgtype": "chatrecord",
                "chatrecord": {
                    "title": "群聊",
                    "item": [{"type": "ChatRecordText", "content": '{"content": "转来的"}'}],
                },
            },
            "转来的",
        ),
    ],
)
def test_words_of_every_kind(changed: dict[str, Any], text: str) -> None:
    assert said(**changed) == text


@pytest.mark.parametrize(
    "changed",
    [
        {"roomid": ""},
        {"action": "recall", "msgtype": "revoke", "revoke": {"pre_msgid": "1"}},
        {"action": "switch"},
        {"msgtype": "image", "image": {"sdkfileid": "x"}},
        {"text": {"content": "  "}},
        {"msgtype": "mixed", "mixed": {"item": "no list"}},
    ],
)
def test_what_is_left_out(changed: dict[str, Any]) -> None:
    assert read(**changed) is None


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_withdrawal_names_the_message_that_is_gone(wrapped: bool) -> None:
    plain = {**TEXT, "action": "recall", "msgtype": "revoke", "revoke": {"pre_msgid": "m-1"}}
    message = {"seq": 8, "msg": plain} if wrapped else plain
    assert withdrawn_of_archive(message, source="wecom") == PostKey("wecom", "m-1")
    assert withdrawn_of_archive(TEXT, source="wecom") is None


def test_a_withdrawal_of_nothing_is_no_message_of_the_archive() -> None:
    with pytest.raises(KeyError, match=r"revoke\.pre_msgid"):
        withdrawn_of_archive({**TEXT, "action": "recall", "revoke": {}}, source="wecom")


def test_one_to_one_talk_when_it_is_wanted() -> None:
    assert wire_of_archive({**TEXT, "roomid": ""}, source="w", direct=True) is not None


def test_a_message_beside_its_number_in_the_archive() -> None:
    wire = wire_of_archive({"seq": 7, "msgid": "x", "msg": TEXT}, source="w")
    assert wire is not None
    assert wire["native_id"] == TEXT["msgid"]


@pytest.mark.parametrize("name", ["action", "msgtype", "msgid", "from", "msgtime"])
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        read(**{name: None})


@pytest.mark.parametrize("moment", ["1772339400123", 1772339400123.0])
def test_the_time_as_text_too(moment: Any) -> None:
    wire = read(msgtime=moment)
    assert wire is not None
    assert wire["published_at"].startswith("2026-03-01T04:30:00")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(kind=st.sampled_from(["text", "mixed", "chatrecord", "news", "link", "weapp"]), value=VALUES)
def test_any_content_is_read_left_out_or_refused(kind: str, value: Any) -> None:
    try:
        wire = wire_of_archive(
            {**TEXT, "msgtype": kind, kind: value, "info": value}, source="wecom"
        )
        if wire is not None:
            assert parse_post(json.loads(json.dumps(wire))).channel == "chat_group"
    except (BadPost, KeyError, TypeError, ValueError) as error:
        assert str(error)  # noqa: PT017 - either end is right, as long as it is one of them
