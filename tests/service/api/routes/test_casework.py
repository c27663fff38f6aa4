"""Casework over HTTP: owners, watches, links, splits, reopening, evidence, similar ones, export."""

from __future__ import annotations

import base64

import httpx
import pytest

from service.bootstrap import Container
from tests.service.api.crisis import open_crisis
from tests.support.clock import SteppingClock

pytestmark = pytest.mark.asyncio(loop_scope="module")

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 16


async def test_taking_an_incident_is_kept(everyone: httpx.AsyncClient, incident: str) -> None:
    me = (await everyone.get("/v1/me")).json()["id"]
    answer = await everyone.post(f"/v1/incidents/{incident}/assign", json={"person": me})
    assert answer.status_code == 200, answer.text
    assert answer.json()["assignee"] == me
    kept = (await everyone.get(f"/v1/incidents/{incident}/casework")).json()
    assert kept["assignee"] == me
    assert [item["state"] for item in kept["handovers"]] == ["accepted"]


async def test_an_edit_of_an_old_version_says_what_changed(
    everyone: httpx.AsyncClient, incident: str
) -> None:
    answer = await everyone.post(
        f"/v1/incidents/{incident}/reopen",
        json={"reason": "again"},
        headers={"If-Match": '"99999"'},
    )
    assert answer.status_code == 409
    assert "the newest changes:" in answer.json()["detail"]


async def test_watching_and_unwatching(viewer: httpx.AsyncClient, incident: str) -> None:
    place = f"/v1/incidents/{incident}/watch"
    assert (await viewer.put(place, json={})).json()["topics"] == ["people", "state", "tier"]
    assert (await viewer.put(place, json={"topics": ["weather"]})).status_code == 422
    kept = (await viewer.get(f"/v1/incidents/{incident}/casework")).json()
    assert kept["watching"] == ["people", "state", "tier"]
    assert (await viewer.delete(place)).status_code == 204
    kept = (await viewer.get(f"/v1/incidents/{incident}/casework")).json()
    assert kept["watching"] is None


async def test_splitting_and_links(everyone: httpx.AsyncClient, incident: str) -> None:
    file = (await everyone.get(f"/v1/incidents/{incident}/evidence")).json()
    post = file["items"][0]["post"]
    made = await everyone.post(
        f"/v1/incidents/{incident}/split", json={"posts": [post], "reason": "另一家门店"}
    )
    assert made.status_code == 201, made.text
    other = made.json()["id"]
    linked = await everyone.post(
        f"/v1/incidents/{incident}/links", json={"to": other, "kind": "related"}
    )
    assert {item["kind"] for item in linked.json()["links"]} == {"split_into", "related"}
    gone = await everyone.delete(f"/v1/incidents/{incident}/links/related/{other}")
    assert gone.status_code == 204


async def test_a_screenshot_comes_back_and_the_evidence_is_intact(
    everyone: httpx.AsyncClient, incident: str
) -> None:
    place = f"/v1/incidents/{incident}/evidence"
    post = (await everyone.get(place)).json()["items"][0]["post"]
    sent = await everyone.post(
        f"{place}/{post}/screenshots", json={"content": base64.b64encode(PNG).decode()}
    )
    assert sent.status_code == 201, sent.text
    shown = await everyone.get(sent.json()["url"])
    assert shown.content == PNG
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["x-content-type-options"] == "nosniff"
    done = (await everyone.post(f"{place}/verify")).json()
    assert done["intact"] is True
    assert {item["finding"] for item in done["items"]} == {"intact"}


async def test_what_is_no_base64_is_refused(everyone: httpx.AsyncClient, incident: str) -> None:
    place = f"/v1/incidents/{incident}/evidence"
    post = (await everyone.get(place)).json()["items"][0]["post"]
    answer = await everyone.post(f"{place}/{post}/screenshots", json={"content": "not base64!"})
    assert answer.status_code == 422


async def test_frozen_posts_say_when_they_were_frozen(
    everyone: httpx.AsyncClient, incident: str
) -> None:
    (item, *_) = (await everyone.get(f"/v1/incidents/{incident}/evidence")).json()["items"]
    assert item["snapshot"]["frozen_at"] == item["at"]
    assert item["snapshot"]["author"].startswith("au_")


async def test_a_closed_one_is_reopened_and_is_a_precedent_when_closed(
    everyone: httpx.AsyncClient, container: Container, clock: SteppingClock
) -> None:
    opened = await open_crisis(container, clock, name="qingshan")
    for deed in ("acknowledge", "resolve", "close"):
        assert (await everyone.post(f"/v1/incidents/{opened}/{deed}")).status_code == 200
    again = await everyone.post(f"/v1/incidents/{opened}/reopen", json={"reason": "又来了"})
    assert again.json()["state"] == "responding"
    assert (await everyone.post(f"/v1/incidents/{opened}/resolve")).status_code == 200
    later = await open_crisis(container, clock, name="yunling")
    found = (await everyone.get(f"/v1/incidents/{later}/similar")).json()
    assert opened in [item["incident"] for item in found["items"]]
    for item in found["items"]:
        total = sum(found["weights"][part] * (value or 0) for part, value in item["parts"].items())
        assert item["score"] == pytest.approx(total, abs=1e-4)


@pytest.mark.parametrize(
    ("form", "media", "start"),
    [
        ("json", "application/json", b"{"),
        ("html", "text/html; charset=utf-8", b"<!doctype html>"),
        (
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            b"PK",
        ),
    ],
)
async def test_the_case_is_taken_away(
    everyone: httpx.AsyncClient, incident: str, form: str, media: str, start: bytes
) -> None:
    answer = await everyone.get(f"/v1/incidents/{incident}/export", params={"format": form})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == media
    assert answer.headers["content-disposition"] == f'attachment; filename="{incident}.{form}"'
    assert answer.content.startswith(start)


async def test_a_viewer_takes_nothing_away(viewer: httpx.AsyncClient, incident: str) -> None:
    assert (await viewer.get(f"/v1/incidents/{incident}/export")).status_code == 403
