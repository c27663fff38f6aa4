"""The drop-in endpoints over HTTP: keys, quotas, dialects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI

from service.api.classification import Classification
from service.api.compat.openai import PATH
from service.api.compat.perspective import BASE
from service.api.identity import SESSION_COOKIE
from service.auth import Role
from service.bootstrap import Container
from service.errors import Overloaded, TooManyRequests
from tests.service.api.caller import client_as
from tests.service.api.compat.answers import Scripted, answer, label

pytestmark = pytest.mark.asyncio(loop_scope="module")
ANALYZE = f"{BASE}/comments:analyze"
COMMENT: dict[str, Any] = {
    "comment": {"text": "你真差劲"},
    "requestedAttributes": {"TOXICITY": {}},
}


@pytest.fixture
def classification(app: FastAPI) -> Iterator[Scripted]:
    before: Classification = app.state.classification
    app.state.classification = scripted = Scripted()
    scripted.will(answer())
    yield scripted
    app.state.classification = before


def key_of(client: httpx.AsyncClient) -> str:
    return str(client.headers["Authorization"].removeprefix("Bearer "))


async def test_a_moderation(viewer: httpx.AsyncClient, classification: Scripted) -> None:
    classification.will(answer(), answer("review", labels=[label("hate")], language="en"))
    said = await viewer.post(PATH, json={"input": ["你好", "x"]})
    assert said.status_code == 200
    body = said.json()
    assert body["id"].startswith("modr-")
    assert [result["flagged"] for result in body["results"]] == [False, True]
    assert said.headers["X-Fengsui-Languages"] == "zh, en"
    assert classification.asked == [
        {
            "components": ["abuse", "moderation", "lexicon", "patterns"],
            "items": [{"text": "你好"}, {"text": "x"}],
        }
    ]


async def test_ids_differ(viewer: httpx.AsyncClient, classification: Scripted) -> None:
    ids = {(await viewer.post(PATH, json={"input": "x"})).json()["id"] for _ in range(2)}
    assert len(ids) == 2


async def test_a_text_that_cannot_be_judged_is_an_error(
    viewer: httpx.AsyncClient, classification: Scripted
) -> None:
    classification.will(
        answer(), {"id": None, "error": {"code": "internal", "detail": "let a person look"}}
    )
    said = await viewer.post(PATH, json={"input": ["a", "b"]})
    assert said.status_code == 500
    assert said.json()["error"]["type"] == "server_error"


async def test_the_callers_quota(viewer: httpx.AsyncClient, classification: Scripted) -> None:
    classification.will_fail(TooManyRequests("later", retry_after=9))
    for path, body in ((PATH, {"input": "x"}), (ANALYZE, COMMENT)):
        said = await viewer.post(path, json=body)
        assert said.status_code == 429
        assert said.headers["Retry-After"] == "9"
    assert len(set(classification.principals)) == 1


async def test_overload(viewer: httpx.AsyncClient, classification: Scripted) -> None:
    classification.will_fail(Overloaded("full", retry_after=2))
    moderated = await viewer.post(PATH, json={"input": "x"})
    analyzed = await viewer.post(ANALYZE, json=COMMENT)
    assert (moderated.status_code, analyzed.status_code) == (503, 503)
    assert moderated.json()["error"]["code"] == "overloaded"
    assert analyzed.json()["error"]["status"] == "UNAVAILABLE"


async def test_what_nobody_foresaw_stays_in_the_dialect(
    viewer: httpx.AsyncClient, classification: Scripted
) -> None:
    classification.will_fail(RuntimeError("/etc/secret"))
    moderated = await viewer.post(PATH, json={"input": "x"})
    analyzed = await viewer.post(ANALYZE, json=COMMENT)
    assert moderated.json()["error"]["type"] == "server_error"
    assert analyzed.json()["error"]["status"] == "INTERNAL"
    assert "secret" not in moderated.text + analyzed.text


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"[" * 100 + b"]" * 100])
async def test_bodies_that_are_no_request(viewer: httpx.AsyncClient, content: bytes) -> None:
    moderated = await viewer.post(PATH, content=content)
    analyzed = await viewer.post(ANALYZE, content=content)
    assert (moderated.status_code, analyzed.status_code) == (400, 400)
    assert moderated.json()["error"]["type"] == "invalid_request_error"
    assert analyzed.json()["error"]["status"] == "INVALID_ARGUMENT"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer fsk_wrong_key"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic eDp5"},
        {"Cookie": f"{SESSION_COOKIE}=anything"},
    ],
)
async def test_moderation_without_a_key(
    stranger: httpx.AsyncClient, headers: dict[str, str], classification: Scripted
) -> None:
    said = await stranger.post(PATH, json={"input": "x"}, headers=headers)
    assert said.status_code == 401
    assert said.json()["error"]["code"] == "invalid_api_key"
    assert classification.asked == []


async def test_a_google_style_call(
    stranger: httpx.AsyncClient, viewer: httpx.AsyncClient, classification: Scripted
) -> None:
    """As google-api-python-client sends it: the key in the address, alt=json, an agent's header."""
    classification.will(answer("review", abuse={"score": 0.9}))
    said = await stranger.post(
        f"{ANALYZE}?key={key_of(viewer)}&alt=json",
        json=COMMENT,
        headers={"x-goog-api-client": "gdcl/2.100.0", "accept": "application/json"},
    )
    assert said.status_code == 200
    scores = said.json()["attributeScores"]
    assert scores["TOXICITY"]["summaryScore"] == {"value": 0.9, "type": "PROBABILITY"}


