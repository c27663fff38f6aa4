from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from crawlers.change import Change, KnownPost, classify_change, merge_engagement
from crawlers.post import Engagement, Post

POST = Post(
    source="weibo",
    native_id="1",
    published_at=datetime(2026, 1, 1, tzinfo=UTC),
    text="退款",
    engagement=Engagement(likes=1),
)
KNOWN = KnownPost(content_hash=POST.content_hash, engagement=POST.engagement)


def test_a_post_nobody_knows_is_new() -> None:
    assert classify_change(None, POST) is Change.NEW


def test_the_same_post_again_is_unchanged() -> None:
    assert classify_change(KNOWN, POST) is Change.UNCHANGED


def test_other_words_are_an_edit_whatever_the_counters_say() -> None:
    edited = replace(POST, text="退款了", engagement=Engagement(likes=9))
    assert classify_change(KNOWN, edited) is Change.EDITED


def test_other_counters_are_counters() -> None:
    liked = replace(POST, engagement=Engagement(likes=2))
    assert classify_change(KNOWN, liked) is Change.COUNTERS


def test_a_counter_that_is_not_told_is_no_change() -> None:
    assert classify_change(KNOWN, replace(POST, engagement=Engagement())) is Change.UNCHANGED


def test_merging_keeps_what_the_fresh_counters_leave_out() -> None:
    merged = merge_engagement(Engagement(likes=3, views=9), Engagement(likes=4, reposts=0))
    assert merged == Engagement(likes=4, views=9, reposts=0)


def test_a_post_that_its_source_has_no_longer_is_deleted() -> None:
    assert classify_change(KNOWN, None) is Change.DELETED
    assert classify_change(None, None) is Change.UNCHANGED
