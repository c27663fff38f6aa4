from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.mapped_posts import MappedPosts

NOW = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


def mapped(**given: Any) -> MappedPosts:
    return MappedPosts.model_validate(given)


def wire(posts: MappedPosts, **more: Any) -> dict[str, Any]:
    values = {"native_id": 7, "text": "退款太慢", "published_at": "2026-03-01T08:00:00Z", **more}
    return posts.wire(values, reading=posts.reading(now=NOW, url=""), source="board")


def test_a_mapping_must_have_what_every_post_needs() -> None:
    with pytest.raises(ValueError, match="native_id, published_at must be mapped"):
        mapped().check_fields({"text"})
    mapped(time="observed").check_fields({"text", "native_id"})


def test_values_are_read_as_declared() -> None:
    reading = mapped(time="epoch_s", markup=["text"], rating_best=10).reading(now=NOW, url="u")
    assert (reading.time, set(reading.markup), int(reading.best)) == ("epoch_s", {"text"}, 10)
    assert str(reading.zone) == "Asia/Shanghai"


def test_a_post_has_what_the_mapping_says_of_all() -> None:
    assert wire(mapped(channel="news", lang="zh")) == {
        "source": "board",
        "channel": "news",
        "native_id": "7",
        "text": "退款太慢",
        "published_at": "2026-03-01T08:00:00+00:00",
        "lang": "zh",
    }


def test_the_language_of_a_post_of_its_own_counts_more() -> None:
    assert wire(mapped(lang="zh"), lang="en")["lang"] == "en"
    assert "lang" not in wire(mapped())
