"""What is frozen beside the first posts: those of the biggest spreaders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from service.monitoring.actions import Gathered, Gathering
from service.monitoring.evidence import freeze
from service.stores.errors import StoreUnreachable
from service.stores.post_store import PostStore, StoredPost
from tests.support.clock import START
from tests.support.stored_posts import stored_post


class Shelf:
    """A store that answers by id alone."""

    def __init__(self, *posts: StoredPost) -> None:
        self.posts = {post.id: post for post in posts}
        self.asked: list[str] = []

    async def get_many(self, post_ids: Sequence[str]) -> Mapping[str, StoredPost]:
        self.asked += post_ids
        return {name: self.posts[name] for name in post_ids if name in self.posts}


ONE, OTHER = stored_post(1), stored_post(2)
GATHERED = Gathered(
    every_mood=False,
    posts=2,
    first_post_id=ONE.id,
    first_post_at=ONE.published_at,
    last_post_at=OTHER.published_at,
    evidence=(freeze(ONE, now=START),),
)


async def test_spreaders_are_frozen_once_and_those_that_are_gone_are_left_out() -> None:
    shelf = Shelf(ONE, OTHER)
    explanation = {"spreaders": [{"post": item} for item in (ONE.id, OTHER.id, OTHER.id, "gone")]}
    found = await Gathering(cast(PostStore, shelf)).with_spreaders(GATHERED, explanation, now=START)
    assert [item.post_id for item in found.evidence] == [ONE.id, OTHER.id]
    assert shelf.asked == [OTHER.id, "gone"]


async def test_without_spreaders_nothing_is_asked() -> None:
    shelf = Shelf(ONE)
    gathering = Gathering(cast(PostStore, shelf))
    for explanation in (None, {}, {"spreaders": None}, {"spreaders": [{"post": ONE.id}]}):
        assert await gathering.with_spreaders(GATHERED, explanation, now=START) == GATHERED
    assert shelf.asked == []


async def test_a_store_that_fails_now_holds_no_incident_up() -> None:
    class Broken(Shelf):
        async def get_many(self, post_ids: Sequence[str]) -> Mapping[str, StoredPost]:
            raise StoreUnreachable("the line is down")

    explanation = {"spreaders": [{"post": OTHER.id}]}
    gathering = Gathering(cast(PostStore, Broken()))
    assert await gathering.with_spreaders(GATHERED, explanation, now=START) == GATHERED
