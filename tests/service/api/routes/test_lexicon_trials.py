"""Previews, scans, imports and exports over HTTP."""

from __future__ import annotations

import httpx
import pytest

from nlp.lexicon import parse_tables
from service.bootstrap import Container
from tests.service.api.routes.test_lexicon import entry
from tests.support.clock import START, SteppingClock
from tests.support.stored_posts import stored_post

pytestmark = pytest.mark.asyncio(loop_scope="module")

IMPORT = "/v1/lexicon/import"


def tried(term: str, **given: object) -> dict[str, object]:
    return {name: value for name, value in entry(term, **given).items() if name != "reason"}


async def test_a_preview(
    everyone: httpx.AsyncClient, container: Container, clock: SteppingClock
) -> None:
    at = START
    post = stored_post(
        1, "这黑心作坊店，电话13812345678", published_at=at, fetched_at=at, stored_at=at
    )
    clock.step(minutes=1)
    await container.store.upsert([post])
    answer = await everyone.post(
        "/v1/lexicon/preview", json={"entry": tried("黑心作坊店"), "days": 7}
    )
    found = answer.json()
    assert (found["hits"], found["fresh"], found["complete"]) == (1, 1, True)
    assert sum(day["hits"] for day in found["by_day"]) == 1
    assert "13812345678" not in answer.text
    assert (found["mistakes"], found["advice"]) == ([], [])


async def test_a_preview_tells_what_saving_would_refuse(everyone: httpx.AsyncClient) -> None:
    body = {"entry": tried("你好", hits=["不在这里"]), "days": 1}
    found = (await everyone.post("/v1/lexicon/preview", json=body)).json()
    assert [item["path"] for item in found["mistakes"]] == ["hits"]
    assert found["advice"][0]["flaw"] == "common"


async def test_a_scan_tells_what_hid_and_what_excuses(viewer: httpx.AsyncClient) -> None:
    answer = (await viewer.post("/v1/lexicon/scan", json={"text": "这傻*逼"})).json()
    (hit,) = (item for item in answer["hits"] if item["suppressed_by"] is None)
    assert (hit["surface"], hit["start"], hit["end"]) == ("傻*逼", 1, 4)
    assert hit["evasion"] == "inserted"
    assert answer["version"].startswith("lexicon-")


async def test_an_import_is_tried_first(everyone: httpx.AsyncClient) -> None:
    body = {"content": "缺斤短两铺\n黑心作坊铺\n", "category": "complaint", "severity": 2}
    dry = (await everyone.post(IMPORT, json=body)).json()
    assert (len(dry["added"]), dry["saved"], dry["errors"]) == (2, None, [])
    assert {item["line"] for item in dry["advice"]} == {1, 2}
    done = (await everyone.post(IMPORT, json={**body, "confirm": True, "reason": "a list"})).json()
    assert done["saved"]["changes"] == 2
    assert (await everyone.post(IMPORT, json=body)).json()["unchanged"] == 2


async def test_every_bad_line_of_an_import(everyone: httpx.AsyncClient) -> None:
    body = {"content": "word,action\n铺,block\n某词语,shout", "category": "spam"}
    dry = (await everyone.post(IMPORT, json=body)).json()
    assert [item["line"] for item in dry["errors"]] == [2, 3]
    refused = await everyone.post(IMPORT, json={**body, "confirm": True, "reason": "r"})
    assert refused.status_code == 422
    assert [item["path"] for item in refused.json()["errors"]] == ["content:2", "content:3"]


async def test_a_large_import_is_read(everyone: httpx.AsyncClient) -> None:
    content = "# a comment\n" * 10_000
    body = {"content": content, "category": "spam", "severity": 1}
    assert (await everyone.post(IMPORT, json=body)).json()["added"] == []


async def test_an_export_is_taken_back(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.get("/v1/lexicon/export", params={"category": "abuse"})
    assert answer.headers["content-type"].startswith("text/tab-separated-values")
    entries = parse_tables([("export", answer.content)])
    assert {item.category for item in entries} == {"abuse"}
    dry = (await everyone.post(IMPORT, json={"content": answer.text})).json()
    assert (dry["added"], dry["changed"], dry["unchanged"]) == ([], [], len(entries))
