"""Personal information in texts leaves masked, on every way out; behind the mask by role alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from service.auth import Role
from service.bootstrap import Container
from service.db.tables import incident_post
from service.jobs import advance
from tests.service.api.caller import client_as
from tests.service.api.crisis import wire_post
from tests.support.clock import SteppingClock

pytestmark = pytest.mark.asyncio(loop_scope="module")
PHONE = "13812345678"
EMAIL = "chen.yu@example.com"
COMPLAINT = f"客服说打{PHONE}，一直没人接"
WHY = {"reason": "court order 7"}


async def pushed(client: httpx.AsyncClient, name: str, **given: Any) -> str:
    body = wire_post(name, source=name, **given)
    answer = await client.post("/v1/posts", json=body)
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["id"]
    return found


async def actions(client: httpx.AsyncClient, subject: str) -> list[tuple[str, str]]:
    rows = (await client.get(f"/v1/audit?subject_id={subject}")).json()["items"]
    return [(row["action"], row["data"].get("reason", "")) for row in rows]


async def test_a_post_found_or_read_is_masked(everyone: httpx.AsyncClient) -> None:
    post_id = await pushed(
        everyone, "mask", text=COMPLAINT, title=f"电话{PHONE}", contact={"mail": [EMAIL]}
    )
    await pushed(everyone, "mask", text=f"改过了：{PHONE}", title=f"电话{PHONE}")
    found = await everyone.get("/v1/posts?source=mask")
    one = await everyone.get(f"/v1/posts/{post_id}")
    for answer in (found, one):
        assert answer.status_code == 200
        assert PHONE not in answer.text
        assert EMAIL not in answer.text
        assert "138****5678" in answer.text
    assert len(one.json()["versions"][0]["text"]) == len(COMPLAINT)


async def test_a_post_is_shown_whole_for_a_reason(
    app: FastAPI, container: Container, everyone: httpx.AsyncClient
) -> None:
    post_id = await pushed(everyone, "whole", text=COMPLAINT)
    async with await client_as(app, container, Role.LEGAL) as legal:
        shown = await legal.post(f"/v1/posts/{post_id}/reveal", json=WHY)
        assert shown.json()["text"] == COMPLAINT
        silent = await legal.post(f"/v1/posts/{post_id}/reveal", json={"reason": " "})
        assert (silent.status_code, silent.json()["errors"][0]["path"]) == (422, "reason")
    async with await client_as(app, container, Role.ANALYST) as analyst:
        refused = await analyst.post(f"/v1/posts/{post_id}/reveal", json=WHY)
        assert refused.status_code == 403
        assert PHONE not in refused.text
    assert sorted(await actions(everyone, post_id)) == [
        ("post.reveal_refused", WHY["reason"]),
        ("post.revealed", WHY["reason"]),
    ]


async def test_a_text_in_review_is_masked_until_somebody_says_why(
    app: FastAPI, container: Container, everyone: httpx.AsyncClient
) -> None:
    text = f"加我微信wx_lucky888领红包，稳赚不赔，电话{PHONE}"
    words = f"我的电话是{PHONE}，请查证"
    body = {"text": text, "id": "mask-1", "words": words}
    appealed = await everyone.post("/v1/review/appeals", json=body)
    assert appealed.status_code == 201, appealed.text
    item = appealed.json()["review"]
    async with await client_as(app, container, Role.REVIEWER) as reviewer:
        for path in ("/v1/review/items?limit=200", f"/v1/review/items/{item}"):
            answer = await reviewer.get(path)
            assert item in answer.text
            assert PHONE not in answer.text
        shown = (await reviewer.post(f"/v1/review/items/{item}/reveal", json=WHY)).json()
    assert shown == {"id": item, "text": text, "appeal_words": words}
    async with await client_as(app, container, Role.LEAD) as lead:
        refused = await lead.post(f"/v1/review/items/{item}/reveal", json=WHY)
        assert (refused.status_code, text in refused.text) == (403, False)
    told = await actions(everyone, item)
    assert ("review.revealed", WHY["reason"]) in told
    assert ("review.reveal_refused", WHY["reason"]) in told


async def test_a_crisis_shows_its_posts_to_lead_and_legal(
    app: FastAPI, container: Container, everyone: httpx.AsyncClient, incident: str
) -> None:
    file = (await everyone.get(f"/v1/incidents/{incident}")).json()
    first = file["evidence"][0]
    body = {"post": first["post"], **WHY}
    async with await client_as(app, container, Role.LEAD) as lead:
        shown = (await lead.post(f"/v1/incidents/{incident}/reveal", json=body)).json()
        assert (shown["post"], shown["whole"]) == (first["post"], True)
        assert shown["author"]["id"]
        none = await lead.post(f"/v1/incidents/{incident}/reveal", json={"post": "none", **WHY})
        assert none.status_code == 404
    async with await client_as(app, container, Role.RESPONDER) as responder:
        refused = await responder.post(f"/v1/incidents/{incident}/reveal", json=body)
        assert refused.status_code == 403


async def risk(client: httpx.AsyncClient, clock: SteppingClock, container: Container) -> Any:
    await advance(clock, container.line, clock.now() + timedelta(minutes=1))
    listed = (await client.get("/v1/incidents?kind=person_at_risk")).json()["items"]
    return (await client.get(f"/v1/incidents/{listed[0]['id']}")).json()


async def test_the_rota_reaches_the_author_of_a_post(
    app: FastAPI, container: Container, clock: SteppingClock, everyone: httpx.AsyncClient
) -> None:
    text = f"我不想活了，遗书写好了，妈妈的电话是{PHONE}"
    at = (clock.now() - timedelta(minutes=1)).isoformat()
    post_id = await pushed(everyone, "rota", text=text, published_at=at)
    file = await risk(everyone, clock, container)
    assert PHONE not in str(file)
    body = {"post": post_id, "reason": "to reach the person"}
    path = f"/v1/incidents/{file['id']}/reveal"
    async with await client_as(app, container, Role.RESPONDER) as responder:
        shown = (await responder.post(path, json=body)).json()
        elsewhere = await responder.post(
            f"/v1/authors/{shown['author']['author']}/reveal", json=WHY
        )
        assert elsewhere.status_code == 403
    assert shown["text"] == text
    assert (shown["author"]["id"], shown["author"]["source"]) == ("urota", "rota")
    async with await client_as(app, container, Role.LEGAL) as legal:
        refused = await legal.post(path, json=body)
        assert (refused.status_code, PHONE in refused.text) == (403, False)
    told = await actions(everyone, file["id"])
    assert ("incident.revealed", body["reason"]) in told
    assert ("incident.reveal_refused", body["reason"]) in told


@pytest.mark.parametrize("item_id", ["c-7", None])
async def test_the_rota_reads_a_classified_text_as_it_was_sent(
    app: FastAPI,
    container: Container,
    clock: SteppingClock,
    everyone: httpx.AsyncClient,
    item_id: str | None,
) -> None:
    text = f"我不想活了，遗书写好了，{item_id or '最后'}找我打{PHONE}"
    sent = {"text": text, "author": f"u-{item_id}"} | ({"id": item_id} if item_id else {})
    assert (await everyone.post("/v1/classify", json=sent)).status_code == 200
    file = await risk(everyone, clock, container)
    post = file["evidence"][0]
    assert PHONE not in str(file)
    body = {"post": post["post"], "reason": "to reach the person"}
    async with await client_as(app, container, Role.RESPONDER) as responder:
        answer = await responder.post(f"/v1/incidents/{file['id']}/reveal", json=body)
    shown = answer.json()
    assert (shown["text"], shown["whole"]) == (text, True)
    assert (shown["author"], shown["native_id"]) == (None, item_id)


async def test_evidence_is_shown_as_it_stood_and_not_as_it_was_edited(
    app: FastAPI, container: Container, clock: SteppingClock, everyone: httpx.AsyncClient
) -> None:
    at = (clock.now() - timedelta(minutes=1)).isoformat()
    text = f"我不想活了，遗书写好了，先别打{PHONE}"
    post_id = await pushed(everyone, "edited", text=text, published_at=at)
    file = await risk(everyone, clock, container)
    body = {"post": post_id, "reason": "to reach the person"}
    assert await pushed(everyone, "edited", text="没事了", published_at=at) == post_id
    async with await client_as(app, container, Role.RESPONDER) as responder:
        path = f"/v1/incidents/{file['id']}/reveal"
        shown = (await responder.post(path, json=body)).json()
        assert (shown["text"], shown["whole"]) == (text, True)
        async with container.database.write() as connection:
            kept = await connection.scalar(
                select(incident_post.c.snapshot).where(incident_post.c.post_id == post_id)
            )
            await connection.execute(
                update(incident_post)
                .where(incident_post.c.post_id == post_id)
                .values(snapshot={**kept, "text": "a wording that was never stored"})
            )
        shown = (await responder.post(path, json=body)).json()
        assert (shown["text"], shown["whole"]) == ("a wording that was never stored", False)


async def test_what_is_gone_is_shown_as_it_was_kept(
    app: FastAPI, container: Container, clock: SteppingClock, everyone: httpx.AsyncClient
) -> None:
    """Erased posts live on as masked evidence alone."""
    at = (clock.now() - timedelta(minutes=1)).isoformat()
    text = f"我不想活了，遗书写好了，谁也别打{PHONE}"
    post_id = await pushed(everyone, "gone", text=text, published_at=at)
    file = await risk(everyone, clock, container)
    await container.store.delete_by_author(file["evidence"][0]["snapshot"]["author"])
    async with await client_as(app, container, Role.RESPONDER) as responder:
        body = {"post": post_id, "reason": "to reach the person"}
        shown = (await responder.post(f"/v1/incidents/{file['id']}/reveal", json=body)).json()
    assert (shown["whole"], PHONE in shown["text"]) == (False, False)
    assert shown["text"] == file["evidence"][0]["snapshot"]["text"]


async def test_webhooks_carry_no_text(container: Container) -> None:
    """After all that happened above."""
    sent = str([message.message.data for message in container.recorder.sent])
    assert PHONE not in sent
    assert "遗书" not in sent
