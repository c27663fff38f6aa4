"""The sampled check: what is stored says what was fetched, or is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from crawlers import Author, Post
from service.coverage import samples
from service.coverage.samples import Accuracy, fetched_digests, stored_digests, wrong_fields
from service.stores import PostVersion, StoredPost
from tests.support.clock import START
from tests.support.coverage_scene import CoverageScene

POST = Post(
    source="weibo",
    native_id="1",
    published_at=START,
    text="杯子漏水",
    title="投诉",
    rating=2,
    author=Author(id="u1", name="路人甲"),
)


def stored(post: Post = POST, **changes: Any) -> StoredPost:
    """The post as the line stores it."""
    found = StoredPost(
        id=post.id,
        source=post.source,
        native_id=post.native_id,
        via="push",
        channel=post.channel.value,
        published_at=min(post.published_at, START),
        fetched_at=START,
        stored_at=START,
        text=post.text,
        content_hash=post.content_hash,
        title=post.title,
        rating=post.rating,
    )
    return replace(found, **changes)


class Shelf:
    """As much of a post store as the check asks."""

    def __init__(self, *posts: StoredPost, versions: Sequence[PostVersion] = ()) -> None:
        self.posts = {post.id: post for post in posts}
        self.earlier = tuple(versions)

    async def get_many(self, post_ids: Sequence[str]) -> Mapping[str, StoredPost]:
        return {name: self.posts[name] for name in post_ids if name in self.posts}

    async def versions(self, post_id: str) -> tuple[PostVersion, ...]:
        return self.earlier


def test_a_faithful_record_has_no_wrong_field() -> None:
    assert wrong_fields(fetched_digests(POST, START), stored()) == ()


def test_a_future_post_is_clamped_on_purpose() -> None:
    future = replace(POST, published_at=START + timedelta(hours=1))
    assert wrong_fields(fetched_digests(future, START), stored(future)) == ()


def test_engines_that_round_are_forgiven() -> None:
    late = START + timedelta(microseconds=123_456)
    fetched = fetched_digests(replace(POST, published_at=late), late)
    kept = stored(published_at=START + timedelta(microseconds=123_000))
    assert wrong_fields(fetched, kept) == ()


def test_what_no_store_can_hold_is_compared_as_it_is_held() -> None:
    odd = replace(POST, text="漏\x00水\ud800")
    kept = stored(text="漏\N{REPLACEMENT CHARACTER}水\N{REPLACEMENT CHARACTER}")
    assert "text" not in wrong_fields(fetched_digests(odd, START), kept)


def test_every_changed_field_is_named() -> None:
    wrong = wrong_fields(
        fetched_digests(POST, START),
        stored(text="杯子漏", channel="news", published_at=START - timedelta(hours=8)),
    )
    assert wrong == ("channel", "published_at", "text")


def test_a_post_that_is_not_there_is_missing() -> None:
    assert wrong_fields(fetched_digests(POST, START), None) == ("missing",)


def test_an_edit_is_no_mistake_where_the_earlier_wording_is_kept() -> None:
    fetched = fetched_digests(POST, START)
    edited = stored(replace(POST, text="已解决"), version=2)
    assert wrong_fields(fetched, edited, earlier=[fetched["content_hash"]]) == ()
    assert "text" in wrong_fields(fetched, edited)


def test_digests_do_not_tell_the_words() -> None:
    assert "漏水" not in str(fetched_digests(POST, START))
    assert set(fetched_digests(POST, START)) == set(stored_digests(stored()))


async def test_a_sample_is_checked_once_and_after_a_while(scene: CoverageScene) -> None:
    passage = await scene.post(1)
    async with scene.database.read() as connection:
        assert await samples.unchecked(connection, now=scene.clock.now()) == {}
    now = scene.clock.step(minutes=11)
    async with scene.database.write() as connection:
        due = await samples.unchecked(connection, now=now)
        assert list(due) == [passage.post.id]
        await samples.settle(connection, {passage.post.id: ("text",)}, now=now)
        assert await samples.unchecked(connection, now=now) == {}
        assert await samples.accuracy(connection, now) == Accuracy(
            checked=1, right=0, wrong_fields={"text": 1}
        )


async def test_old_samples_are_forgotten(local: CoverageScene) -> None:
    await local.post(1)
    now = local.clock.step(days=8)
    async with local.database.write() as connection:
        await samples.settle(connection, {}, now=now)
        assert await samples.unchecked(connection, now=now) == {}


async def test_records_are_compared_with_the_store() -> None:
    digests = {POST.id: fetched_digests(POST, START), "gone": fetched_digests(POST, START)}
    shelf: Any = Shelf(stored())
    assert await samples.compare(shelf, digests) == {POST.id: (), "gone": ("missing",)}


async def test_earlier_wordings_are_asked_for() -> None:
    before = PostVersion(
        version=1, text=POST.text, content_hash=POST.content_hash, fetched_at=START
    )
    shelf: Any = Shelf(stored(replace(POST, text="已解决"), version=2), versions=[before])
    assert await samples.compare(shelf, {POST.id: fetched_digests(POST, START)}) == {POST.id: ()}
