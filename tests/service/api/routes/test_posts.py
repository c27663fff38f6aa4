"""Posts over HTTP."""

from __future__ import annotations

import httpx
import pytest

from tests.service.api.crisis import wire_post

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_one_post_and_its_repeat(everyone: httpx.AsyncClient) -> None:
    first = await everyone.post("/v1/posts", json=wire_post("one"))
    again = await everyone.post("/v1/posts", json=wire_post("one"))
    edited = await everyone.post("/v1/posts", json=wire_post("one", text="客服回电话了"))
    assert [answer.json()["change"] for answer in (first, again, edited)] == [
        "new",
        "unchanged",
        "edited",
    ]
    assert first.json()["id"] == edited.json()["id"]


async def test_a_post_with_mistakes_names_each(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.post("/v1/posts", json={"source": "weibo", "author": {"id": 1}})
    assert answer.status_code == 422
    paths = {item["path"] for item in answer.json()["errors"]}
    assert paths == {"native_id", "published_at", "text", "author.id"}


async def test_a_batch_stores_the_good_and_names_the_bad(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.post(
        "/v1/posts", json={"posts": [wire_post("b1"), {"source": "x"}, wire_post("b2"), 7]}
    )
    items = answer.json()["items"]
    assert [item.get("change") for item in items] == ["new", None, "new", None]
    assert items[1]["error"]["errors"][0] == {
        "path": "posts[1].native_id",
        "message": "is required",
    }
    assert items[3]["error"]["errors"][0]["path"] == "posts[3]"


async def test_twins_in_a_batch_are_one_post(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.post("/v1/posts", json={"posts": [wire_post("twin")] * 2})
    items = answer.json()["items"]
    assert items[0] == items[1]


async def test_the_news_that_a_post_is_gone(everyone: httpx.AsyncClient) -> None:
    stored = (await everyone.post("/v1/posts", json=wire_post("gone"))).json()
    key = {"source": wire_post("gone")["source"], "native_id": "gone", "deleted": True}
    first = await everyone.post("/v1/posts", json=key)
    again = await everyone.post("/v1/posts", json={"posts": [key, {**key, "native_id": "never"}]})
    assert first.json() == {"id": stored["id"], "change": "deleted"}
    assert [item["change"] for item in again.json()["items"]] == ["unchanged", "unchanged"]
    shown = (await everyone.get(f"/v1/posts/{stored['id']}")).json()
    assert shown["deleted_at"] is not None


async def test_a_batch_may_bring_a_post_and_its_end(everyone: httpx.AsyncClient) -> None:
    post = wire_post("short")
    key = {"source": post["source"], "native_id": "short", "deleted": True}
    answer = await everyone.post("/v1/posts", json={"posts": [key, post, {"deleted": True}]})
    items = answer.json()["items"]
    assert [item.get("change") for item in items] == ["deleted", "deleted", None]
    assert [error["path"] for error in items[2]["error"]["errors"]] == [
        "posts[2].source",
        "posts[2].native_id",
    ]


async def test_a_batch_of_nothing_readable_is_refused(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.post("/v1/posts", json={"posts": [{}, {}]})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "posts[0].source"


@pytest.mark.parametrize("count", [0, 1001])
async def test_batches_have_bounds(everyone: httpx.AsyncClient, count: int) -> None:
    answer = await everyone.post("/v1/posts", json={"posts": [1] * count})
    assert answer.json()["errors"][0]["path"] == "posts"


async def test_search_marks_what_it_found(everyone: httpx.AsyncClient) -> None:
    await everyone.post("/v1/posts", json=wire_post("search", text="独一无二的榴莲味牙膏"))
    [item] = (await everyone.get("/v1/posts", params={"q": "榴莲"})).json()["items"]
    start, end = item["highlights"][0]
    assert item["text"][start:end] == "榴莲"
    assert item["author"].startswith("au_")
    assert "小满" not in str(item)
    assert not {"search_tokens", "words", "copy_bands", "simhash"} & item.keys()


async def test_search_in_pages(everyone: httpx.AsyncClient) -> None:
    posts = [wire_post(f"page{n}", source="paging") for n in range(5)]
    await everyone.post("/v1/posts", json={"posts": posts})
    seen: list[str] = []
    cursor = None
    while True:
        parameters = {"source": "paging", "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await everyone.get("/v1/posts", params=parameters)).json()
        assert page["total"] == 5
        seen += [item["native_id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == [f"page{n}" for n in range(5)]


async def test_a_cursor_of_another_search_is_refused(everyone: httpx.AsyncClient) -> None:
    posts = [wire_post(f"cur{n}", source="cursors") for n in range(2)]
    await everyone.post("/v1/posts", json={"posts": posts})
    page = (await everyone.get("/v1/posts?source=cursors&limit=1")).json()
    answer = await everyone.get("/v1/posts", params={"source": "other", "cursor": page["next"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


async def test_search_refuses_every_wrong_parameter(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.get("/v1/posts?limit=0&sort=best&colour=red")
    assert answer.json()["code"] == "bad_filter"
    assert {item["path"] for item in answer.json()["errors"]} == {"limit", "sort", "colour"}


async def test_one_post_with_what_it_said_before(everyone: httpx.AsyncClient) -> None:
    made = await everyone.post("/v1/posts", json=wire_post("edited"))
    await everyone.post("/v1/posts", json=wire_post("edited", text="已解决，谢谢客服"))
    post = (await everyone.get(f"/v1/posts/{made.json()['id']}")).json()
    assert (post["text"], post["version"]) == ("已解决，谢谢客服", 2)
    assert post["versions"][0]["text"] == wire_post("edited")["text"]


async def test_an_unknown_post(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.get("/v1/posts/nope")
    assert (answer.status_code, answer.json()["code"]) == (404, "post_not_found")


async def test_posts_over_time(everyone: httpx.AsyncClient) -> None:
    await everyone.post("/v1/posts", json=wire_post("hist", source="hist"))
    answer = await everyone.get(
        "/v1/posts/histogram"
        "?source=hist&since=2024-03-01T01:00:00Z&until=2024-03-01T03:00:00Z&interval=1h"
    )
    assert [(bucket["start"], bucket["posts"]) for bucket in answer.json()["items"]] == [
        ("2024-03-01T01:00:00.000Z", 1),
        ("2024-03-01T02:00:00.000Z", 0),
    ]


async def test_posts_by_value(everyone: httpx.AsyncClient) -> None:
    await everyone.post("/v1/posts", json=wire_post("facet", source="facets"))
    facets = (await everyone.get("/v1/posts/facets?field=source,channel&source=facets")).json()
    assert facets == {
        "source": [{"value": "facets", "posts": 1}],
        "channel": [{"value": "social", "posts": 1}],
    }


async def test_who_an_author_is_takes_a_reason(everyone: httpx.AsyncClient) -> None:
    await everyone.post("/v1/posts", json=wire_post("who", source="who"))
    author = (await everyone.get("/v1/posts?source=who")).json()["items"][0]["author"]
    refused = await everyone.post(f"/v1/authors/{author}/reveal", json={"reason": " "})
    assert refused.json()["errors"][0]["path"] == "reason"
    shown = await everyone.post(f"/v1/authors/{author}/reveal", json={"reason": "legal case 7"})
    assert shown.json() == {"author": author, "source": "who", "id": "uwho", "name": "小满who"}


async def test_text_that_utf8_cannot_hold(everyone: httpx.AsyncClient) -> None:
    raw = (
        b'{"source":"s","native_id":"sur","published_at":"2024-03-01T01:50:00Z","text":"a\\ud83db"}'
    )
    made = await everyone.post(
        "/v1/posts", content=raw, headers={"Content-Type": "application/json"}
    )
    post = (await everyone.get(f"/v1/posts/{made.json()['id']}")).json()
    assert post["text"] == "a\ufffdb"


async def test_a_query_in_the_grammar_of_monitors_searches_and_exports(
    everyone: httpx.AsyncClient,
) -> None:
    for name, text in (("g1", "晨屿拿铁要退款"), ("g2", "晨屿拿铁真香")):
        await everyone.post("/v1/posts", json=wire_post(name, text=text))
    found = await everyone.get("/v1/posts", params={"query": "+拿铁 -退款"})
    assert [item["native_id"] for item in found.json()["items"]] == ["g2"]
    file = await everyone.get(
        "/v1/posts/export", params={"query": "+拿铁 -退款", "format": "jsonl"}
    )
    assert file.headers["content-type"] == "application/x-ndjson"
    assert file.headers["x-found"] == "1"
    assert len(file.text.splitlines()) == 1


async def test_a_broken_query_names_its_column(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.get("/v1/posts", params={"query": "晨屿 ("})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["path"] == "query"
    assert error["message"].startswith("column ")


async def test_an_unknown_format_of_an_export_is_refused(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.get("/v1/posts/export", params={"format": "pdf"})
    assert answer.status_code == 422
