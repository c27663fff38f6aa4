"""Queries in the monitors' grammar over the post store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nlp import normalize, search_phrases, search_tokens, whole_text
from service.posts import PageRequest, Posts
from service.posts.errors import BadFilter
from service.posts.written import read_written
from service.stores import PostQuery, StoredPost
from service.stores.sqlite import SqlitePostStore
from tests.support.stored_posts import stored_post

TEXTS = (
    "晨屿的拿铁喝完拉肚子，要退款",
    "晨屿新店开业，拿铁很好喝",
    "雲雀手机爆炸了",
    "云雀手机，爆炸性新闻",
    "Morning Isle latte is great",
    "Morning coffee on an isle",
    "退款了吗？！等了三天",
    "foo_bar 报错 500",
    "🔥🔥 拿铁",
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlitePostStore]:
    opened = SqlitePostStore(
        tmp_path / "posts.db",
        query_phrases=lambda text: search_phrases(normalize(text).text),
        durable=False,
    )
    await opened.migrate()
    await opened.upsert([post(number, text) for number, text in enumerate(TEXTS, 1)])
    yield opened
    await opened.close()


def post(number: int, text: str) -> StoredPost:
    source = "weibo" if number % 2 else "mastodon:isle"
    title = "晨屿" if number == 7 else None
    tokens = search_tokens(normalize(whole_text(text, title=title)).text)
    return stored_post(number, text, title=title, source=source, lang="zh", search_tokens=tokens)


@pytest.mark.parametrize(
    "query",
    [
        "晨屿",
        "晨屿 云雀",
        "+晨屿 +退款",
        "+晨屿 -退款",
        "+晨屿 拿铁 退款",
        "晨屿 -好喝 | 云雀",
        "+(晨屿 | 云雀) -(退款 | 爆炸)",
        '"手机爆炸"',
        '"手机，爆炸"',
        '+云雀 -"手机，爆炸"',
        '"Morning Isle"',
        '-"Morning Isle" +morning',
        "拉肚子 NEAR/8 退款",
        "+晨屿 +拉肚子 NEAR/2 退款",
        "-拉肚子 NEAR/8 退款 +晨屿",
        "/退款[了吗]/",
        "+拿铁 -/很?好喝/",
        "🔥",
        "source:mastodon",
        "晨屿 source:weibo lang:zh",
        "晨屿 -source:weibo",
        "*",
        "* -晨屿",
        "500",
        "炸",
        "late latte",
    ],
)
async def test_the_store_is_asked_for_the_posts_that_a_query_takes(
    store: SqlitePostStore, query: str
) -> None:
    written = read_written(query)
    every = [post(number, text) for number, text in enumerate(TEXTS, 1)]
    taken = {item.id for item in every if written.takes(item)}
    request = PageRequest(query=PostQuery(condition=written.condition), written=written)
    asked = await store.search(request.query, limit=50)
    candidates = {item.post.id for item in asked.items}
    assert candidates >= taken
    assert not written.exact or candidates == taken
    found = await Posts(store).search(request)
    assert {item.post.id for item in found.items} == taken


@pytest.mark.parametrize(
    ("query", "exact"),
    [
        ("+晨屿 -退款 source:weibo", True),
        ("晨屿 | latte", True),
        ('"Morning Isle"', False),
        ("a NEAR/3 b", False),
        ("/a+b/", False),
        ("🔥", False),
        ("* /x+y/", True),
    ],
)
def test_a_query_says_whether_the_store_alone_can_answer_it(query: str, exact: bool) -> None:
    assert read_written(query).exact is exact


@pytest.mark.parametrize(
    ("query", "column"), [("(晨屿", 1), ("晨屿 +", 4), ("晨屿 wild*", 8), ("-晨屿", 1)]
)
def test_a_broken_query_is_refused_with_the_column(query: str, column: int) -> None:
    with pytest.raises(BadFilter) as caught:
        read_written(query)
    [(path, message)] = caught.value.errors
    assert path == "query"
    assert message.startswith(f"column {column}: ")


async def test_words_and_patterns_are_marked_where_they_stand_in_the_original(
    store: SqlitePostStore,
) -> None:
    written = read_written("云雀 -晨屿 | /爆.了/")
    request = PageRequest(query=PostQuery(condition=written.condition), written=written)
    found = await Posts(store).search(request)
    marked = {
        item.post.native_id: [item.post.text[start:end] for start, end in item.highlights]
        for item in found.items
    }
    assert marked == {"4": ["云雀"], "3": ["雲雀", "爆炸了"]}


async def test_pages_of_a_query_that_the_store_cannot_answer_alone_have_every_post_once(
    store: SqlitePostStore,
) -> None:
    await store.upsert([post(100 + n, "晨屿的近 门" if n % 5 else "晨屿离门近") for n in range(60)])
    written = read_written("+晨屿 +近 NEAR/1 门")
    query = PostQuery(condition=written.condition)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await Posts(store).search(
            PageRequest(query=query, written=written, limit=7, cursor=cursor)
        )
        seen += [item.post.id for item in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 60


async def test_copies_are_counted_within_the_search(store: SqlitePostStore) -> None:
    await store.upsert(
        [
            stored_post(200 + n, "抄", copy_group="g", sentiment="negative" if n else "neutral")
            for n in range(4)
        ]
    )
    posts = Posts(store)
    assert await posts.copies(PostQuery(), ("g", "none")) == {"g": 4}
    assert await posts.copies(PostQuery(sentiments=("negative",)), ("g",)) == {"g": 3}
