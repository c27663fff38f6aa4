from __future__ import annotations

from typing import Any

from crawlers import PostKey
from service.monitoring.spreaders import biggest_spreaders, missing_parents
from service.stores.post_store import StoredPost
from tests.support.stored_posts import stored_post


def post(number: int, **changes: Any) -> StoredPost:
    """A post whose id is that of its key, so that others find it as what they share."""
    return stored_post(number, id=PostKey("weibo", str(number)).id, **changes)


def test_who_was_shared_most_comes_first_then_who_was_seen_by_most() -> None:
    posts = [
        post(1, author="first", followers=10),
        post(2, author="second", followers=20, repost_of="1"),
        post(3, author="third", followers=30, repost_of="2"),
        post(4, author="loud", followers=1_000),
        post(5, author="louder", followers=600),
        post(6, author="louder", followers=600, verified=True, likes=3),
    ]
    found = biggest_spreaders(posts, limit=4)
    assert [(item["author"], item["below"], item["posts"]) for item in found] == [
        ("first", 2, 1),
        ("second", 1, 1),
        ("louder", 0, 2),
        ("loud", 0, 1),
    ]
    assert (found[0]["children"], found[2]["post"]) == (1, posts[5].id)
    assert [item["verified"] for item in found] == [False, False, True, False]


def test_nobody_is_named_where_nobody_is_known() -> None:
    posts = [
        post(1, author=None, followers=None),
        post(2, author=None, followers=None, repost_of="1"),
        post(3, author="quiet", followers=None),
    ]
    assert biggest_spreaders(posts, limit=5) == ()
    assert biggest_spreaders([], limit=5) == ()


def test_what_is_shared_and_not_there_is_named_once() -> None:
    posts = [post(2, repost_of="1"), post(3, repost_of="1"), post(4, repost_of="2"), post(5)]
    assert missing_parents(posts) == (PostKey("weibo", "1").id,)
