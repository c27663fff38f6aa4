"""The short way to the classify endpoint: the same answers, and nothing for who has gone."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from nlp import Analysis
from service.api.classification import Classification
from service.api.lane import ClassifyLane
from service.api.quota import Quota
from service.auth import SYSTEM
from service.metrics import http_requests
from tests.support.clock import SteppingClock

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Endless:
    """Never comes to an end, and knows when it was given up."""

    def __init__(self) -> None:
        self.given_up = False

    async def analyze(self, texts: Sequence[str], *, patient: bool = False) -> list[Analysis]:
        del texts, patient
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.given_up = True
            raise
        return []

    async def analyze_words(
        self, texts: Sequence[str], *, components: Collection[str]
    ) -> list[Analysis]:
        del components
        return await self.analyze(texts)

    async def aclose(self) -> None: ...


async def nobody(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise AssertionError("the router was asked")


async def test_a_text_whose_caller_has_gone_is_dropped() -> None:
    reader = Endless()
    app = FastAPI()
    app.state.classification = Classification(
        reader, quota=Quota(0, monotonic=SteppingClock().monotonic)
    )
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        messages.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/v1/classify",
        "headers": [],
        "app": app,
        "state": {"principal": SYSTEM, "json": {"text": "好"}},
    }
    await ClassifyLane(nobody)(scope, receive, send)
    await asyncio.sleep(0)
    assert messages[0]["status"] == 499
    assert reader.given_up


async def test_requests_are_counted_under_their_route(viewer: httpx.AsyncClient) -> None:
    labels = {"method": "POST", "route": "/v1/classify"}
    good = http_requests.labels(**labels, status="200")._value
    bad = http_requests.labels(**labels, status="422")._value
    before = (good.get(), bad.get())
    assert (await viewer.post("/v1/classify", json={"text": "好"})).status_code == 200
    assert (await viewer.post("/v1/classify", json={"text": 5})).status_code == 422
    assert (good.get(), bad.get()) == (before[0] + 1, before[1] + 1)


async def test_a_request_without_a_body_is_told_so(viewer: httpx.AsyncClient) -> None:
    answer = await viewer.post("/v1/classify")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_json")


async def test_other_methods_are_refused_as_everywhere(viewer: httpx.AsyncClient) -> None:
    answer = await viewer.get("/v1/classify")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