async def test_other_ways_to_send_the_key(
    stranger: httpx.AsyncClient, viewer: httpx.AsyncClient, classification: Scripted
) -> None:
    del classification
    for headers in (
        {"X-Goog-Api-Key": key_of(viewer)},
        {"Authorization": f"Bearer {key_of(viewer)}"},
    ):
        said = await stranger.post(ANALYZE, json=COMMENT, headers=headers)
        assert said.status_code == 200, said.text
    escaped = await viewer.post(f"{BASE}/comments%3Aanalyze", json=COMMENT)
    assert escaped.status_code == 200


@pytest.mark.parametrize(
    ("query", "headers", "code", "status"),
    [
        ("", {}, 403, "PERMISSION_DENIED"),
        ("?key=", {}, 403, "PERMISSION_DENIED"),
        ("?key=fsk_wrong_key", {}, 400, "INVALID_ARGUMENT"),
        ("", {"X-Goog-Api-Key": "wrong"}, 400, "INVALID_ARGUMENT"),
        ("", {"Authorization": "Bearer wrong"}, 401, "UNAUTHENTICATED"),
    ],
)
async def test_analyze_without_a_key(
    stranger: httpx.AsyncClient,
    classification: Scripted,
    query: str,
    headers: dict[str, str],
    code: int,
    status: str,
) -> None:
    said = await stranger.post(ANALYZE + query, json=COMMENT, headers=headers)
    assert said.status_code == code
    assert said.json()["error"]["status"] == status
    assert classification.asked == []


async def test_a_classifier_may(
    app: FastAPI, container: Container, classification: Scripted
) -> None:
    del classification
    async with await client_as(app, container, Role.CLASSIFIER) as caller:
        assert (await caller.post(PATH, json={"input": "x"})).status_code == 200


async def test_only_json_is_answered(viewer: httpx.AsyncClient, classification: Scripted) -> None:
    said = await viewer.post(f"{ANALYZE}?alt=proto", json=COMMENT)
    assert said.status_code == 400
    assert classification.asked == []


async def test_suggested_scores_are_not_taken(viewer: httpx.AsyncClient) -> None:
    said = await viewer.post(f"{BASE}/comments:suggestscore", json=COMMENT)
    assert said.status_code == 501
    assert said.json()["error"]["status"] == "UNIMPLEMENTED"


async def test_the_key_in_the_address_reaches_no_log(
    stranger: httpx.AsyncClient, viewer: httpx.AsyncClient, classification: Scripted
) -> None:
    key = key_of(viewer)
    classification.will_fail(RuntimeError("broken"))
    with structlog.testing.capture_logs() as lines:
        await stranger.post(f"{ANALYZE}?key={key}", json=COMMENT)
        await stranger.post(f"{ANALYZE}?key=fsk_wrong_secret", json=COMMENT)
    answered = [line for line in lines if line["event"] == "http.answered"]
    assert [line["status"] for line in answered] == [500, 400]
    assert answered[0]["route"] == ANALYZE
    assert answered[0]["principal"]
    assert key not in str(lines)
    assert "fsk_wrong" not in str(lines)
