"""What a batch does to what the store holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from service.stores.elastic.plan import Held, new_ids, plan, reworded_ids
from service.stores.post_store import PostChange, StoredPost
from tests.support.stored_posts import NOON, stored_post

HOUR = timedelta(hours=1)


def held(post: StoredPost) -> dict[str, Held]:
    return {post.id: Held(post=post, index="i", seq_no=4, primary_term=1)}


def test_new_posts_get_the_earliest_stamp_that_is_left() -> None:
    first, second = stored_post(1), stored_post(2)
    earliest = first.stored_at + timedelta(seconds=1)
    entries = plan([(0, first), (1, second)], {}, archived={}, earliest=earliest)
    assert [entry.post.stored_at for entry in entries.values()] == [earliest, second.stored_at]
    assert all(entry.write and entry.held is None for entry in entries.values())


def test_an_id_that_comes_twice_is_merged_in_order() -> None:
    batch = [stored_post(1, word, fetched_at=NOON + HOUR) for word in "甲乙甲"]
    (entry,) = plan(list(enumerate(batch)), {}, archived={}, earliest=None).values()
    assert entry.changes == {
        0: PostChange.NEW,
        1: PostChange.EDITED,
        2: PostChange.UNCHANGED,
    }
    assert ([post.text for post in entry.past], entry.post.text) == (["甲"], "乙")


def test_a_repeat_is_not_written() -> None:
    there = stored_post(1)
    (entry,) = plan([(5, there)], held(there), archived={}, earliest=None).values()
    assert (entry.write, entry.changes) == (False, {5: PostChange.UNCHANGED})


def test_an_archived_wording_does_not_come_back() -> None:
    there = replace(stored_post(1, "新"), version=2, fetched_at=NOON + HOUR)
    old = stored_post(1, "旧", fetched_at=NOON + HOUR)
    archived = {there.id: {(old.content_hash, old.fetched_at)}}
    (entry,) = plan([(0, old)], held(there), archived=archived, earliest=None).values()
    assert entry.changes == {0: PostChange.UNCHANGED}


def test_archives_are_read_for_edited_posts_with_other_words_only() -> None:
    once, twice = stored_post(1), replace(stored_post(2), version=2)
    there = held(once) | held(twice)
    changed = [replace(post, content_hash="x") for post in (once, twice, stored_post(3))]
    assert reworded_ids(changed, there) == {twice.id}
    assert reworded_ids([once, twice], there) == set()
    assert new_ids(changed, there) == {stored_post(3).id}
