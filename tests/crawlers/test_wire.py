from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.errors import BadPost
from crawlers.post import Author, Channel, Engagement, Post, PostKey
from crawlers.wire import parse_post, parse_wire, post_to_wire

LINE = {
    "source": "weibo",
    "native_id": "7",
    "published_at": "2026-01-31T16:00:00+08:00",
    "text": "退款三次都被拒",
}


def line(**changes: Any) -> dict[str, Any]:
    return {**LINE, **changes}


def complaints(data: Mapping[str, Any]) -> dict[str, str]:
    with pytest.raises(BadPost) as caught:
        parse_post(data)
    return dict(caught.value.errors)


def test_four_keys_make_a_post() -> None:
    assert parse_post(LINE) == Post(
        source="weibo",
        native_id="7",
        published_at=datetime(2026, 1, 31, 8, tzinfo=UTC),
        text="退款三次都被拒",
    )


def test_every_key_of_the_contract_is_read() -> None:
    post = parse_post(
        line(
            url="https://example.com/7",
            title="标题",
            author={"id": "u1", "name": "小何", "followers": 12, "verified": True},
            engagement={"reposts": 1, "comments": 2, "likes": 3, "views": 4.0},
            parent_id="5",
            repost_of="6",
            rating=1,
            lang="zh",
            channel="third_party",
        )
    )
    assert post.author == Author(id="u1", name="小何", followers=12, verified=True)
    assert post.engagement == Engagement(reposts=1, comments=2, likes=3, views=4)
    assert (post.url, post.title, post.parent_id) == ("https://example.com/7", "标题", "5")
    assert (post.repost_of, post.rating, post.lang) == ("6", 1.0, "zh")
    assert post.channel is Channel.THIRD_PARTY


def test_all_missing_keys_are_named_at_once() -> None:
    assert set(complaints({})) == {"source", "native_id", "published_at", "text"}


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(BadPost, match="not list"):
        parse_post([])  # type: ignore[arg-type] # a line may hold any JSON


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("source", {"source": 7}),
        ("source", {"source": "  "}),
        ("native_id", {"native_id": "a\x1fb"}),
        ("native_id", {"native_id": "x" * 513}),
        ("text", {"text": None}),
        ("text", {"text": "字" * 100_001}),
        ("title", {"title": ["no"]}),
        ("url", {"url": "javascript:alert(1)"}),
        ("url", {"url": "https://"}),
        ("author", {"author": "小何"}),
        ("author.id", {"author": {"name": "小何"}}),
        ("author.followers", {"author": {"id": "u", "followers": -1}}),
        ("author.verified", {"author": {"id": "u", "verified": "yes"}}),
        ("engagement", {"engagement": 3}),
        ("engagement.likes", {"engagement": {"likes": True}}),
        ("engagement.likes", {"engagement": {"likes": 1.5}}),
        ("engagement.likes", {"engagement": {"likes": 2**63}}),
        ("rating", {"rating": 0}),
        ("rating", {"rating": "5"}),
        ("rating", {"rating": True}),
        ("rating", {"rating": float("nan")}),
        ("channel", {"channel": "radio"}),
        ("channel", {"channel": 1}),
        ("extra", {"extra": "more"}),
        ("published_at", {"published_at": 1738339200}),
        ("published_at", {"published_at": "yesterday"}),
        ("published_at", {"published_at": "0001-01-01T00:00:00+08:00"}),
        ("published_at", {"published_at": "0001-01-01T00:00:00Z"}),
        ("published_at", {"published_at": "9999-12-31T23:59:59Z"}),
        ("published_at", {"published_at": "9999-12-31T23:59:59-14:00"}),
        ("published_at", {"published_at": "1989-12-31T23:59:59Z"}),
        ("published_at", {"published_at": "2100-01-01T00:00:00Z"}),
    ],
)
def test_a_mistake_is_named_by_its_path(path: str, changes: dict[str, Any]) -> None:
    assert list(complaints(line(**changes))) == [path]


def test_a_naive_time_is_refused_with_the_remedy() -> None:
    assert "has no zone" in complaints(line(published_at="2026-01-31T16:00:00"))["published_at"]


