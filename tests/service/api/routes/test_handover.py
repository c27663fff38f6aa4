"""Hand-over over HTTP: to a tracker on loopback, its signed webhook back, who may, what is told."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from service.api import mount_api
from service.auth import SYSTEM, Role
from service.bootstrap import Container, build
from service.incidents import format_instant
from service.jobs import advance
from service.monitors import MonitorDraft
from service.settings import load_settings
from tests.service.api.caller import client_as, person_as
from tests.service.api.crisis import open_crisis
from tests.support.clock import SteppingClock
from tests.support.providers.tracker import SECRET, TOKEN, Event, JiraLike, signature
from tests.support.stored_posts import stored_post
from tests.support.webhook_receiver import webhook_receiver

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def jira(clock: SteppingClock) -> JiraLike:
    return JiraLike(now=clock.now)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def container(
    tmp_path_factory: pytest.TempPathFactory, clock: SteppingClock, jira: JiraLike
) -> AsyncIterator[Container]:
    """The application with a tracker that is reached over loopback."""
    trackers = tmp_path_factory.mktemp("trackers")
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("OPS_TOKEN", TOKEN)
        environ.setenv("OPS_SECRET", SECRET)
        async with webhook_receiver(jira) as receiver:
            for name, secret in (("ops", "OPS_SECRET"), ("unset", "UNSET_SECRET")):
                token = "OPS_TOKEN" if name == "ops" else "UNSET_TOKEN"
                (trackers / f"{name}.yaml").write_text(
                    f"tracker: {name}\nshape: jira\naddress: {receiver.url('')}\n"
                    f"token_env: {token}\nsecret_env: {secret}\n",
                    encoding="utf-8",
                )
            settings = load_settings(
                {
                    "FENGSUI_DATA_DIR": str(tmp_path_factory.mktemp("handover")),
                    "FENGSUI_SECRET_KEY": "api-test-" * 6,
                    "FENGSUI_WORKER_ID": "test",
                    "FENGSUI_TRACKERS_DIR": str(trackers),
                    "FENGSUI_WEBHOOK_ALLOW_NETWORKS": "127.0.0.0/8",
                }
            )
            built = await build(
                settings, clock=clock, virtual=True, random=lambda: 0.5, deliver=True
            )
            try:
                yield built
            finally:
                await built.close()


@pytest.fixture(scope="module")
def app(container: Container) -> FastAPI:
    made = FastAPI(title="Fengsui", version="1.2.3", docs_url=None, redoc_url=None)
    mount_api(made, container)
    return made


async def run(container: Container, clock: SteppingClock, **duration: float) -> None:
    jobs = [*container.line, container.handing_over.watch]
    await advance(clock, jobs, clock.now() + timedelta(**duration))


async def accepted(
    everyone: httpx.AsyncClient,
    container: Container,
    clock: SteppingClock,
    name: str,
    **changes: Any,
) -> str:
    """The id of an improvement that somebody is to do."""
    incident = await open_crisis(container, clock, name=name)
    for deed in ("acknowledge", "resolve", "close"):
        assert (await everyone.post(f"/v1/incidents/{incident}/{deed}")).status_code == 200
    listed = await everyone.get("/v1/reviews", params={"incident": incident})
    review = listed.json()["items"][0]["id"]
    await everyone.put(f"/v1/departments/{name}", json={"name": name})
    await everyone.put(f"/v1/reviews/{review}/departments/{name}")
    body = {
        "title": "批次全检",
        "kind": "user",
        "due_at": format_instant(clock.now() + timedelta(days=10)),
        "impact": 4,
        "urgency": 3,
        "effort": 2,
        "department": name,
        **changes,
    }
    made = await everyone.post(f"/v1/reviews/{review}/improvements", json=body)
    assert made.status_code == 201, made.text
    item = str(made.json()["id"])
    moved = await everyone.post(f"/v1/improvements/{item}/state", json={"state": "accepted"})
    assert moved.status_code == 200, moved.text
    return item


async def sent(
    stranger: httpx.AsyncClient, event: Event, tracker: str = "ops", **headers: str
) -> httpx.Response:
    given: Mapping[str, str] = {**event.headers, **headers}
    return await stranger.post(f"/hooks/trackers/{tracker}", content=event.body, headers=given)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def handed(
    everyone: httpx.AsyncClient, container: Container, clock: SteppingClock
) -> Mapping[str, str]:
    """Ids of an improvement, its hand-over, and the ticket's key."""
    item = await accepted(everyone, container, clock, "oolong")
    made = await everyone.post(f"/v1/improvements/{item}/handover", json={"tracker": "ops"})
    assert made.status_code == 201, made.text
    await run(container, clock, seconds=5)
    found = (await everyone.get(f"/v1/handovers/{made.json()['id']}")).json()
    return {"item": item, "handover": found["id"], "key": found["key"]}


