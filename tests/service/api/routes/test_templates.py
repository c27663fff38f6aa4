"""Templates over HTTP: what there is to write from."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from service.auth import Role
from service.bootstrap import Container
from tests.service.api.caller import client_as

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_every_template_is_listed_with_its_scenarios(
    viewer: httpx.AsyncClient, container: Container
) -> None:
    found = (await viewer.get("/v1/templates")).json()
    items = {item["id"]: item for item in found["items"]}
    assert items.keys() == container.library.templates.keys()
    assert found["version"] == container.library.version
    assert items["product_quality.holding"]["scenarios"] == ["product_quality"]
    assert len(items["closing"]["scenarios"]) > 1


async def test_filters_are_anded(viewer: httpx.AsyncClient) -> None:
    query = {"scenario": "product_quality", "kind": "holding", "lang": "zh"}
    found = (await viewer.get("/v1/templates", params=query)).json()["items"]
    assert [item["id"] for item in found] == ["product_quality.holding"]
    other = {"scenario": "product_quality", "lang": "en"}
    assert (await viewer.get("/v1/templates", params=other)).json()["items"] == []
    assert (await viewer.get("/v1/templates", params={"kind": "none"})).status_code == 422


async def test_variables_say_who_fills_them(viewer: httpx.AsyncClient) -> None:
    one = (await viewer.get("/v1/templates/product_quality.holding")).json()
    variables = {item["name"]: item for item in one["variables"]}
    assert variables["brand"] == {
        "name": "brand",
        "zh": "品牌或公司全称",
        "en": None,
        "required": True,
        "filled": True,
    }
    assert not variables["product"]["filled"]
    for name in variables:
        assert f"{{{{ {name} }}}}" in one["body"]


async def test_what_is_not_there(
    viewer: httpx.AsyncClient, app: FastAPI, container: Container
) -> None:
    answer = await viewer.get("/v1/templates/none")
    assert (answer.status_code, "/v1/templates" in answer.json()["detail"]) == (404, True)
    async with await client_as(app, container, Role.CLASSIFIER) as program:
        assert (await program.get("/v1/templates")).status_code == 403
        assert (await program.get("/v1/templates/closing")).status_code == 403
