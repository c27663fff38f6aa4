"""Pausing, back-filling and counting a source over HTTP."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from crawlers import Outcome, PullReport
from service.bootstrap import Container
from service.coverage import repository
from service.coverage.repository import FeedHour

pytestmark = pytest.mark.asyncio(loop_scope="module")

POST = {
    "source": "weibo",
    "native_id": "runs-1",
    "published_at": "2024-02-01T00:00:00Z",
    "text": "青柚真好喝",
}


async def make(client: httpx.AsyncClient, name: str, folder: Path) -> None:
    stream = folder / "x.jsonl"
    stream.write_text(json.dumps(POST) + "\n", encoding="utf-8")
    body = {"kind": "jsonl", "name": name, "settings": {"path": str(stream)}}
    assert (await client.put(f"/v1/sources/{name}", json=body)).status_code == 201


async def test_a_source_is_paused_and_resumed(everyone: httpx.AsyncClient, tmp_path: Path) -> None:
    await make(everyone, "paused", tmp_path)
    paused = await everyone.post("/v1/sources/paused/pause")
    assert (paused.status_code, paused.json()["enabled"]) == (200, False)
    stale = await everyone.post("/v1/sources/paused/resume", headers={"If-Match": '"1"'})
    assert stale.status_code == 409
    resumed = await everyone.post(
        "/v1/sources/paused/resume", headers={"If-Match": paused.headers["etag"]}
    )
    assert (resumed.status_code, resumed.json()["enabled"]) == (200, True)


async def test_a_back_fill_is_asked_for_watched_and_stopped(
    everyone: httpx.AsyncClient, container: Container, tmp_path: Path
) -> None:
    await make(everyone, "filled", tmp_path)
    where = "/v1/sources/filled/backfill"
    assert (await everyone.get(where)).status_code == 404
    body = {"since": "2024-01-01T00:00:00Z", "until": "2024-02-15T00:00:00Z"}
    begun = await everyone.post(where, json=body)
    assert (begun.status_code, begun.json()["state"]) == (202, "running")
    assert "cursor" not in begun.json()
    assert (await everyone.post(where, json=body)).status_code == 409
    await container.source_backfill.run(container.clock.now())
    done = (await everyone.get(where)).json()
    assert (done["state"], done["posts"], done["stored"], done["share"]) == ("done", 1, 1, 1.0)
    assert (await everyone.post(f"{where}/stop")).status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"since": "yesterday"},
        {"since": "2024-02-01T00:00:00Z", "until": "2024-01-01T00:00:00Z"},
    ],
)
async def test_a_back_fill_that_cannot_be_meant_is_refused(
    everyone: httpx.AsyncClient, tmp_path: Path, body: dict[str, Any]
) -> None:
    name = f"refused-{len(body)}"
    await make(everyone, name, tmp_path)
    answer = await everyone.post(f"/v1/sources/{name}/backfill", json=body)
    assert answer.status_code == 422


async def test_statistics_count_pulls_and_posts_by_day(
    everyone: httpx.AsyncClient, container: Container, tmp_path: Path
) -> None:
    await make(everyone, "counted", tmp_path)
    now = container.clock.now()
    report = PullReport(
        source="counted",
        outcome=Outcome.OK,
        posts=3,
        rejected=(("line 2", "no text"),),
        reason=None,
        stored=True,
        next_due_at=now,
    )
    async with container.database.write() as connection:
        await repository.make_known(connection, "counted", pushed=False, now=now)
        await repository.add_hour(
            connection,
            FeedHour(
                feed_id="counted",
                hour=now.replace(minute=0, second=0, microsecond=0),
                posts=3,
                rejected=len(report.rejected),
                due=1,
                collected=1,
                outcomes={report.outcome.value: 1},
                lags={"fetched": {"b100": 3}},
            ),
        )
        await repository.add_hour(
            connection,
            FeedHour(feed_id="counted", hour=now - timedelta(days=30), posts=99),
        )
    found = (await everyone.get("/v1/sources/counted/statistics?days=2")).json()
    assert found["source"] == "counted"
    assert found["totals"]["posts"] == 3
    assert found["totals"]["rejected_share"] == 0.25
    assert found["totals"]["outcomes"] == {"ok": 1}
    assert found["totals"]["lags_s"]["fetched"]["count"] == 3
    (day,) = found["days"]
    assert day["day"] == now.astimezone(container.settings.zone).date().isoformat()
    assert found["last_ok_at"] is None


async def test_statistics_of_nothing_and_of_nobody(
    everyone: httpx.AsyncClient, tmp_path: Path
) -> None:
    await make(everyone, "fresh", tmp_path)
    found = (await everyone.get("/v1/sources/fresh/statistics")).json()
    assert (found["totals"]["posts"], found["totals"]["rejected_share"]) == (0, None)
    assert (await everyone.get("/v1/sources/none/statistics")).status_code == 404
    assert (await everyone.get("/v1/sources/fresh/statistics?days=0")).status_code == 422


async def test_a_trial_says_how_long_it_took_and_whether_more_waits(
    everyone: httpx.AsyncClient, tmp_path: Path
) -> None:
    await make(everyone, "tried", tmp_path)
    found = (await everyone.post("/v1/sources/tried/test")).json()
    assert (found["outcome"], found["refused"]) == ("ok", False)
    assert found["took_s"] >= 0
