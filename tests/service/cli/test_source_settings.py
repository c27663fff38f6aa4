from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers import kinds
from service.cli.source_settings import BadFlag, read_flags, read_secrets, settings_of

KNOWN = {name: settings_of(kinds()[name]) for name in ("mastodon", "rss", "json_api", "steam")}


def test_a_list_takes_a_member_a_flag_or_all_of_them() -> None:
    known = KNOWN["mastodon"]
    assert read_flags(["hashtags=雾线", "hashtags=青柚茶"], known) == {
        "hashtags": ["雾线", "青柚茶"]
    }
    assert read_flags(['hashtags=["a", "b"]'], known) == {"hashtags": ["a", "b"]}
    assert read_flags(["hashtags=a"], known) == {"hashtags": ["a"]}


def test_flags_go_on_top_of_what_is_given() -> None:
    given = {"hashtags": ["old"], "scope": "local"}
    found = read_flags(["hashtags=new"], KNOWN["mastodon"], given=given)
    assert found == {"hashtags": ["new"], "scope": "local"}
    assert given["hashtags"] == ["old"]


def test_an_object_is_json_or_dotted() -> None:
    known = KNOWN["rss"]
    assert read_flags(['headers={"Accept": "x"}'], known) == {"headers": {"Accept": "x"}}
    assert read_flags(["headers.Accept=x", "headers.DNT=1"], known) == {
        "headers": {"Accept": "x", "DNT": "1"}
    }


def test_everything_else_is_left_to_the_kind() -> None:
    found = read_flags(["max_pages=3", "app_id=7=7", "nonsense=[1"], KNOWN["steam"])
    assert found == {"max_pages": "3", "app_id": "7=7", "nonsense": "[1"}


@pytest.mark.parametrize(
    ("kind", "flags", "said"),
    [
        ("rss", ["url"], "give KEY=VALUE"),
        ("rss", ["=x"], "give KEY=VALUE"),
        ("steam", ["app_id=7", "app_id=8"], "is no list"),
        ("rss", ["headers=x"], "is no JSON object"),
        ("rss", ["headers=[]"], "give a JSON object"),
        ("mastodon", ["hashtags=[1"], "is no JSON list"),
        ("rss", ["url=x", "url.y=z"], "url is no object"),
    ],
)
def test_what_cannot_be_meant_is_said(kind: str, flags: list[str], said: str) -> None:
    with pytest.raises(BadFlag, match=said):
        read_flags(flags, KNOWN[kind])


def test_secrets_are_known_by_their_names_and_required_ones_stand_first() -> None:
    reddit = settings_of(kinds()["reddit"])
    assert reddit["client_secret"].secret
    assert not reddit["subreddits"].secret
    assert [item.key for item in reddit.values() if item.required] == list(reddit)[:2]
    assert KNOWN["mastodon"]["token"].secret


def test_a_secret_may_lie_inside_an_object() -> None:
    pairs = [("token", "t"), ("headers.authorization", "Bearer x")]
    assert read_secrets(pairs) == {"token": "t", "headers": {"authorization": "Bearer x"}}
    with pytest.raises(BadFlag, match="token: is empty"):
        read_secrets([("token", "")])


@settings(max_examples=80)
@given(st.lists(st.text(max_size=12), max_size=4), st.sampled_from(sorted(KNOWN)))
def test_any_flags_are_settings_or_a_bad_flag(flags: list[str], kind: str) -> None:
    found: dict[str, Any] = {"nothing": "read"}
    with suppress(BadFlag):
        found = read_flags(flags, KNOWN[kind])
    assert all(isinstance(key, str) and key for key in found)
