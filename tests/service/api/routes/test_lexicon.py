"""The lexicon's life over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from nlp import load_lexicon

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENTRIES = "/v1/lexicon/entries"


def entry(term: str, **given: Any) -> dict[str, Any]:
    return {
        "term": term,
        "category": "complaint",
        "severity": 3,
        "hits": [f"这家{term}，大家当心"],
        "misses": ["今天天气不错"],
        "reason": "seen twice",
        **given,
    }


async def scanned(client: httpx.AsyncClient, text: str) -> list[str]:
    answer = await client.post("/v1/lexicon/scan", json={"text": text})
    return [hit["entry_id"] for hit in answer.json()["hits"]]


async def test_an_entry_is_added_and_hits_at_once(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.post(ENTRIES, json=entry("吃人不吐骨头店", id="lex_api_one"))
    assert answer.status_code == 201, answer.text
    assert answer.headers["ETag"] == '"1"'
    assert answer.json()["saved"]["reason"] == "seen twice"
    assert await scanned(everyone, "真是吃人不吐骨头店啊") == ["lex_api_one"]


async def test_an_id_is_made_where_none_is_given(everyone: httpx.AsyncClient) -> None:
    first = await everyone.post(ENTRIES, json=entry("坑蒙拐骗店"))
    assert first.json()["id"].startswith("lex_complaint_")
    again = await everyone.post(ENTRIES, json=entry("坑蒙拐骗店"))
    assert again.status_code == 409


async def test_a_life_of_changes(everyone: httpx.AsyncClient) -> None:
    address = f"{ENTRIES}/lex_api_life"
    await everyone.post(ENTRIES, json=entry("缺大德了店", id="lex_api_life"))
    change = {"severity": 5, "context": ["any(店|家)@9"], "note": None, "reason": "worse"}
    changed = await everyone.patch(address, json=change, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["severity"]) == (200, 5)
    assert changed.json()["context"] == ["any(店|家)@9"]
    late = await everyone.patch(address, json=change, headers={"If-Match": '"1"'})
    assert late.status_code == 409
    nameless = await everyone.delete(address)
    assert (nameless.status_code, nameless.json()["errors"][0]["path"]) == (422, "reason")
    retired = await everyone.delete(address, params={"reason": "noise"})
    assert retired.json()["state"] == "retired"
    assert await scanned(everyone, "缺大德了店") == []
    back = await everyone.patch(address, json={"state": "active", "reason": "needed"})
    assert (back.json()["state"], back.json()["version"]) == ("active", 4)
    one = await everyone.get(address)
    assert [item["version"] for item in one.json()["history"]] == [4, 3, 2, 1]


async def test_what_is_wrong_is_told_by_field(everyone: httpx.AsyncClient) -> None:
    bad = entry("好店", severity=9, category="weather", scenario="rain")
    answer = await everyone.post(ENTRIES, json=bad)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert {item["path"] for item in answer.json()["errors"]} == {
        "severity",
        "category",
        "scenario",
    }


async def test_a_list_with_filters_and_pages(viewer: httpx.AsyncClient) -> None:
    params: dict[str, Any] = {"category": "abuse", "sort": "severity", "limit": 7}
    seen: list[str] = []
    while True:
        answer = (await viewer.get(ENTRIES, params=params)).json()
        seen += [item["id"] for item in answer["items"]]
        if answer["next"] is None:
            break
        params["cursor"] = answer["next"]
    wanted = [item.id for item in load_lexicon().entries if item.category == "abuse"]
    assert sorted(seen) == sorted(wanted)
    assert answer["total"] == len(wanted)


async def test_a_search_in_the_list(viewer: httpx.AsyncClient) -> None:
    found = (await viewer.get(ENTRIES, params={"q": "12315"})).json()["items"]
    assert found
    assert all("12315" in f"{item['id']}{item['term']}{item['note']}" for item in found)


@pytest.mark.parametrize("cursor", ["x", "WyJhIl0", "WyJiYjc5ZjE2NGU2ZTYwZjYyIiwxXQ"])
async def test_a_cursor_of_nowhere(viewer: httpx.AsyncClient, cursor: str) -> None:
    answer = await viewer.get(ENTRIES, params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


async def test_an_unknown_entry(viewer: httpx.AsyncClient) -> None:
    assert (await viewer.get(f"{ENTRIES}/lex_none")).status_code == 404


async def test_versions_and_a_rollback(everyone: httpx.AsyncClient) -> None:
    before = (await everyone.get("/v1/lexicon/versions")).json()
    await everyone.post(ENTRIES, json=entry("一锤子买卖店", id="lex_api_back"))
    assert await scanned(everyone, "一锤子买卖店") == ["lex_api_back"]
    done = await everyone.post(
        "/v1/lexicon/rollback", json={"version": before["serving"], "reason": "too eager"}
    )
    assert done.status_code == 201, done.text
    assert await scanned(everyone, "一锤子买卖店") == []
    after = (await everyone.get("/v1/lexicon/versions", params={"limit": 1})).json()
    assert after["items"][0]["kind"] == "rolled_back"
    assert after["serving"] == before["serving"] + 2
    assert after["lexicon"] == before["lexicon"]
    older = await everyone.get("/v1/lexicon/versions", params={"limit": 1, "cursor": after["next"]})
    assert older.json()["items"][0]["kind"] == "added"


async def test_a_rollback_to_nowhere(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.post("/v1/lexicon/rollback", json={"version": 9999, "reason": "r"})
    assert answer.status_code == 404


async def test_figures_are_those_of_what_serves(everyone: httpx.AsyncClient) -> None:
    await everyone.post(ENTRIES, json=entry("天下乌鸦店", id="lex_api_figures"))
    stats = (await everyone.get("/v1/lexicon/stats")).json()
    serving = (await everyone.get("/v1/lexicon/versions")).json()["lexicon"]
    assert stats["version"] == serving
    assert stats["active"] == sum(row["entries"] for row in stats["categories"].values())


async def test_a_viewer_reads_and_tries_and_changes_nothing(viewer: httpx.AsyncClient) -> None:
    assert (await viewer.post(ENTRIES, json=entry("别家的店"))).status_code == 403
    assert (await viewer.delete(f"{ENTRIES}/lex_abuse_001")).status_code == 403
    assert (await viewer.post("/v1/lexicon/scan", json={"text": "好"})).status_code == 200
