"""A text from the machine to the export in virtual time: held, blocked, appealed, passed, told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import standardwebhooks
from fastapi import FastAPI

from service.api import mount_api
from service.audit import Verification, verify
from service.auth import Role
from service.bootstrap import Container
from service.clock import VirtualClock
from service.db import tables
from service.jobs import advance
from tests.e2e.line import Paged, add_webhook, read_page, rows, running
from tests.service.api.caller import client_as
from tests.support.webhook_receiver import Received, webhook_receiver

START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
TEXT = "内部渠道理财，保本保息，年化收益百分之二十，稳赚不赔，名额有限"
NEGLECTED = "老中医祖传秘方，根治糖尿病，三个疗程包好"
AUTHOR = "uid-00042"
WORDS = "我是在揭穿骗子，引号里是他们的原话"
FIRST = timedelta(minutes=70)
"""After the warning, before the limit of the second line."""
SECOND = timedelta(hours=20)


@dataclass(frozen=True)
class Story:
    """Everything that was left behind."""

    secret: str
    received: list[Received]
    pages: list[Paged]
    answers: dict[str, dict[str, Any]]
    file: dict[str, Any]
    appeal: dict[str, Any]
    export: list[dict[str, Any]]
    verification: Verification
    audited: list[str]
    unsent: int
    incidents: Sequence[Any]
    review_id: str


class Scene:
    """The application, and callers of each line."""

    def __init__(self, app: FastAPI, container: Container, clock: VirtualClock) -> None:
        self._app = app
        self.container = container
        self._clock = clock
        self._clients: dict[Role, httpx.AsyncClient] = {}

    async def call(self, role: Role, method: str, path: str, body: Any = None) -> httpx.Response:
        """One request of the caller of a role; what is refused fails the test."""
        if role not in self._clients:
            self._clients[role] = await client_as(self._app, self.container, role)
        answer = await self._clients[role].request(method, path, json=body)
        assert answer.status_code < 300, (path, answer.text)
        return answer

    async def classify(self, name: str, text: str = TEXT) -> dict[str, Any]:
        item = {"id": name, "text": text, "author": AUTHOR}
        answer = await self.call(Role.CLASSIFIER, "POST", "/v1/classify", item)
        return dict(answer.json())

    async def decide(self, role: Role, review_id: str, verdict: str, reason: str) -> None:
        path = f"/v1/review/items/{review_id}"
        await self.call(role, "POST", f"{path}/claim")
        body = {"verdict": verdict, "reason": reason}
        await self.call(role, "POST", f"{path}/verdict", body)

    async def until(self, after: timedelta) -> None:
        await advance(self._clock, self.container.line, START + after)

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()


async def live_through(folder: Path) -> Story:
    """A reviewer blocks what the machine holds, an expert passes it, and everybody is told."""
    clock = VirtualClock(START)
    async with webhook_receiver() as receiver, running(folder, clock=clock) as container:
        secret = await add_webhook(container, receiver.url())
        app = FastAPI()
        mount_api(app, container)
        scene = Scene(app, container, clock)
        answers = {"first": await scene.classify("c-1")}
        await scene.classify("c-9", NEGLECTED)
        listed = (await scene.call(Role.REVIEWER, "GET", "/v1/review/items")).json()["items"]
        (review_id,) = [item["id"] for item in listed if item["item"] == "c-1"]
        await scene.until(FIRST)
        await scene.decide(Role.REVIEWER, review_id, "block", "finance_claim")
        await scene.until(FIRST + timedelta(minutes=1))
        answers["blocked"] = await scene.classify("c-2")
        appeal = await scene.call(
            Role.CLASSIFIER, "POST", f"/v1/review/items/{review_id}/appeals", {"words": WORDS}
        )
        await scene.until(SECOND)
        await scene.decide(Role.EXPERT, review_id, "pass", "quoted")
        await scene.until(SECOND + timedelta(minutes=1))
        answers["passed"] = await scene.classify("c-3")
        await scene.until(timedelta(days=9))
        file = await scene.call(Role.EXPERT, "GET", f"/v1/review/items/{review_id}")
        export = await scene.call(Role.LEAD, "GET", "/v1/review/export")
        await scene.until(timedelta(days=10))
        await scene.close()
        return Story(
            secret=secret,
            received=list(receiver.received),
            pages=[read_page(item) for item in receiver.received],
            answers=answers,
            file=file.json(),
            appeal=appeal.json(),
            export=[json.loads(line) for line in export.text.splitlines()],
            verification=await verify(container.database),
            audited=[row.action for row in await rows(container, tables.audit_entry)],
            unsent=sum(row.state != "sent" for row in await rows(container, tables.delivery)),
            incidents=await rows(container, tables.incident),
            review_id=review_id,
        )


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Lived through once; the tests look at what is left."""
    return asyncio.run(live_through(tmp_path_factory.mktemp("review")))


