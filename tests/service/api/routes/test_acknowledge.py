"""Acknowledge links: GET shows, POST acts once; used, ended and unknown ones say so."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
import pytest_asyncio

from service.auth import SYSTEM, Role
from service.bootstrap import Container
from service.delivery.channels.links import LIFE, Link
from service.ids import stable_id
from service.incidents import Action, Incident, State, repository
from tests.service.api.crisis import open_crisis
from tests.support.clock import SteppingClock
from tests.support.incident_scene import LEAD

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def opened(container: Container, clock: SteppingClock, request) -> str:
    """A crisis of this test's own."""
    name = stable_id("m", request.node.name)
    return await open_crisis(container, clock, name=name)


async def incident_of(container: Container, incident_id: str) -> Incident:
    async with container.database.read() as connection:
        return await repository.get(connection, incident_id)


def path_of(container: Container, incident_id: str, **changes: object) -> str:
    link = Link(
        incident_id=incident_id,
        channel_id="recording",
        message_id="msg_1",
        person=None,
        ends_at=container.clock.now() + LIFE,
    )
    address = container.links.address(replace(link, **changes))
    return address.removeprefix(container.settings.public_url)


async def test_a_preview_changes_nothing(
    container: Container, stranger: httpx.AsyncClient, incident: str
) -> None:
    path = path_of(container, incident)
    for _ in range(3):
        shown = await stranger.get(path)
        assert shown.status_code == 200
    assert '<form method="post"><button>确认接警' in shown.text
    assert (await incident_of(container, incident)).title in shown.text
    assert (await incident_of(container, incident)).state is State.NEW


async def test_the_page_runs_nothing_and_is_kept_nowhere(
    container: Container, stranger: httpx.AsyncClient, incident: str
) -> None:
    shown = await stranger.get(path_of(container, incident))
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert "form-action 'self'" in shown.headers["content-security-policy"]
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert "<script" not in shown.text


async def test_pressing_acknowledges_once(
    container: Container, stranger: httpx.AsyncClient, opened: str
) -> None:
    path = path_of(container, opened)
    done = await stranger.post(path)
    assert (done.status_code, "由你接手处理" in done.text) == (200, True)
    incident = await incident_of(container, opened)
    assert (incident.state, incident.acknowledged_by) == (State.ACKNOWLEDGED, "link:recording")
    again = await stranger.post(path)
    assert (again.status_code, "已经用过" in again.text) == (410, True)
    assert (await incident_of(container, opened)).version == incident.version
    assert (await stranger.get(path)).status_code == 410


async def test_who_comes_later_reads_that_it_is_taken(
    container: Container, stranger: httpx.AsyncClient, opened: str
) -> None:
    path = path_of(container, opened, message_id="msg_2")
    await container.desk.act(SYSTEM, opened, Action.ACKNOWLEDGE)
    late = await stranger.post(path)
    assert (late.status_code, "已有人处理" in late.text) == (409, True)
    assert (await incident_of(container, opened)).acknowledged_by == "system"


async def test_a_page_sent_after_the_acknowledgement_asks_anew(
    container: Container, clock: SteppingClock, stranger: httpx.AsyncClient, opened: str
) -> None:
    await container.desk.act(SYSTEM, opened, Action.ACKNOWLEDGE)
    clock.step(seconds=60)
    path = path_of(container, opened)
    assert "<button>" in (await stranger.get(path)).text
    assert (await stranger.post(path)).status_code == 200
    assert (await stranger.post(path)).status_code == 410


async def test_what_is_worked_on_is_taken_by_saying_so(
    container: Container, clock: SteppingClock, stranger: httpx.AsyncClient, opened: str
) -> None:
    for action in (Action.ACKNOWLEDGE, Action.RESPOND):
        await container.desk.act(SYSTEM, opened, action)
    clock.step(seconds=60)
    done = await stranger.post(path_of(container, opened))
    assert done.status_code == 200
    assert (await incident_of(container, opened)).state is State.RESPONDING
    timeline = (await container.desk.file(SYSTEM, opened)).timeline
    by_link = [(entry.kind, entry.data) for entry in timeline if entry.actor == "link:recording"]
    assert [(kind, data["state"]) for kind, data in by_link] == [("acknowledge", "responding")]


async def test_what_somebody_has_is_taken_by_a_comment(
    container: Container, clock: SteppingClock, stranger: httpx.AsyncClient, opened: str
) -> None:
    for action in (Action.ACKNOWLEDGE, Action.RESPOND):
        await container.desk.act(LEAD, opened, action)
    clock.step(seconds=60)
    assert (await stranger.post(path_of(container, opened))).status_code == 200
    timeline = (await container.desk.file(SYSTEM, opened)).timeline
    assert [entry.kind for entry in timeline if entry.actor == "link:recording"] == ["comment"]


async def test_who_was_paged_by_name_is_who_acknowledged(
    container: Container, stranger: httpx.AsyncClient, opened: str
) -> None:
    made = await container.users.create(SYSTEM, name="han.meimei", roles=[Role.RESPONDER])
    await stranger.post(path_of(container, opened, person=made.user.id))
    assert (await incident_of(container, opened)).acknowledged_by == made.user.id


