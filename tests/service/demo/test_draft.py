"""From drafts to lines."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from service.demo.draft import Draft, Person, lines
from service.demo.hours import ZONE

NOON = datetime(2026, 3, 6, 12, 0, tzinfo=ZONE)
WRITER = Person(id="u1", name="某人", followers=3)


def draft(**changes: Any) -> Draft:
    plain: dict[str, Any] = {"at": NOON, "source": "weibo", "author": WRITER, "text": "茶"}
    return Draft(**plain | changes)


def test_lines_stand_in_order_of_time() -> None:
    later = draft(at=NOON + timedelta(minutes=1), text="二")

    assert [json.loads(line)["text"] for line in lines([later, draft(text="一")])] == ["一", "二"]


def test_repost_names_the_native_id_of_its_origin() -> None:
    origin = draft()
    repost = draft(at=NOON + timedelta(minutes=1), repost_of=origin)

    first, second = (json.loads(line) for line in lines([repost, origin]))

    assert second["repost_of"] == first["native_id"]


def test_equal_drafts_are_two_posts() -> None:
    ids = [json.loads(line)["native_id"] for line in lines([draft(), draft()])]

    assert len(set(ids)) == 2


def test_answer_to_a_later_post_is_refused() -> None:
    origin = draft(at=NOON + timedelta(minutes=1))

    with pytest.raises(ValueError, match="later post"):
        list(lines([draft(parent=origin), origin]))


def test_what_a_post_lacks_is_left_out() -> None:
    (line,) = lines([draft()])

    assert json.loads(line).keys().isdisjoint({"url", "title", "rating", "repost_of", "parent_id"})


def test_store_reviews_come_from_inside_the_app() -> None:
    (line,) = lines([draft(source="appstore", rating=5)])

    assert json.loads(line)["channel"] == "in_app"
