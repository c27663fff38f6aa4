"""Imports over HTTP: a look, a run, its progress."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from service.bootstrap import Container
from service.ingest.imports import ImportJob
from service.jobs import advance
from tests.crawlers.tabular.tables import workbook
from tests.support.clock import SteppingClock

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEAD = "微博id,发布时间,正文,昵称,备注\n"
ROWS = HEAD + "i1,2024-02-01 08:00,打 13812345678 找我退款,小满,x\ni2,昨天,好,小美,y\n"
CSV = {"Content-Type": "text/csv"}


async def sent(
    client: httpx.AsyncClient, path: str, content: bytes | str, **query: Any
) -> httpx.Response:
    params = {"file": "posts.csv", "source": "weibo", **query}
    return await client.post(f"/v1/imports{path}", content=content, params=params, headers=CSV)


async def work(container: Container, clock: SteppingClock) -> None:
    [job] = [job for job in container.upkeep if isinstance(job, ImportJob)]
    await advance(clock, [job], clock.now() + timedelta(seconds=1))


async def test_a_look(everyone: httpx.AsyncClient) -> None:
    seen = (await sent(everyone, "/preview", ROWS)).json()
    assert seen["mapping"] == {
        "native_id": "微博id",
        "published_at": "发布时间",
        "text": "正文",
        "author.name": "昵称",
    }
    assert (seen["format"], seen["missing"], seen["unused"]) == ("csv", [], ["备注"])
    good, bad = seen["rows"]
    assert good["post"]["native_id"] == "i1"
    assert "13812345678" not in good["post"]["text"]
    assert bad["errors"][0]["place"] == "posts.csv:3:2"


async def test_a_look_at_a_file_that_lacks_something(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.post("/v1/imports/preview", content=ROWS, headers=CSV)
    assert answer.json()["missing"] == ["source"]
    assert answer.json()["rows"] == []


async def test_a_run_and_its_progress(
    everyone: httpx.AsyncClient, container: Container, clock: SteppingClock
) -> None:
    begun = await sent(everyone, "", ROWS)
    assert begun.status_code == 202
    run = begun.json()
    assert (run["state"], run["posts"], run["rejected"]) == ("running", 1, 1)
    assert run["problems"][0]["place"] == "posts.csv:3:2"
    await work(container, clock)
    ended = (await everyone.get(begun.headers["location"])).json()
    assert (ended["state"], ended["done"], ended["changes"]) == ("done", 1, {"new": 1})
    found = (await everyone.get("/v1/posts?source=weibo&q=退款")).json()["items"]
    assert [item["via"] for item in found] == ["import"]
    assert found[0]["author"].startswith("au_")


async def test_a_key_imports_a_file_once(everyone: httpx.AsyncClient) -> None:
    headers = {**CSV, "Idempotency-Key": "import-1"}
    answers = [
        await everyone.post("/v1/imports?source=weibo&file=a.csv", content=ROWS, headers=headers)
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotency-replayed"] == "true"
    other = await everyone.post("/v1/imports?source=zhihu", content=ROWS, headers=headers)
    assert other.json()["code"] == "idempotency_mismatch"


async def test_a_workbook_whatever_it_is_called(everyone: httpx.AsyncClient) -> None:
    data = workbook([("日期", "内容"), ("2024-02-01", "好")], names=("数据",))
    seen = (await sent(everyone, "/preview", data, sheet="数据")).json()
    assert (seen["format"], seen["sheets"], len(seen["rows"])) == ("xlsx", ["数据"], 1)


async def test_runs_are_listed_in_pages(everyone: httpx.AsyncClient) -> None:
    for number in range(3):
        await sent(everyone, "", HEAD + f"l{number},2024-02-01,好,a,b\n")
    first = (await everyone.get("/v1/imports?limit=2")).json()
    second = (await everyone.get(f"/v1/imports?limit=200&cursor={first['next']}")).json()
    ids = [item["id"] for item in first["items"] + second["items"]]
    assert len(set(ids)) == len(ids) >= 3
    assert second["next"] is None
    assert (await everyone.get("/v1/imports?cursor=abc")).status_code == 422


@pytest.mark.parametrize(
    ("content", "query", "path"),
    [
        (b"", {}, "file"),
        (b"\xd0\xcf\x11\xe0", {}, "file"),
        (b"PK\x03\x04" + b"x" * 50, {}, "file"),
        (b"\x00" * 5_000, {}, "file"),
        (ROWS.encode(), {"map": "text=nope"}, "text"),
        (ROWS.encode(), {"map": "nope=正文"}, "nope"),
        (ROWS.encode(), {"timezone": "Mars"}, "timezone"),
        (ROWS.encode(), {"channel": "pigeon"}, "channel"),
        (ROWS.encode(), {"sheet": "S"}, "file"),
        (b"a,b\n1,2\n", {}, "published_at"),
    ],
)
async def test_a_file_that_cannot_be_meant(
    everyone: httpx.AsyncClient, content: bytes, query: dict[str, str], path: str
) -> None:
    answer = await sent(everyone, "", content, **query)
    assert answer.status_code == 422
    assert path in [item["path"] for item in answer.json()["errors"]]


async def test_a_packed_body_is_refused(everyone: httpx.AsyncClient) -> None:
    headers = {**CSV, "Content-Encoding": "gzip"}
    answer = await everyone.post("/v1/imports", content=b"x", headers=headers)
    assert answer.status_code == 415


async def test_a_body_too_large_is_refused(everyone: httpx.AsyncClient) -> None:
    assert (await sent(everyone, "", b"x" * 1_000_001)).status_code == 413


async def test_an_import_that_is_not_there(everyone: httpx.AsyncClient) -> None:
    assert (await everyone.get("/v1/imports/imp_none")).status_code == 404
