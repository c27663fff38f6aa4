"""Errors leave as problem+json, and take nothing of our inside along."""

from __future__ import annotations

import httpx
import orjson
import pytest
from fastapi import FastAPI
from starlette.exceptions import HTTPException

from service.api import problems
from service.api.problems import path_of, problem, problem_of
from service.auth import Undecipherable
from service.errors import InvalidInput, Overloaded, Unauthenticated
from tests.service.api.caller import client_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_unknown_address(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.get("/v1/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:fengsui:problem:not_found"


async def test_wrong_method(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.patch("/v1/posts", json={})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, POST"


async def test_a_refused_body_keeps_its_reason() -> None:
    app = FastAPI()
    problems.install(app)

    @app.get("/teapot")
    async def teapot() -> None:
        raise HTTPException(418, "short and stout")

    @app.get("/caused")
    async def caused() -> None:
        raise HTTPException(400) from Overloaded("busy", retry_after=3)

    @app.get("/unread")
    async def unread() -> None:
        raise HTTPException(400)

    async with client_of(app) as client:
        answers = [await client.get(path) for path in ("/teapot", "/caused", "/unread")]
    assert [answer.json()["code"] for answer in answers] == ["http_error", "overloaded", "bad_json"]


async def test_validation_names_every_mistake(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.put(
        "/v1/brands/b1", json={"name": 3, "kind": "foe", "aliases": ["a", 1], "colour": "red"}
    )
    assert answer.status_code == 422
    assert {item["path"] for item in answer.json()["errors"]} == {
        "name",
        "kind",
        "aliases[1]",
        "colour",
    }


async def test_validation_never_repeats_what_was_sent(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.put("/v1/brands/b1", json={"name": {"deep": "hunter2"}})
    assert "hunter2" not in answer.text


async def test_faults_of_our_own_tell_nothing() -> None:
    answer = problem_of(Undecipherable("key /var/lib/keys.json is gone"))
    assert (answer.status_code, b"keys.json" in answer.body) == (500, False)


async def test_errors_of_the_service_name_their_places() -> None:
    app = FastAPI()
    problems.install(app)

    @app.get("/broken")
    async def broken() -> None:
        raise InvalidInput("no", errors=[("a[0].b", "wrong")])

    async with client_of(app) as client:
        answer = await client.get("/broken")
    assert answer.json()["errors"] == [{"path": "a[0].b", "message": "wrong"}]


async def test_overload_says_when_to_come_back() -> None:
    assert problem_of(Overloaded("busy", retry_after=7)).headers["retry-after"] == "7"


async def test_unauthenticated_is_challenged() -> None:
    assert problem_of(Unauthenticated("who?")).headers["www-authenticate"].startswith("Bearer")


async def test_a_flood_of_errors_is_cut() -> None:
    answer = problem(422, "invalid_input", "x", errors=[("a", "b")] * 500)
    assert len(orjson.loads(answer.body)["errors"]) == problems.MOST_ERRORS


@pytest.mark.parametrize(
    ("location", "path"),
    [
        (("body", "posts", 3, "text"), "posts[3].text"),
        (("query", "limit"), "limit"),
        (("body",), ""),
        (("body", 0), "[0]"),
    ],
)
async def test_paths(location: tuple[int | str, ...], path: str) -> None:
    assert path_of(location) == path