async def test_it_shows_where_it_stands(
    everyone: httpx.AsyncClient, handed: Mapping[str, str]
) -> None:
    found = (await everyone.get(f"/v1/handovers/{handed['handover']}")).json()
    assert (found["state"], found["standing"], found["trouble"]) == ("open", "open", None)
    assert found["subject"] == {"kind": "improvement", "id": handed["item"]}
    assert found["last_answer"].startswith("HTTP 201")
    listed = await everyone.get("/v1/handovers", params={"subject": handed["item"]})
    assert [item["id"] for item in listed.json()["items"]] == [handed["handover"]]
    params = {"troubled": "true", "state": "open", "tracker": "ops", "incident": "inc_none"}
    assert (await everyone.get("/v1/handovers", params=params)).json()["items"] == []


async def test_the_second_person_has_the_first_ones(
    everyone: httpx.AsyncClient, handed: Mapping[str, str]
) -> None:
    again = await everyone.post(
        f"/v1/improvements/{handed['item']}/handover", json={"tracker": "ops"}
    )
    assert (again.status_code, again.json()["id"]) == (200, handed["handover"])


async def test_the_trackers_without_their_secrets(everyone: httpx.AsyncClient) -> None:
    answer = await everyone.get("/v1/trackers")
    shown = {item["id"]: (item["ready"], item["webhook"]) for item in answer.json()["items"]}
    assert shown == {"ops": (True, "/hooks/trackers/ops"), "unset": (False, None)}
    assert TOKEN not in answer.text
    assert SECRET not in answer.text


async def test_a_signed_webhook_brings_it_back(
    everyone: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    jira: JiraLike,
    handed: Mapping[str, str],
) -> None:
    done = jira.press(handed["key"], "Done")
    answer = await sent(stranger, done)
    assert (answer.status_code, answer.json()) == (200, {"heard": "news"})
    item = (await everyone.get(f"/v1/improvements/{handed['item']}")).json()
    assert (item["state"], item["done_by"]) == ("done", "tracker:ops")
    found = (await everyone.get(f"/v1/handovers/{handed['handover']}")).json()
    assert (found["state"], found["word"]) == ("closed", "Done")
    assert (await sent(stranger, done)).json() == {"heard": "twice"}


@pytest.mark.parametrize(
    ("tracker", "header"),
    [("ops", signature(b"other")), ("ops", ""), ("unset", None), ("nobody", None)],
)
async def test_a_wrong_signature_is_refused_in_the_same_words(
    stranger: httpx.AsyncClient,
    jira: JiraLike,
    handed: Mapping[str, str],
    tracker: str,
    header: str | None,
) -> None:
    event = jira.edit(handed["key"])
    given = {} if header is None else {"x-hub-signature": header}
    answer = await sent(stranger, event, tracker, **given)
    assert answer.status_code == 401
    assert answer.json()["code"] == "bad_signature"
    assert answer.json()["detail"].startswith("no tracker of that name takes what you sent")


@pytest.mark.parametrize(
    ("body", "status", "heard"),
    [
        (b"{not json", 422, None),
        (b"[]", 200, "not_ours"),
        (b'{"issue":{"key":"OPS-999"}}', 200, "not_ours"),
        (b'{"issue":{"key":{"a":1}}}', 200, "not_ours"),
    ],
)
async def test_signed_nonsense_moves_nothing(
    stranger: httpx.AsyncClient, body: bytes, status: int, heard: str | None
) -> None:
    event = Event(body=body, headers={"x-hub-signature": signature(body)})
    answer = await sent(stranger, event)
    assert answer.status_code == status
    assert answer.json().get("heard") == heard