@pytest.mark.parametrize("case", ["viewer", "closed", "gone"])
async def test_an_account_that_may_not_does_not(
    container: Container, stranger: httpx.AsyncClient, incident: str, case: str
) -> None:
    role = Role.VIEWER if case == "viewer" else Role.RESPONDER
    made = await container.users.create(SYSTEM, name=f"person.{case}", roles=[role])
    if case == "closed":
        await container.users.set_disabled(SYSTEM, made.user.id, disabled=True)
    person = "usr_nobody" if case == "gone" else made.user.id
    refused = await stranger.post(path_of(container, incident, person=person))
    assert refused.status_code == 403
    assert (await incident_of(container, incident)).state is State.NEW


async def test_it_ends(
    container: Container, clock: SteppingClock, stranger: httpx.AsyncClient, incident: str
) -> None:
    path = path_of(container, incident)
    clock.step(seconds=LIFE.total_seconds() + 1)
    for ended in (await stranger.get(path), await stranger.post(path)):
        assert (ended.status_code, "已过期" in ended.text) == (410, True)
    assert (await incident_of(container, incident)).state is State.NEW


@pytest.mark.parametrize("token", ["x", "AAAA.BBBB", "%E2%80%AE", "a" * 500])
async def test_what_is_none_of_ours_says_so(stranger: httpx.AsyncClient, token: str) -> None:
    for answer in (await stranger.get(f"/a/{token}"), await stranger.post(f"/a/{token}")):
        assert (answer.status_code, "无效" in answer.text) == (404, True)


async def test_an_incident_that_is_none_says_so(
    container: Container, stranger: httpx.AsyncClient
) -> None:
    assert (await stranger.post(path_of(container, "inc_none"))).status_code == 404


async def test_the_page_speaks_the_channels_language(
    container: Container, everyone: httpx.AsyncClient, stranger: httpx.AsyncClient, incident: str
) -> None:
    body = {"kind": "recording", "name": "e", "settings": {"language": "en"}, "drill": True}
    assert (await everyone.put("/v1/channels/english", json=body)).status_code < 300
    shown = await stranger.get(path_of(container, incident, channel_id="english"))
    assert "<button>Acknowledge" in shown.text


async def test_a_title_is_letters_only(
    container: Container, clock: SteppingClock, stranger: httpx.AsyncClient, incident: str
) -> None:
    found = await incident_of(container, incident)
    async with container.database.write() as connection:
        await repository.change(
            connection, found, now=clock.now() + timedelta(0), title="<img src=x>\u202e\"'"
        )
    shown = await stranger.get(path_of(container, incident))
    assert "<img" not in shown.text
    assert "\u202e" not in shown.text
    assert "&lt;img src=x&gt;" in shown.text


async def test_pressed_at_once_it_acts_once(
    container: Container, clock: SteppingClock, stranger: httpx.AsyncClient, opened: str
) -> None:
    path = path_of(container, opened)
    answers = await asyncio.gather(*(stranger.post(path) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers)[0] == 200
    assert [answer.status_code for answer in answers].count(200) == 1


async def test_a_page_for_somebody_names_them_and_the_record_the_link(
    container: Container, stranger: httpx.AsyncClient, opened: str
) -> None:
    made = await container.users.create(SYSTEM, name="li.lei", roles=[Role.RESPONDER])
    path = path_of(container, opened, person=made.user.id)
    assert "<button>以 li.lei 的名义确认" in (await stranger.get(path)).text
    assert "由 li.lei 接手" in (await stranger.post(path)).text
    used = (await stranger.get(path)).text
    assert "<p>li.lei</p>" in used
    assert made.user.id not in used
    timeline = (await container.desk.file(SYSTEM, opened)).timeline
    assert any("recording" in str(entry.data) for entry in timeline if entry.kind == "comment")


async def test_a_link_that_was_refused_may_act_later(
    container: Container, stranger: httpx.AsyncClient, opened: str
) -> None:
    made = await container.users.create(SYSTEM, name="zhao.si", roles=[Role.RESPONDER])
    path = path_of(container, opened, person=made.user.id)
    await container.users.set_disabled(SYSTEM, made.user.id, disabled=True)
    assert (await stranger.post(path)).status_code == 403
    await container.users.set_disabled(SYSTEM, made.user.id, disabled=False)
    assert (await stranger.post(path)).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "said"),
    [("en-GB,en;q=0.9", "none of ours"), ("zh-CN,zh;q=0.9,en;q=0.8", "无效"), ("fr", "无效")],
)
async def test_a_link_without_a_channel_is_answered_in_the_browsers_language(
    stranger: httpx.AsyncClient, accepted: str, said: str
) -> None:
    answer = await stranger.get("/a/x", headers={"Accept-Language": accepted})
    assert said in answer.text
    assert "/console/" in answer.text


async def test_a_used_link_says_when_it_was_used(
    container: Container, stranger: httpx.AsyncClient, opened: str
) -> None:
    path = path_of(container, opened)
    assert (await stranger.post(path)).status_code == 200
    assert "使用时间" in (await stranger.get(path)).text