@pytest.mark.parametrize(
    "written", ["2026-01-31T08:00:00Z", "2026-01-31T08:00:00.000+00:00", "20260131T160000+0800"]
)
def test_iso_forms_of_one_instant_are_one(written: str) -> None:
    assert parse_post(line(published_at=written)).published_at == parse_post(LINE).published_at


def test_a_future_time_is_not_judged_here() -> None:
    assert parse_post(line(published_at="2099-12-31T23:59:59Z")).published_at.year == 2099


def test_nuls_and_lone_surrogates_are_repaired() -> None:
    post = parse_post(line(text="a\x00b\ud83d", extra={"k": ["\udc00"]}))
    assert post.text == "ab\ufffd"
    assert post.extra == {"k": ["\ufffd"]}


def test_two_halves_of_a_pair_become_one_character() -> None:
    assert parse_post(line(text="\ud83d\ude21")).text == "😡"


def test_unknown_keys_are_kept_under_extra() -> None:
    post = parse_post(line(topic="空调", author={"id": "u", "city": "上海"}, extra={"x": 1}))
    assert post.extra == {"x": 1, "topic": "空调", "author.city": "上海"}


def test_unknown_keys_beyond_four_kib_are_refused_by_name() -> None:
    assert list(complaints(line(small=1, big="字" * 2_000, other=2))) == ["big", "other"]


def test_an_unknown_value_that_is_no_json_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100):
        deep = [deep]
    assert set(complaints(line(deep=deep, day={1, 2}, odd=float("inf")))) == {"deep", "day", "odd"}


def test_empty_optional_ids_count_as_missing() -> None:
    assert parse_post(line(parent_id="", url=" ")).parent_id is None


def test_a_post_without_words_is_kept() -> None:
    assert parse_post(line(text="", rating=1)).text == ""


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)
names = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=20)
counts = st.none() | st.integers(0, 2**63 - 1)
posts = st.builds(
    Post,
    source=names,
    native_id=names,
    published_at=st.datetimes(
        datetime(1990, 1, 2),  # noqa: DTZ001 - Hypothesis wants naive bounds and adds the zone
        datetime(2099, 12, 31),  # noqa: DTZ001 - as above
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
    ),
    text=words,
    title=st.none() | words,
    url=st.none() | st.just("https://example.com/a?b=c"),
    author=st.none()
    | st.builds(
        Author,
        id=names,
        name=st.none() | words,
        followers=counts,
        verified=st.none() | st.booleans(),
    ),
    engagement=st.builds(Engagement, reposts=counts, comments=counts, likes=counts, views=counts),
    parent_id=st.none() | names,
    repost_of=st.none() | names,
    rating=st.none() | st.floats(1, 5),
    lang=st.none() | st.just("zh-CN"),
    channel=st.sampled_from(Channel),
    extra=st.dictionaries(names.map("x-".__add__), st.none() | st.booleans() | words, max_size=3),
)


@given(posts)
def test_what_is_written_reads_back_as_the_same_post(post: Post) -> None:
    assert parse_post(json.loads(json.dumps(post_to_wire(post)))) == post


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*LINE, "author", "engagement", "url", "x"]), json_values))
def test_any_json_ends_in_a_post_or_in_named_mistakes(data: dict[str, Any]) -> None:
    post: Post | None = None
    errors: tuple[tuple[str, str], ...] = ()
    try:
        post = parse_post({**LINE, **data})
    except BadPost as error:
        errors = error.errors
    assert (post is None) == bool(errors)
    if post is not None:
        json.dumps(post_to_wire(post), ensure_ascii=False).encode()


def test_the_news_that_a_post_is_gone_needs_its_key_alone() -> None:
    assert parse_wire({"source": "w", "native_id": "1", "deleted": True}) == PostKey("w", "1")
    with pytest.raises(BadPost, match="source: is required; native_id: is required"):
        parse_wire({"deleted": True, "text": "x"})


@pytest.mark.parametrize("deleted", [False, None])
def test_a_post_that_is_there_may_say_so(deleted: bool | None) -> None:
    post = parse_wire({**LINE, "deleted": deleted})
    assert isinstance(post, Post)
    assert "deleted" not in post.extra


@pytest.mark.parametrize("deleted", [True, "yes"])
def test_who_reads_posts_alone_takes_no_news_of_their_end(deleted: object) -> None:
    with pytest.raises(BadPost, match="deleted"):
        parse_post({**LINE, "deleted": deleted})