async def test_a_signed_word_without_a_state_is_kept_apart(
    stranger: httpx.AsyncClient, handed: Mapping[str, str]
) -> None:
    body = json.dumps({"issue": {"key": handed["key"], "fields": {"status": 7}}}).encode()
    event = Event(body=body, headers={"x-hub-signature": signature(body)})
    assert (await sent(stranger, event)).json() == {"heard": "unreadable"}


async def test_who_may_hand_over(
    app: FastAPI,
    everyone: httpx.AsyncClient,
    viewer: httpx.AsyncClient,
    container: Container,
    clock: SteppingClock,
) -> None:
    async with (
        await person_as(app, container, "pu", Role.VIEWER) as owner,
        await client_as(app, container, Role.RESPONDER) as responder,
    ):
        account = await container.users.find("pu")
        assert account is not None
        item = await accepted(everyone, container, clock, "puer", owner=account.id)
        path = f"/v1/improvements/{item}/handover"
        assert (await viewer.post(path, json={"tracker": "ops"})).status_code == 403
        assert (await responder.post(path, json={"tracker": "ops"})).status_code == 403
        assert (await owner.post(path, json={"tracker": "ops"})).status_code == 201


async def test_what_cannot_be_handed_over(
    everyone: httpx.AsyncClient,
    handed: Mapping[str, str],
    container: Container,
    clock: SteppingClock,
) -> None:
    path = f"/v1/improvements/{handed['item']}/handover"
    assert (await everyone.post(path, json={"tracker": "none"})).status_code == 404
    unset = await everyone.post(path, json={"tracker": "unset"})
    assert unset.status_code == 422
    assert "UNSET_TOKEN" in unset.json()["detail"]
    missing = await everyone.post("/v1/improvements/imp_0/handover", json={"tracker": "ops"})
    assert missing.status_code == 404
    again = await everyone.post(f"/v1/handovers/{handed['handover']}/again")
    assert (again.status_code, again.json()["code"]) == (409, "illegal_transition")
    assert (await everyone.get("/v1/handovers/hov_0")).status_code == 404
    await container.monitors.put(SYSTEM, MonitorDraft(id="calm", name="calm", query="无声"))
    body = {"tracker": "ops", "monitor": "calm", "until": format_instant(clock.now())}
    needs = await everyone.post("/v1/indicators/needs/handover", json=body)
    assert needs.status_code == 422
    assert "nothing to hand over" in needs.json()["detail"]
    assert (await everyone.get("/v1/handovers", params={"cursor": "x"})).status_code == 422


async def test_a_needs_report_comes_back_as_done(
    everyone: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    container: Container,
    clock: SteppingClock,
    jira: JiraLike,
) -> None:
    await container.monitors.put(SYSTEM, MonitorDraft(id="cups", name="cups", query="杯"))
    at = clock.now() - timedelta(hours=2)
    posts = [
        stored_post(
            1_000 + number,
            "希望出小杯 13812345678",
            monitors=("cups",),
            published_at=at,
            fetched_at=at,
            author=f"au_{number}",
            analysis={"intent": {"label": "suggestion"}},
        )
        for number in range(25)
    ]
    await container.store.upsert(posts)
    body = {"tracker": "ops", "monitor": "cups"}
    made = await everyone.post("/v1/indicators/needs/handover", json=body)
    assert made.status_code == 201, made.text
    clock.step(minutes=1)
    assert (await everyone.post("/v1/indicators/needs/handover", json=body)).status_code == 200
    await run(container, clock, seconds=5)
    handover = (await everyone.get(f"/v1/handovers/{made.json()['id']}")).json()
    fields = jira.tickets[handover["key"]].fields
    assert "25 人 people" in fields["description"]
    assert "13812345678" not in fields["description"]
    await sent(stranger, jira.press(handover["key"], "Done"))
    closed = (await everyone.get(f"/v1/handovers/{made.json()['id']}")).json()
    assert (closed["state"], closed["standing"]) == ("closed", "done")
