"""From posts to a closed file in virtual time: detection, pages, clocks, people, audit."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import standardwebhooks

from service.audit import Verification, verify
from service.auth import Principal, PrincipalKind, Role
from service.clock import VirtualClock
from service.db import tables
from service.incidents.desk import IncidentFile
from service.incidents.lifecycle import Action
from service.jobs import advance
from tests.e2e.line import INJURIES, Paged, add_webhook, posts, read_page, rows, running
from tests.support.webhook_receiver import Received, webhook_receiver

START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
LEAD = Principal(
    id="usr_lead", kind=PrincipalKind.USER, name="Lin", roles=frozenset({Role.LEAD}), monitors=None
)
DEEDS = (Action.ACKNOWLEDGE, Action.RESPOND, Action.MONITOR, Action.RESOLVE, Action.CLOSE)


@dataclass(frozen=True)
class Story:
    """Everything that was left behind."""

    secret: str
    received: list[Received]
    pages: list[Paged]
    file: IncidentFile
    breached: set[str]
    verification: Verification
    audited: list[str]
    unsent: int
    texts: str


async def live_through(folder: Path) -> Story:
    """Three injuries in a minute, nobody at hand for an hour, then a lead works until closed."""
    clock = VirtualClock(START)
    async with webhook_receiver() as receiver, running(folder, clock=clock) as container:
        secret = await add_webhook(container, receiver.url())
        for post in posts(INJURIES[:3], start=START):
            await advance(clock, container.line, post.published_at)
            await container.ingest.ingest([post], via="test")
        await advance(clock, container.line, START + timedelta(hours=1))
        (incident,) = await rows(container, tables.incident)
        for hours, deed in enumerate(DEEDS, start=2):
            await container.desk.act(LEAD, incident.id, deed)
            await advance(clock, container.line, START + timedelta(hours=hours))
        await advance(clock, container.line, START + timedelta(days=9))
        deliveries = await rows(container, tables.delivery)
        return Story(
            secret=secret,
            received=list(receiver.received),
            pages=[read_page(item) for item in receiver.received],
            file=await container.desk.file(LEAD, incident.id),
            breached={row.step_id for row in await rows(container, tables.step) if row.breached_at},
            verification=await verify(container.database),
            audited=[row.action for row in await rows(container, tables.audit_entry)],
            unsent=sum(row.state != "sent" for row in deliveries),
            texts=" ".join(item.body.decode() for item in receiver.received),
        )


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Lived through once; the tests look at what is left."""
    return asyncio.run(live_through(tmp_path_factory.mktemp("line")))


def at(page: Paged) -> datetime:
    return datetime.fromisoformat(page.at)


def test_the_incident_opens_within_minutes_of_its_first_post(story: Story) -> None:
    incident = story.file.incident
    assert (incident.scenario, incident.monitor_id) == ("safety_incident", "qingyou")
    assert incident.opened_at - incident.first_post_at <= timedelta(minutes=2)
    assert incident.first_post_at == START


def test_its_tier_rises_as_injuries_gather(story: Story) -> None:
    ranks = [page.data["incident"]["tier"] for page in story.pages]
    raised = [page for page in story.pages if page.type == "incident.tier_changed"]
    assert raised, "three injuries of three people stayed where one was"
    assert raised[0].data["from"] != raised[0].data["to"]
    assert ranks[-1] == story.file.incident.tier


def test_every_page_is_signed_as_the_standard_says(story: Story) -> None:
    library = standardwebhooks.Webhook(story.secret)
    for item in story.received:
        stamp = datetime.fromtimestamp(int(item.headers["webhook-timestamp"]), UTC)
        signed = library.sign(item.headers["webhook-id"], stamp, item.body.decode())
        assert item.headers["webhook-signature"] == signed


def test_each_page_comes_once_and_none_is_left(story: Story) -> None:
    ids = [page.id for page in story.pages]
    assert len(set(ids)) == len(ids)
    assert story.unsent == 0


def test_pages_come_in_the_order_of_what_happened(story: Story) -> None:
    instants = [at(page) for page in story.pages]
    assert instants == sorted(instants)
    assert story.pages[0].type == "incident.opened"


def test_an_unheard_step_warns_falls_due_and_escalates(story: Story) -> None:
    heard = [
        (page.type, at(page) - story.file.incident.opened_at)
        for page in story.pages
        if page.type.startswith("step.") and page.data["step"]["step"] == "acknowledge"
    ]
    assert [kind for kind, _ in heard] == [
        "step.due_soon",
        "step.due",
        "step.escalated",
        "step.done",
    ]
    waits = [wait for _, wait in heard]
    assert waits == sorted(waits)
    assert waits[2] < timedelta(hours=1) <= waits[3]


def test_a_lead_takes_it_from_acknowledged_to_closed(story: Story) -> None:
    incident = story.file.incident
    marks = (
        incident.acknowledged_at,
        incident.responding_at,
        incident.monitoring_at,
        incident.resolved_at,
        incident.closed_at,
    )
    assert marks == tuple(START + timedelta(hours=hours) for hours in (1, 2, 3, 4, 5))
    told = [
        page.type
        for page in story.pages
        if page.type.startswith("incident.")
        and page.type not in ("incident.tier_changed", "incident.cleared", "incident.paged")
    ]
    assert told == [
        "incident.opened",
        "incident.acknowledged",
        "incident.updated",
        "incident.updated",
        "incident.resolved",
        "incident.closed",
    ]


def test_after_closing_only_the_review_is_still_asked_for(story: Story) -> None:
    closed = story.file.incident.closed_at
    assert closed is not None
    late = {
        page.data["step"]["step"]
        for page in story.pages
        if page.type != "step.done" and page.type.startswith("step.") and at(page) > closed
    }
    assert late == {"five_why_review"}


def test_steps_that_ran_out_are_kept_as_breaches(story: Story) -> None:
    assert "acknowledge" in story.breached
    assert "detected" not in story.breached


def test_the_audit_chain_is_sealed_and_holds(story: Story) -> None:
    assert story.verification.ok
    assert story.verification.unsealed == ()
    assert story.verification.sealed == len(story.audited)
    for deed in ("incident.opened", *(f"incident.{deed.value}" for deed in DEEDS)):
        assert deed in story.audited


def test_no_author_is_named_to_a_receiver(story: Story) -> None:
    assert "uid-0000" not in story.texts
    assert "路人甲" not in story.texts
