from __future__ import annotations

import pytest

from crawlers import Author
from service.ingest.extra import impersonal


@pytest.mark.parametrize(
    "key",
    ["author.screen_name", "author", "user_id", "nickName", "uid", "avatar_url", "Email", "openid"],
)
def test_a_key_that_names_a_person_is_dropped(key: str) -> None:
    assert impersonal({key: "墨鱼丸", "synthetic": True}) == {"synthetic": True}


def test_personal_keys_are_found_at_every_depth() -> None:
    extra = {"source": {"app": "web", "user": {"id": 1}}, "list": [{"nickname": "x", "n": 1}]}
    assert impersonal(extra) == {"source": {"app": "web"}, "list": [{"n": 1}]}


@pytest.mark.parametrize("key", ["synthetic", "region", "device", "published_note", "model"])
def test_other_keys_stay(key: str) -> None:
    assert impersonal({key: 1}) == {key: 1}


def test_values_that_are_the_author_are_left_out_under_any_key_and_at_any_depth() -> None:
    author = Author(id="109348", name="张三")
    extra = {
        "by": "张三",
        "owner": 109348,
        "deep": {"who": "@张三", "city": "江湾"},
        "list": ["张三", "李四", 109348, 7],
        "topic": "张三丰",
        "synthetic": True,
    }
    assert impersonal(extra, author=author) == {
        "deep": {"city": "江湾"},
        "list": ["李四", 7],
        "topic": "张三丰",
        "synthetic": True,
    }


def test_a_small_count_is_no_id() -> None:
    assert impersonal({"likes": 7}, author=Author(id="7")) == {"likes": 7}
