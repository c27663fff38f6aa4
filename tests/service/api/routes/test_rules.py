"""Rules over HTTP: listed, overlaid at a version, taken away, watched in shadow."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from service.bootstrap import Container
from service.db.changes import announce
from service.db.tables import rule_overlay, shadow_match
from tests.support.clock import SteppingClock

pytestmark = pytest.mark.asyncio(loop_scope="module")

MINE = {
    "name": {"zh": "自定", "en": "Mine"},
    "kind": "crisis",
    "scenarios": ["outage"],
    "tier": "orange",
    "when": {"fact": "negative_1h", "at_least": 30},
    "why": {"zh": "测试"},
}


async def test_shipped_rules_are_listed_in_pages(everyone: httpx.AsyncClient) -> None:
    names: list[str] = []
    cursor = ""
    while True:
        page = (await everyone.get(f"/v1/rules?limit=10{cursor}")).json()
        names += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert names == sorted(set(names))
    assert {"slow_burn", "negative_burst_red"} <= set(names)
    assert len(page["content"]) == 16


async def test_a_rule_is_overlaid_and_taken_back(everyone: httpx.AsyncClient) -> None:
    before = await everyone.get("/v1/rules/slow_burn")
    assert (before.headers["etag"], before.json()["origin"]) == ('"0"', "shipped")
    made = await everyone.put(
        "/v1/rules/slow_burn",
        json={"thresholds": {"negative_24h": 40}, "mode": "shadow"},
        headers={"If-Match": '"0"'},
    )
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    rule = made.json()
    assert (rule["state"], rule["origin"], rule["tier"]) == ("shadow", "changed", "yellow")
    assert {"fact": "negative_24h", "at_least": 40.0} in rule["when"]["all"]
    assert rule["shipped"]["mode"] == "live"
    assert rule["overlay"]["data"] == {
        "id": "slow_burn",
        "thresholds": {"negative_24h": 40.0},
        "mode": "shadow",
    }
    listed = (await everyone.get("/v1/rules?state=shadow&origin=changed")).json()
    assert [item["id"] for item in listed["items"]] == ["slow_burn"]

    late = await everyone.delete("/v1/rules/slow_burn", headers={"If-Match": '"7"'})
    assert late.status_code == 409
    gone = await everyone.delete("/v1/rules/slow_burn", headers={"If-Match": '"1"'})
    assert gone.status_code == 204
    assert (await everyone.get("/v1/rules/slow_burn")).json()["overlay"] is None
    assert (await everyone.delete("/v1/rules/slow_burn")).status_code == 404


async def test_a_rule_of_ones_own(everyone: httpx.AsyncClient) -> None:
    assert (await everyone.put("/v1/rules/my_rule", json=MINE)).status_code == 201
    assert (await everyone.put("/v1/rules/my_rule", json=MINE)).status_code == 200
    for filters, expected in (
        ("origin=added", True),
        ("origin=added&scenario=outage&tier=orange&kind=crisis", True),
        ("origin=added&scenario=unclassified", False),
        ("origin=added&tier=red", False),
    ):
        items = (await everyone.get(f"/v1/rules?{filters}")).json()["items"]
        assert ([item["id"] for item in items] == ["my_rule"]) is expected, filters
    assert (await everyone.delete("/v1/rules/my_rule")).status_code == 204
    assert (await everyone.get("/v1/rules/my_rule")).status_code == 404


async def test_mistakes_are_named_by_their_keys(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.put("/v1/rules/my_rule", json=MINE | {"tier": "purple", "colour": 1})

    assert answer.status_code == 422
    problems = {item["path"]: item["message"] for item in answer.json()["errors"]}
    assert problems == {"rules/my_rule.colour": "unknown key `colour`"}
    answer = await everyone.put("/v1/rules/slow_burn", json={"thresholds": {"posts_1h": 1}})
    assert "is no clause of the rule" in answer.json()["errors"][0]["message"]


async def test_shadow_matches_are_counted_by_day(
    everyone: httpx.AsyncClient, container: Container, clock: SteppingClock
) -> None:
    now = clock.now()
    row = {
        "rule_id": "trial",
        "monitor_id": "tea",
        "scenario": "outage",
        "ticks": 1,
        "tier": "red",
        "reasons": [{"clause": "posts_1h ≥ 5", "value": 6, "threshold": 5}],
        "content": "0" * 16,
    }
    days = [now - timedelta(days=days) for days in (40, 1, 0)]
    async with container.database.write() as connection:
        await connection.execute(
            shadow_match.insert(), [{**row, "at": at, "last_at": at} for at in days]
        )

    page = (await everyone.get("/v1/rules/trial/shadow?limit=2")).json()
    assert [item["live"] for item in page["items"]] == [None, None]
    assert page["items"][0]["reasons"] == row["reasons"]
    assert page["summary"]["matches"] == 2
    assert list(page["summary"]["by_day"].values()) == [1, 1]
    rest = (await everyone.get(f"/v1/rules/trial/shadow?limit=2&cursor={page['next']}")).json()
    assert (len(rest["items"]), rest["next"]) == (1, None)


async def test_a_rule_that_never_was_has_no_shadow(everyone: httpx.AsyncClient) -> None:
    assert (await everyone.get("/v1/rules/unknown/shadow")).status_code == 404
    empty = (await everyone.get("/v1/rules/slow_burn/shadow")).json()
    assert (empty["items"], empty["summary"]["matches"]) == ([], 0)


async def test_an_overlay_that_cannot_be_read_is_shown_with_its_version(
    everyone: httpx.AsyncClient, container: Container, clock: SteppingClock
) -> None:
    now = clock.now()
    kept = {"author": "usr_1", "created_at": now, "updated_at": now, "version": 3}
    written = {
        "slow_burn": {"enabled": False, "thresholds": {"negative_24h ≥ 71": 90}},
        "of_another_release": {"tier": "red"},
    }
    async with container.database.write() as connection:
        for name, data in written.items():
            row = {"id": name, "data": {"id": name, **data}, **kept}
            await connection.execute(rule_overlay.insert().values(**row))
            await announce(connection, at=now, kind="rule", subject_id=name)

    shown = await everyone.get("/v1/rules/slow_burn")
    assert (shown.headers["etag"], shown.json()["state"]) == ('"3"', "off")
    assert shown.json()["overlay"]["data"] == {"id": "slow_burn", **written["slow_burn"]}
    assert "is no clause of the rule" in shown.json()["problems"][0]
    off = (await everyone.get("/v1/rules?state=off&origin=added")).json()["items"]
    assert [(item["id"], item["version"], item["shipped"]) for item in off] == [
        ("of_another_release", 3, None)
    ]
    assert (await everyone.get("/v1/rules?state=off&origin=added&tier=red")).json()["items"] == []
    for name in written:
        gone = await everyone.delete(f"/v1/rules/{name}", headers={"If-Match": '"3"'})
        assert gone.status_code == 204
    assert (await everyone.get("/v1/rules/slow_burn")).json()["problems"] == []


async def test_a_viewer_reads_and_does_not_write(viewer: httpx.AsyncClient) -> None:
    assert (await viewer.get("/v1/rules")).status_code == 200
    assert (await viewer.put("/v1/rules/slow_burn", json={"tier": "red"})).status_code == 403