def callbacks(story: Story) -> list[Paged]:
    return [page for page in story.pages if page.type == "review.decided"]


def test_the_machine_holds_it_and_a_person_has_it(story: Story) -> None:
    first = story.answers["first"]
    assert (first["suggestion"], first["held"]) == ("block", True)
    assert story.file["text"] == TEXT
    assert (story.file["item"], story.file["origin"]) == ("c-1", "machine")
    assert story.file["held"] is True


def test_each_verdict_calls_back_once_signed(story: Story) -> None:
    told = callbacks(story)
    assert [page.data["verdict"] for page in told] == ["block", "pass"]
    assert [page.data["line"] for page in told] == ["second", "third"]
    assert {page.data["id"] for page in told} == {"c-1"}
    assert {page.data["review"] for page in told} == {story.review_id}
    assert len({page.id for page in story.pages}) == len(story.pages)
    assert story.unsent == 0
    library = standardwebhooks.Webhook(story.secret)
    for item in story.received:
        stamp = datetime.fromtimestamp(int(item.headers["webhook-timestamp"]), UTC)
        signed = library.sign(item.headers["webhook-id"], stamp, item.body.decode())
        assert item.headers["webhook-signature"] == signed


def test_a_callback_says_why_and_what_can_be_done(story: Story) -> None:
    block, passed = (page.data for page in callbacks(story))
    assert block["reason"]["code"] == "finance_claim"
    assert block["reason"]["zh"]
    assert block["labels"] == [{"label": "finance_claim", "score": 1.0, "source": "human"}]
    assert (block["appealable"], passed["appealable"]) == (True, False)
    assert (block["appealed"], passed["appealed"]) == (False, True)


def test_no_text_and_no_author_leaves_with_a_callback(story: Story) -> None:
    bodies = " ".join(item.body.decode() for item in story.received)
    for secret in ("保本保息", AUTHOR, WORDS):
        assert secret not in bodies


def test_copies_obey_the_verdict_that_holds(story: Story) -> None:
    blocked, passed = story.answers["blocked"], story.answers["passed"]
    assert (blocked["suggestion"], blocked["held"]) == ("block", False)
    assert passed["held"] is False
    assert passed["suggestion"] != "block"


def test_the_appeal_went_to_the_panel(story: Story) -> None:
    assert (story.appeal["line"], story.appeal["state"]) == ("third", "pending")
    assert story.file["appeal"]["words"] == WORDS
    first, second = story.file["verdicts"]
    assert first["reviewer"] != second["reviewer"]


def test_the_history_tells_the_whole_life(story: Story) -> None:
    assert [event["kind"] for event in story.file["history"]] == [
        "filed",
        "due_soon",
        "claimed",
        "decided",
        "appealed",
        "due_soon",
        "claimed",
        "decided",
    ]


def test_the_export_has_both_verdicts(story: Story) -> None:
    first, second = story.export
    assert (first["verdict"], first["line"], first["final"]) == ("block", "second", False)
    assert (second["verdict"], second["line"], second["final"]) == ("pass", "third", True)
    assert first["text"] == second["text"] == TEXT
    assert first["rubric_version"] == second["rubric_version"]


def test_what_nobody_looks_at_becomes_a_backlog_incident(story: Story) -> None:
    (incident,) = story.incidents
    assert (incident.kind, incident.opened_at) == ("backlog", START + timedelta(hours=4))
    assert "review.second" in incident.title


def test_the_audit_chain_is_sealed_and_holds(story: Story) -> None:
    assert story.verification.ok
    assert story.verification.unsealed == ()
    for deed in ("filed", "claimed", "decided", "appealed", "exported"):
        assert f"review.{deed}" in story.audited
