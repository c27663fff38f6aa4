"""Corrections over HTTP: said, read back, refused."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.service.api.crisis import wire_post

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address(everyone: httpx.AsyncClient) -> str:
    """Of the corrections of a post that was pushed."""
    pushed = await everyone.post("/v1/posts", json=wire_post(7001))
    return f"/v1/posts/{pushed.json()['id']}/corrections"


async def test_a_correction_is_said_and_read_back(
    everyone: httpx.AsyncClient, address: str
) -> None:
    assert (await everyone.get(address)).json() == {"items": [], "next": None}
    said = {"head": "sentiment", "label": "positive", "note": "反话"}
    made = await everyone.post(address, json=said)
    assert made.status_code == 201, made.text
    (kept,) = (await everyone.get(address)).json()["items"]
    assert kept == made.json()
    assert {name: kept[name] for name in said} == said
    assert kept["machine"] in ("negative", "neutral", "positive")
    assert "lexicon" in kept["versions"]


async def test_pages_in_the_order_in_which_it_was_said(
    everyone: httpx.AsyncClient, address: str
) -> None:
    known = (await everyone.get(address)).json()["items"]
    for label in ("praise", "complaint"):
        made = await everyone.post(address, json={"head": "intent", "label": label})
        known.append(made.json())
    read: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        asked = {"limit": "1"} | ({"cursor": cursor} if cursor else {})
        answer = (await everyone.get(address, params=asked)).json()
        assert len(answer["items"]) == 1
        read += answer["items"]
        cursor = answer["next"]
    assert read == known


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"head": "mood", "label": "bad"}, "head"),
        ({"head": "intent", "label": "angry"}, "label"),
        ({"head": "intent"}, "label"),
        ({"head": "intent", "label": "praise", "odd": 1}, "odd"),
    ],
)
async def test_mistakes_are_named(
    everyone: httpx.AsyncClient, address: str, wrong: dict[str, str], path: str
) -> None:
    answer = await everyone.post(address, json=wrong)
    assert answer.status_code == 422
    assert [item["path"] for item in answer.json()["errors"]] == [path]


async def test_a_post_that_is_not_stored(everyone: httpx.AsyncClient) -> None:
    body = {"head": "intent", "label": "praise"}
    assert (await everyone.post("/v1/posts/none/corrections", json=body)).status_code == 404
