"""Users and keys over HTTP."""

from __future__ import annotations

import httpx
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def make_user(client: httpx.AsyncClient, name: str, *roles: str) -> httpx.Response:
    answer = await client.post("/v1/users", json={"name": name, "roles": list(roles)})
    assert answer.status_code == 201, answer.text
    return answer


async def test_a_new_user_has_a_password_for_once(everyone: httpx.AsyncClient) -> None:
    made = await make_user(everyone, "min", "viewer")
    read = await everyone.get(f"/v1/users/{made.json()['id']}")
    assert len(made.json()["one_time_password"]) >= 12
    assert "one_time_password" not in read.json()
    assert read.json()["must_change_password"] is True
    assert "min" in [user["name"] for user in (await everyone.get("/v1/users")).json()["items"]]


async def test_names_are_taken_once(everyone: httpx.AsyncClient) -> None:
    await make_user(everyone, "twice", "viewer")
    again = await everyone.post("/v1/users", json={"name": "twice", "roles": ["viewer"]})
    assert again.status_code == 409


@pytest.mark.parametrize("body", [{"name": "a b", "roles": ["viewer"]}, {"name": "a", "roles": []}])
async def test_users_that_cannot_be(everyone: httpx.AsyncClient, body: dict[str, object]) -> None:
    assert (await everyone.post("/v1/users", json=body)).status_code == 422


async def test_roles_at_a_version(everyone: httpx.AsyncClient) -> None:
    made = await make_user(everyone, "rolling", "viewer")
    url = f"/v1/users/{made.json()['id']}/roles"
    tag = made.headers["etag"]
    done = await everyone.put(url, json={"roles": ["lead"]}, headers={"If-Match": tag})
    stale = await everyone.put(url, json={"roles": ["legal"]}, headers={"If-Match": tag})
    free = await everyone.put(url, json={"roles": ["expert"]})
    assert (done.json()["roles"], stale.status_code) == (["lead"], 409)
    assert free.json()["roles"] == ["expert"]


async def test_closing_an_account_and_opening_it(everyone: httpx.AsyncClient) -> None:
    user = (await make_user(everyone, "closing", "viewer")).json()["id"]
    assert (await everyone.post(f"/v1/users/{user}/disable")).json()["disabled"] is True
    assert (await everyone.post(f"/v1/users/{user}/enable")).json()["disabled"] is False
    assert (await everyone.post(f"/v1/users/{user}/reset")).json()["one_time_password"]


async def test_the_last_admin_stays(everyone: httpx.AsyncClient) -> None:
    admin = (await make_user(everyone, "chief", "admin")).json()["id"]
    assert (await everyone.post(f"/v1/users/{admin}/disable")).status_code == 409


async def test_a_key_is_shown_once_and_works(
    everyone: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    made = await everyone.post("/v1/keys", json={"name": "gate", "roles": ["classifier"]})
    key = made.json()["key"]
    listed = (await everyone.get("/v1/keys?limit=200")).json()["items"]
    assert key.split("_")[2] not in str(listed)
    headers = {"Authorization": f"Bearer {key}"}
    assert (await stranger.get("/v1/me", headers=headers)).json()["name"] == "gate"
    gone = await everyone.delete(f"/v1/keys/{made.json()['id']}")
    assert gone.json()["revoked_at"] is not None
    assert (await stranger.get("/v1/me", headers=headers)).status_code == 401


async def test_a_key_cannot_end_in_the_past(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.post(
        "/v1/keys",
        json={"name": "old", "roles": ["viewer"], "expires_at": "2001-01-01T00:00:00+08:00"},
    )
    assert answer.json()["errors"][0]["path"] == "expires_at"
