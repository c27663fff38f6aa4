"""Signing in and out, one-time passwords, cookies, taste: over plain HTTP."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from service.api.identity import SESSION_COOKIE
from service.auth import SYSTEM, BadCredentials, Role
from tests.support.console_scene import PASSWORD, ConsoleScene, open_console

SIGN_IN = "/console/sign-in"


async def sign_in(client: httpx.AsyncClient, name: str, password: str, **fields: str):
    return await client.post(SIGN_IN, data={"name": name, "password": password, **fields})


async def test_a_page_leads_who_is_not_signed_in_to_the_sign_in_page_and_back(scene: ConsoleScene):
    client = await scene.http()
    answer = await client.get("/console/incidents/inc_1?x=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{SIGN_IN}?to=%2Fconsole%2Fincidents%2Finc_1%3Fx%3D1"


async def test_the_right_password_opens_a_session_and_leads_to_the_wanted_page(
    scene: ConsoleScene,
):
    await scene.person("lin", Role.LEAD)
    client = await scene.http()
    answer = await sign_in(client, "lin", PASSWORD, to="/console/history")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/history")
    assert (await client.get("/console/history")).status_code == 200


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(scene: ConsoleScene):
    await scene.person("lin", Role.LEAD)
    answer = await sign_in(await scene.http(), "lin", PASSWORD)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" in cookie


async def test_a_plain_http_installation_sets_no_secure_cookie(tmp_path: Path):
    async with open_console(tmp_path, public_url="http://127.0.0.1:8600") as scene:
        await scene.person("lin", Role.LEAD)
        answer = await sign_in(await scene.http(), "lin", PASSWORD)
        assert "secure" not in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize("name", ["lin", "nobody"])
async def test_a_wrong_password_and_an_unknown_name_are_refused_alike(
    scene: ConsoleScene, name: str
):
    await scene.person("lin", Role.LEAD)
    client = await scene.http()
    answer = await sign_in(client, name, "wrong")
    assert answer.headers["location"] == f"{SIGN_IN}?problem=refused&to=%2Fconsole%2F"
    assert "set-cookie" not in answer.headers
    page = await client.get(answer.headers["location"])
    assert "用户名或密码不对" in page.text


async def test_after_five_wrong_passwords_the_right_one_waits(scene: ConsoleScene):
    await scene.person("lin", Role.LEAD)
    client = await scene.http()
    for _ in range(5):
        await sign_in(client, "lin", "wrong")
    assert "problem" in (await sign_in(client, "lin", PASSWORD)).headers["location"]
    scene.clock.step(minutes=2)
    assert (await sign_in(client, "lin", PASSWORD)).headers["location"] == "/console/"


async def test_a_one_time_password_is_changed_before_anything_else(scene: ConsoleScene):
    made = await scene.container.users.create(SYSTEM, name="rui", roles=[Role.RESPONDER])
    client = await scene.http()
    answer = await sign_in(client, "rui", made.password)
    assert answer.headers["location"] == "/console/password"
    queue = await client.get("/console/")
    assert (queue.status_code, queue.headers["location"]) == (303, "/console/password")
    changed = await client.post(
        "/console/password", data={"old": made.password, "new": PASSWORD, "again": PASSWORD}
    )
    assert changed.headers["location"] == "/console/"
    assert (await client.get("/console/")).status_code == 200


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"old": PASSWORD, "new": "another-horse-7", "again": "another-horse-8"}, "differs"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "weak"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "weak"),
        ({"old": "wrong", "new": "another-horse-7", "again": "another-horse-7"}, "refused"),
    ],
)
async def test_a_password_that_will_not_do_is_refused_with_its_reason(
    scene: ConsoleScene, fields: dict[str, str], problem: str
):
    client = await scene.http(await scene.person("lin", Role.LEAD))
    answer = await client.post("/console/password", data=fields)
    assert answer.headers["location"] == f"/console/password?problem={problem}"
    assert (await client.get(answer.headers["location"])).status_code == 200


async def test_changing_a_password_takes_a_session(scene: ConsoleScene):
    answer = await (await scene.http()).post("/console/password", data={})
    assert answer.headers["location"] == SIGN_IN


async def test_signing_out_ends_the_session_on_the_server(scene: ConsoleScene):
    token = await scene.person("lin", Role.LEAD)
    answer = await (await scene.http(token)).post("/console/sign-out")
    assert answer.headers["location"] == SIGN_IN
    with pytest.raises(BadCredentials):
        await scene.container.sessions.resolve(token)


@pytest.mark.parametrize("path", [SIGN_IN, "/console/password", "/console/sign-out"])
async def test_a_form_sent_by_another_site_does_nothing(scene: ConsoleScene, path: str):
    token = await scene.person("lin", Role.LEAD)
    client = await scene.http(token, **{"sec-fetch-site": "cross-site"})
    fields = {"name": "lin", "password": PASSWORD, "old": PASSWORD}
    new = {"new": "another-horse-7", "again": "another-horse-7"}
    answer = await client.post(path, data=fields | new)
    assert answer.status_code == 303
    assert (await scene.container.sessions.resolve(token)).user.name == "lin"
    assert (await scene.container.sign_in.authenticate("lin", PASSWORD)).name == "lin"


@pytest.mark.parametrize(
    "body", [b"name=lin&password=" + b"a" * 9_000, b"\xff\xfe", b"&".join([b"a=1"] * 30), b""]
)
async def test_a_form_that_is_oversized_or_garbled_is_a_refused_sign_in(
    scene: ConsoleScene, body: bytes
):
    answer = await (await scene.http()).post(SIGN_IN, content=body)
    assert answer.status_code == 303
    assert "problem=refused" in answer.headers["location"]


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/console/", "/console\\@evil.example", "/v1/users"],
)
async def test_signing_in_never_leads_out_of_the_console(scene: ConsoleScene, wanted: str):
    await scene.person("lin", Role.LEAD)
    answer = await sign_in(await scene.http(), "lin", PASSWORD, to=wanted)
    assert answer.headers["location"] == "/console/"


async def test_language_and_theme_are_remembered(scene: ConsoleScene):
    client = await scene.http(await scene.person("lin", Role.LEAD))
    answer = await client.get("/console/taste?language=en&theme=dark&to=/console/history")
    assert answer.headers["location"] == "/console/history"
    page = await client.get("/console/history")
    assert "No incident has ended yet" in page.text
    assert "const dark = True" in page.text
    assert 'lang="en-US"' in page.text


async def test_a_language_nobody_has_is_not_remembered(scene: ConsoleScene):
    answer = await (await scene.http()).get("/console/taste?language=xx&theme=pink")
    assert "set-cookie" not in answer.headers


async def test_who_is_signed_in_already_needs_no_sign_in_page(scene: ConsoleScene):
    client = await scene.http(await scene.person("lin", Role.LEAD))
    answer = await client.get(f"{SIGN_IN}?to=/console/history")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/history")


async def test_a_cookie_that_means_nothing_leads_to_the_sign_in_page(scene: ConsoleScene):
    client = await scene.http("no-such-token")
    assert client.cookies[SESSION_COOKIE] == "no-such-token"
    assert (await client.get("/console/")).headers["location"] == SIGN_IN
