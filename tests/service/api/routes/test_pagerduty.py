"""PagerDuty's webhooks: signed, acting once, and only for what a person pressed."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest
import pytest_asyncio

from service.auth import SYSTEM
from service.bootstrap import Container
from service.ids import stable_id
from service.incidents import Action, State, repository
from service.monitors import ChannelDraft, ChannelKind
from tests.service.api.crisis import open_crisis
from tests.support.clock import SteppingClock

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "inbound-s3cret"


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def pager(container: Container) -> None:
    await container.channels.put(
        SYSTEM,
        ChannelDraft(
            id="pager", kind=ChannelKind.PAGERDUTY, name="PD", secrets=("k" * 32, SECRET, "old")
        ),
    )


@pytest_asyncio.fixture(loop_scope="module")
async def opened(container: Container, clock: SteppingClock, request) -> str:
    name = stable_id("p", request.node.name)
    return await open_crisis(container, clock, name=name)


async def state_of(container: Container, incident_id: str) -> tuple[State, str | None]:
    async with container.database.read() as connection:
        incident = await repository.get(connection, incident_id)
    return incident.state, incident.acknowledged_by


def event(incident_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": "01EVENT",
        "event_type": "incident.acknowledged",
        "agent": {"type": "user_reference", "summary": "Li Lei"},
        "data": {"incident_key": incident_id},
        **changes,
    }


async def post(
    client: httpx.AsyncClient, told: dict[str, Any], *, secret: str = SECRET, to: str = "pager"
) -> httpx.Response:
    body = json.dumps({"event": told}).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return await client.post(
        f"/hooks/pagerduty/{to}", content=body, headers={"X-PagerDuty-Signature": f"v1={signature}"}
    )


async def test_acknowledging_there_acknowledges_here(
    container: Container, stranger: httpx.AsyncClient, opened: str
) -> None:
    answer = await post(stranger, event(opened))
    assert (answer.status_code, answer.json()) == (200, {"done": "done"})
    assert await state_of(container, opened) == (State.ACKNOWLEDGED, "pagerduty:pager")


async def test_resolving_there_resolves_here_even_what_is_new(
    container: Container, stranger: httpx.AsyncClient, opened: str
) -> None:
    await post(stranger, event(opened, event_type="incident.resolved", id=f"r-{opened}"))
    assert (await state_of(container, opened))[0] is State.RESOLVED


async def test_the_same_event_again_does_nothing(
    container: Container, stranger: httpx.AsyncClient, opened: str
) -> None:
    told = event(opened, id=f"twice-{opened}", event_type="incident.resolved")
    await post(stranger, told)
    await container.desk.act(SYSTEM, opened, Action.RESPOND)
    assert (await post(stranger, told)).json() == {"done": "done before"}
    assert (await state_of(container, opened))[0] is State.RESPONDING


async def test_a_second_secret_of_a_rotation_is_good_too(
    container: Container, stranger: httpx.AsyncClient, opened: str
) -> None:
    assert (await post(stranger, event(opened, id=f"o-{opened}"), secret="old")).status_code == 200


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"agent": None}, "not by a person"),
        ({"agent": {"type": "integration_reference"}}, "not by a person"),
        ({"event_type": "incident.annotated"}, "not followed"),
        ({"data": {"incident_key": "somebody-elses"}}, "no incident of ours"),
        ({"data": None}, "no incident of ours"),
    ],
)
async def test_what_is_not_followed_is_taken_and_changes_nothing(
    container: Container,
    stranger: httpx.AsyncClient,
    incident: str,
    changes: dict[str, Any],
    said: str,
) -> None:
    answer = await post(stranger, event(incident, id=f"n-{incident}", **changes))
    assert (answer.status_code, answer.json()) == (200, {"done": said})
    assert (await state_of(container, incident))[0] is State.NEW


async def test_a_closed_incident_is_too_late(
    container: Container, stranger: httpx.AsyncClient, opened: str
) -> None:
    for action in (Action.ACKNOWLEDGE, Action.RESOLVE):
        await container.desk.act(SYSTEM, opened, action)
    await container.desk.act(SYSTEM, opened, Action.CLOSE)
    told = event(opened, id=f"c-{opened}", event_type="incident.resolved")
    assert (await post(stranger, told)).json() == {"done": "too late"}


@pytest.mark.parametrize(
    ("secret", "to"), [("wrong", "pager"), ("k" * 32, "pager"), (SECRET, "nowhere")]
)
async def test_strangers_learn_nothing(
    container: Container, stranger: httpx.AsyncClient, incident: str, secret: str, to: str
) -> None:
    answer = await post(stranger, event(incident, id=f"s-{incident}"), secret=secret, to=to)
    assert answer.status_code == 401
    assert answer.json()["detail"].startswith("no channel of that name takes what you sent")
    assert (await state_of(container, incident))[0] is State.NEW


async def test_signed_nonsense_is_refused(stranger: httpx.AsyncClient) -> None:
    signature = hmac.new(SECRET.encode(), b"nonsense", hashlib.sha256).hexdigest()
    answer = await stranger.post(
        "/hooks/pagerduty/pager",
        content=b"nonsense",
        headers={"X-PagerDuty-Signature": f"v1={signature}"},
    )
    assert answer.status_code == 422


async def test_one_event_at_once_acts_once(
    container: Container, stranger: httpx.AsyncClient, opened: str
) -> None:
    answers = await asyncio.gather(
        *(post(stranger, event(opened, id=f"thrice-{opened}")) for _ in range(3))
    )
    said = sorted(answer.json()["done"] for answer in answers)
    assert said == ["done", "done before", "done before"]


@pytest.mark.parametrize("changes", [{"event_type": []}, {"agent": {"type": []}}])
async def test_what_is_no_word_is_not_followed(
    stranger: httpx.AsyncClient, opened: str, changes: dict[str, Any]
) -> None:
    answer = await post(stranger, event(opened, id=f"odd-{opened}", **changes))
    assert answer.status_code == 200
    assert answer.json()["done"].startswith("not ")
