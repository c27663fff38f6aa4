"""A client of Perspective gets its scores from here: only the host in its address is another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.e2e.compat_server import CompatServer, compat_server

ANALYZE = "/compat/perspective/v1alpha1/comments:analyze"


async def analyze(server: CompatServer, key: str, **changes: Any) -> httpx.Response:
    """The call as Google's own client builds it."""
    body = {
        "comment": {"text": "骂，今天又下雨"},
        "requestedAttributes": {"TOXICITY": {}, "SPAM": {"scoreThreshold": 0.5}},
        "languages": ["zh"],
        "doNotStore": True,
        **changes,
    }
    async with httpx.AsyncClient(base_url=server.base) as client:
        return await client.post(
            ANALYZE,
            params={"key": key, "alt": "json"},
            json=body,
            headers={"x-goog-api-client": "gdcl/2.100.0 gl-python/3.11"},
        )


@pytest.fixture
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[CompatServer]:
    async with compat_server(tmp_path_factory.mktemp("perspective")) as serving:
        yield serving


async def test_scores_and_refusals(server: CompatServer) -> None:
    key = await server.key("forum")
    said = await analyze(server, key)
    value = {"value": 1.0, "type": "PROBABILITY"}
    assert said.status_code == 200
    assert said.json() == {
        "attributeScores": {
            "TOXICITY": {
                "spanScores": [{"begin": 0, "end": 7, "score": value}],
                "summaryScore": value,
            }
        },
        "languages": ["zh"],
        "detectedLanguages": ["zh"],
    }

    unknown = await analyze(server, key, requestedAttributes={"SEVERE_TOXICITY": {}})
    assert unknown.status_code == 400
    assert unknown.json()["error"]["status"] == "INVALID_ARGUMENT"
    assert "ask for TOXICITY" in unknown.json()["error"]["message"]

    wrong = await analyze(server, "fsk_wrong_key")
    assert wrong.json()["error"]["details"][0]["reason"] == "API_KEY_INVALID"


async def test_span_annotations_count_utf16(server: CompatServer) -> None:
    key = await server.key("spans")
    said = await analyze(
        server,
        key,
        comment={"text": "😀你就是个傻逼", "type": "PLAIN_TEXT"},
        requestedAttributes={"PROFANITY": {}},
        spanAnnotations=True,
    )
    [span] = said.json()["attributeScores"]["PROFANITY"]["spanScores"]
    assert (span["begin"], span["end"]) == (6, 8)
