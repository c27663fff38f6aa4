from __future__ import annotations

import pytest

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
