from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawlers.errors import UnreadableFeed
from crawlers.feeds.entry import FeedEntry
from crawlers.feeds.json_feed import read_json_feed

VERSION = "https://jsonfeed.org/version/1.1"


def entry(**item: Any) -> FeedEntry:
    feed = {"version": VERSION, "title": "t", "language": "zh", "items": [item]}
    return read_json_feed(json.dumps(feed), url="https://a.example/f", zone=UTC).entries[0]


def test_the_fields_of_an_item() -> None:
    read = entry(
        id=7,
        url="/p/7",
        title="召回 &amp; 退款",
        content_html="<p>一</p>",
        date_published="2026-01-01T08:00:00+08:00",
        authors=[{"name": "何", "url": "https://a.example/u"}],
    )
    assert read == FeedEntry(
        id="7",
        link="https://a.example/p/7",
        title="召回 & 退款",
        text="一",
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
        author="何",
        author_id="https://a.example/u",
        lang="zh",
    )


def test_plain_text_goes_before_html_and_is_left_alone() -> None:
    assert entry(content_text="<b> stays", content_html="no").text == "<b> stays"


def test_the_summary_stands_in_for_a_missing_text() -> None:
    assert entry(content_html="<p></p>", summary="short").text == "short"
    assert entry().text == ""


def test_the_author_of_version_1_is_an_object() -> None:
    assert entry(author={"name": "何"}).author_id == "何"
    assert entry(authors=["何"]).author is None


def test_a_date_that_is_none_is_kept_as_written() -> None:
    read = entry(date_modified="soon")
    assert (read.published_at, read.date_text) == (None, "soon")


def test_a_link_that_cannot_be_joined_is_left_out() -> None:
    assert entry(url="http://[").link is None


@pytest.mark.parametrize("item_id", [True, None, [], "  "])
def test_an_id_of_no_use_is_none(item_id: object) -> None:
    assert entry(id=item_id).id is None


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("[]", "no object"),
        ('{"version": 1}', "items"),
        ('{"items": []}', "version"),
        ('{"items": [], "version": "2"}', "version"),
        ("{", "broken JSON"),
        ("[" * 100_000, "broken JSON"),
    ],
)
def test_json_that_is_no_feed_is_named(document: str, says: str) -> None:
    with pytest.raises(UnreadableFeed, match=says):
        read_json_feed(document, url="https://a.example/f", zone=UTC)
