"""Series over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


def body(name: str, *values: Any, unit: str | None = "单") -> dict[str, Any]:
    points = [{"at": f"2024-03-01T{n:02}:00:00Z", "value": v} for n, v in enumerate(values)]
    return {"name": name, "points": points} | ({} if unit is None else {"unit": unit})


async def test_points_are_written_and_read_by_time(everyone: httpx.AsyncClient) -> None:
    written = await everyone.post("/v1/series", json=body("orders", 1, 2, 3))
    assert written.json() == {
        "name": "orders",
        "unit": "单",
        "new": 3,
        "changed": 0,
        "unchanged": 0,
        "rejected": 0,
        "errors": [],
    }
    again = await everyone.post("/v1/series", json=body("orders", 1, 5, unit=None))
    assert (again.json()["changed"], again.json()["unchanged"]) == (1, 1)
    span = "from=2024-03-01T01:00:00Z&to=2024-03-01T03:00:00Z"
    found = (await everyone.get(f"/v1/series/orders?{span}")).json()
    assert found["items"] == [
        {"at": "2024-03-01T01:00:00.000Z", "value": 5.0},
        {"at": "2024-03-01T02:00:00.000Z", "value": 3.0},
    ]
    assert (found["unit"], found["next"]) == ("单", None)


async def test_pages_of_points(everyone: httpx.AsyncClient) -> None:
    await everyone.post("/v1/series", json=body("paged", *range(5)))
    values, cursor = [], ""
    for _ in range(3):
        page = (await everyone.get(f"/v1/series/paged?limit=2{cursor}")).json()
        values += [item["value"] for item in page["items"]]
        cursor = f"&cursor={page['next']}"
    assert values == [0, 1, 2, 3, 4]
    assert page["next"] is None
    elsewhere = await everyone.get("/v1/series/paged?limit=2&cursor=abc")
    assert elsewhere.status_code == 422


async def test_good_rows_are_stored_and_bad_ones_named(everyone: httpx.AsyncClient) -> None:
    answer = (await everyone.post("/v1/series", json=body("mixed", 1, "x", 3, None))).json()
    assert (answer["new"], answer["rejected"]) == (2, 2)
    assert [item["path"] for item in answer["errors"]] == ["points[1].value", "points[3].value"]


async def test_a_value_that_is_no_finite_number_is_named_by_its_row(
    everyone: httpx.AsyncClient,
) -> None:
    raw = '{"name": "inf", "points": [{"at": "2024-03-01T00:00:00Z", "value": 1e400}]}'
    answer = await everyone.post(
        "/v1/series", content=raw, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] in {"points[0].value", "points"}
    nan = raw.replace("1e400", "NaN")
    refused = await everyone.post(
        "/v1/series", content=nan, headers={"Content-Type": "application/json"}
    )
    assert refused.json()["code"] == "bad_json"


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        ({"name": "Bad Name", "points": [{"at": "2024-03-01T00:00:00Z", "value": 1}]}, "name"),
        ({"name": "empty", "points": []}, "points"),
        ({"name": "many", "points": [1] * 10_001}, "points"),
        ({"name": "x", "points": {}}, "points"),
    ],
)
async def test_what_cannot_be_meant(
    everyone: httpx.AsyncClient, sent: dict[str, Any], path: str
) -> None:
    answer = await everyone.post("/v1/series", json=sent)
    assert answer.status_code == 422
    assert path in [item["path"] for item in answer.json()["errors"]]


async def test_another_unit_is_a_conflict(everyone: httpx.AsyncClient) -> None:
    await everyone.post("/v1/series", json=body("revenue", 1))
    answer = await everyone.post("/v1/series", json=body("revenue", 1, unit="元"))
    assert (answer.status_code, "kept in '单'" in answer.json()["detail"]) == (409, True)


async def test_a_list_and_an_end(everyone: httpx.AsyncClient) -> None:
    await everyone.post("/v1/series", json=body("zz.last", 1, 2))
    items = (await everyone.get("/v1/series?limit=200")).json()["items"]
    assert items[-1]["name"] == "zz.last"
    assert (items[-1]["points"], items[-1]["last_at"]) == (2, "2024-03-01T01:00:00.000Z")
    assert (await everyone.delete("/v1/series/zz.last")).status_code == 204
    for name in ("zz.last", "never", "%00", "x" * 150):
        assert (await everyone.get(f"/v1/series/{name}")).status_code in {404, 422}
