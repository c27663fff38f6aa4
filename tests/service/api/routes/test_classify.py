"""Classify over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def classify(client: httpx.AsyncClient, body: Any) -> Any:
    answer = await client.post("/v1/classify", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_one_text(viewer: httpx.AsyncClient) -> None:
    answer = await classify(viewer, {"id": "7", "text": "今天天气不错"})
    assert answer["id"] == "7"
    assert answer.keys() >= {
        "suggestion",
        "held",
        "risk_level",
        "labels",
        "sentiment",
        "scenario",
        "hits",
        "degraded",
        "versions",
        "language",
    }


async def test_a_batch_in_order_with_its_failures(viewer: httpx.AsyncClient) -> None:
    body = {"items": [{"id": "a", "text": "好"}, {"id": "b"}, 5, {"id": "d", "text": "坏"}]}
    items = (await classify(viewer, body))["items"]
    assert [item["id"] for item in items] == ["a", "b", None, "d"]
    assert [item.get("error", {}).get("code") for item in items] == [
        None,
        "invalid_input",
        "invalid_input",
        None,
    ]


async def test_what_holds_for_a_batch_holds_for_its_items(viewer: httpx.AsyncClient) -> None:
    body = {"components": ["lexicon"], "items": [{"text": "好"}]}
    [item] = (await classify(viewer, body))["items"]
    assert item["sentiment"] is None
    assert item["hits"] == []


async def test_offsets_count_what_was_asked_for(viewer: httpx.AsyncClient) -> None:
    text = "😀😀孩子食物中毒"
    points = (await classify(viewer, {"text": text}))["hits"]
    units = (await classify(viewer, {"text": text, "offsets": "utf16"}))["hits"]
    [start] = [hit["start"] for hit in points if hit["term"] == "食物中毒"]
    [utf16] = [hit["start"] for hit in units if hit["term"] == "食物中毒"]
    assert text[start : start + 4] == "食物中毒"
    assert utf16 == start + 2


async def test_half_a_surrogate_pair_is_answered(viewer: httpx.AsyncClient) -> None:
    answer = await viewer.post(
        "/v1/classify",
        content='{"id": "\\ud83d", "text": "\\ud83d食物中毒"}'.encode(),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 200
    assert answer.json()["hits"][0]["start"] == 1


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "text"),
        ({"text": 5}, "text"),
        ({"text": "x" * 100_001}, "text"),
        ({"text": "x", "kind": "poem"}, "kind"),
        ({"text": "x", "colour": "red"}, ""),
        ({"items": []}, "items"),
        ({"items": [{"text": "x"}] * 101}, "items"),
        ({"items": {}}, "items"),
        ({"items": [], "colour": 1}, "colour"),
        ([], ""),
    ],
)
async def test_refusals_name_the_place(viewer: httpx.AsyncClient, body: Any, path: str) -> None:
    answer = await viewer.post("/v1/classify", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == path


async def test_a_giant_item_fails_alone(viewer: httpx.AsyncClient) -> None:
    body = {"items": [{"id": "big", "text": "x" * 100_001}, {"id": "ok", "text": "x"}]}
    items = (await classify(viewer, body))["items"]
    assert "error" in items[0]
    assert items[1]["suggestion"] in {"pass", "review", "block"}
