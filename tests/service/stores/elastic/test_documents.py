"""Posts as documents and back."""

from __future__ import annotations

from datetime import timedelta

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from service.stores.elastic.documents import (
    document,
    read_copy_key,
    read_post,
    read_version,
    version_document,
    version_id,
)
from service.stores.elastic.schema import posts_body, versions_body
from service.stores.post_store import StoredPost
from service.stores.sqlite_rows import from_micros
from service.stores.storable import storable_post
from tests.support.stored_posts import NOON, stored_post

texts = st.text(max_size=12)
members = st.lists(texts.filter(bool), max_size=3).map(tuple)
counts = st.none() | st.integers(-5, 10**20)
instants = st.integers(-(10**15), 2 * 10**17).map(from_micros)
posts = st.builds(
    StoredPost,
    id=texts,
    source=texts,
    native_id=texts,
    via=texts,
    channel=texts,
    published_at=instants,
    fetched_at=instants,
    stored_at=instants,
    text=texts,
    content_hash=texts,
    title=st.none() | texts,
    author=st.none() | texts,
    followers=counts,
    verified=st.none() | st.booleans(),
    likes=counts,
    rating=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    monitors=members,
    categories=members,
    scenario=st.none() | texts,
    copy_group=texts,
    copy_bands=members,
    simhash=st.integers(0, 2**64 - 1),
    search_tokens=members,
    words=members,
    extra=st.dictionaries(texts, texts, max_size=2),
)


@settings(max_examples=80)
@given(posts)
def test_a_post_comes_back_through_json(post: StoredPost) -> None:
    clean = storable_post(post)
    through = read_post(orjson.loads(orjson.dumps(document(clean))))
    assert storable_post(through) == storable_post(read_post(document(through)))
    assert through.published_at == clean.published_at
    assert (through.text, through.monitors, through.words) == (
        clean.text,
        clean.monitors,
        clean.words,
    )
    assert (through.simhash, through.search_tokens) == (clean.simhash, clean.search_tokens)


def test_every_field_is_in_the_strict_mapping() -> None:
    full = stored_post(
        1,
        **dict.fromkeys(("title", "url", "author", "parent_id", "repost_of", "lang"), "x"),
        **dict.fromkeys(("followers", "reposts", "comments", "likes", "views"), 1),
        verified=True,
        rating=1.0,
        spared=("tea",),
        scenario="outage",
        categories=("a",),
        copy_bands=("b",),
        words=(),
        deleted_at=NOON + timedelta(days=1),
        analysis={
            "emotion": {"label": "angry"},
            "intent": {"label": "threat"},
            "topics": [{"version": 1, "topic": 2}],
        },
    )
    mapped = set(posts_body()["mappings"]["properties"])
    assert set(document(full)) == mapped
    archived = version_document(full)
    assert set(archived) == set(versions_body()["mappings"]["properties"])


def test_a_copy_key_names_group_and_simhash() -> None:
    top = 2**64 - 1
    post = stored_post(1, copy_group="a", simhash=top, copy_bands=("x",))
    assert read_copy_key(document(post)["copy_key"]) == ("a", top)
    assert "copy_key" not in document(stored_post(1, copy_group="", copy_bands=("x",)))
    assert "copy_key" not in document(stored_post(1, copy_group="a"))


def test_a_wording_comes_back() -> None:
    post = stored_post(1, title="旧", rating=2.0, analysis={"severity": 1})
    past = read_version(version_document(post))
    assert (past.text, past.title, past.rating) == (post.text, "旧", 2.0)
    assert (past.fetched_at, past.analysis) == (post.fetched_at, {"severity": 1})
    assert version_id(post) == f"{post.id}:1"
    assert past.fetched_at > NOON
