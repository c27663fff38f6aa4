"""Each role on each write: allowed exactly where the one table of permissions says so."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from service.auth import Role, allows
from service.bootstrap import Container
from tests.service.api.caller import client_as
from tests.service.api.writes import WRITES, Write

pytestmark = pytest.mark.asyncio(loop_scope="module")
_METHODS = {"post", "put", "patch", "delete"}


def address(write: Write, incident: str) -> str:
    """Of the crisis, and of other things that do not exist: who may is asked first."""
    return write.route.format(
        incident_id=incident,
        step_id="acknowledge",
        review_id="rev_none",
        author="au_none",
        post_id="none",
        monitor_id="matrix",
        brand_id="matrix",
        source_id="none",
        channel_id="none",
        delivery_id="none",
        user_id="none",
        key_id="none",
        entry_id="none",
        rule_id="none",
        backtest_id="none",
        drill_id="none",
        recurring_id="matrix",
        briefing_id="brf_none",
        schedule_id="matrix",
        complaint_id="cmp_none",
        complaint_rule_id="matrix",
        deed="answer",
        round_id="none",
        risk_id="rsk_none",
        link_kind="incident",
        target_id="none",
        currency="USD",
        day="2024-02-01",
        contact_id="matrix",
        rota_id="matrix",
        role="pr",
        tier="yellow",
        silence_id="none",
        statement_id="none",
        promise_id="none",
        name="none",
        number=999,
        kind="related",
        other_id="none",
        cause_review_id="cau_none",
        department_id="matrix",
        improvement_id="imp_none",
        handover_id="hnd_none",
    )


async def send(client: httpx.AsyncClient, write: Write, incident: str) -> httpx.Response:
    return await client.request(write.method, address(write, incident), json=write.body)


async def test_the_table_has_every_write(app: FastAPI) -> None:
    described = {
        (method.upper(), path)
        for path, operations in app.openapi()["paths"].items()
        for method in operations.keys() & _METHODS
    }
    assert {(write.method, write.route) for write in WRITES} == described


@pytest.mark.parametrize("role", Role)
async def test_a_role_may_what_the_table_says(
    app: FastAPI, container: Container, incident: str, role: Role
) -> None:
    async with await client_as(app, container, role) as client:
        for write in WRITES:
            answer = await send(client, write, incident)
            allowed = allows([role], write.action, write.resource)
            assert (answer.status_code != 403) is allowed, (write, answer.text)
            assert answer.status_code not in {401, 500}, (write, answer.text)


async def test_nobody_writes_without_a_key(stranger: httpx.AsyncClient, incident: str) -> None:
    for write in WRITES:
        assert (await send(stranger, write, incident)).status_code == 401, write


async def test_reads_take_a_key_too(stranger: httpx.AsyncClient, app: FastAPI) -> None:
    for path, operations in app.openapi()["paths"].items():
        if "get" in operations and path.startswith("/v1"):
            assert (await stranger.get(path)).status_code == 401, path


async def test_a_classifier_reads_nothing(app: FastAPI, container: Container) -> None:
    async with await client_as(app, container, Role.CLASSIFIER) as client:
        for path, operations in app.openapi()["paths"].items():
            if "get" in operations and path.startswith("/v1") and path != "/v1/me":
                answer = await client.get(path, params={"tier": "red"})
                assert answer.status_code in {403, 404}, path


@pytest.mark.parametrize("path", ["/v1/users", "/v1/users/x", "/v1/keys", "/v1/audit"])
async def test_a_viewer_does_not_see_who_may_what(viewer: httpx.AsyncClient, path: str) -> None:
    assert (await viewer.get(path)).status_code == 403
