"""Playbooks and the lexicon over HTTP."""

from __future__ import annotations

import httpx
import pytest

from nlp import load_lexicon

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_every_playbook(viewer: httpx.AsyncClient) -> None:
    answer = (await viewer.get("/v1/playbooks")).json()
    assert {"product_quality", "unclassified"} <= {item["id"] for item in answer["items"]}


async def test_one_playbook(viewer: httpx.AsyncClient) -> None:
    book = (await viewer.get("/v1/playbooks/product_quality")).json()
    assert book["tiers"] == ["yellow", "orange", "red"]
    assert "acknowledge" in [step["id"] for step in book["steps"]]


async def test_a_plan_from_a_given_instant(viewer: httpx.AsyncClient) -> None:
    answer = await viewer.get(
        "/v1/playbooks/product_quality/plan?tier=red&opened_at=2024-03-01T10:00:00%2B08:00"
    )
    steps = {step["id"]: step for step in answer.json()["items"]}
    assert steps["acknowledge"]["due_at"] == "2024-03-01T02:05:00.000Z"
    assert steps["acknowledge"]["offset_s"] == 300


async def test_a_plan_from_now(viewer: httpx.AsyncClient) -> None:
    answer = await viewer.get("/v1/playbooks/unclassified/plan?tier=yellow")
    assert answer.json()["items"][0]["title"]["zh"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("product_quality/plan?tier=purple", 422),
        ("product_quality/plan", 422),
        ("product_quality/plan?tier=red&opened_at=9999-12-31T23:59:59Z", 422),
        ("nothing/plan?tier=red", 404),
        ("nothing", 404),
    ],
)
async def test_plans_that_cannot_be(viewer: httpx.AsyncClient, path: str, status: int) -> None:
    assert (await viewer.get(f"/v1/playbooks/{path}")).status_code == status


async def test_the_lexicon_in_figures(viewer: httpx.AsyncClient) -> None:
    assert (await viewer.get("/v1/lexicon/stats")).json() == load_lexicon().stats()
