"""Incidents without scenarios, by what they are about."""

from __future__ import annotations

from datetime import timedelta

from service.incidents import Incident, Kind
from service.incidents.subjects import happened_since, holding_post, latest_about
from tests.support.clock import START
from tests.support.incident_scene import IncidentScene, evidence


async def opened(scene: IncidentScene, subject: str, **changes: object) -> Incident:
    return await scene.open(
        **{"kind": Kind.BACKLOG, "scenario": None, "subject": subject, "evidence": ()} | changes
    )


async def test_the_newest_about_a_subject(scene: IncidentScene) -> None:
    await opened(scene, "second")
    scene.clock.step(minutes=1)
    newest = await opened(scene, "second")
    await opened(scene, "third")
    async with scene.database.write() as connection:
        assert await latest_about(connection, Kind.BACKLOG, "second") == newest
        assert await latest_about(connection, Kind.BACKLOG, "legal") is None
        assert await latest_about(connection, Kind.PERSON_AT_RISK, "second") is None


async def test_a_drill_is_none_of_them(local: IncidentScene) -> None:
    await opened(local, "second", drill=True, evidence=(evidence(1, at=START),))
    async with local.database.write() as connection:
        assert await latest_about(connection, Kind.BACKLOG, "second") is None
        assert await holding_post(connection, Kind.BACKLOG, "post1") is None


async def test_a_post_is_found_in_incidents_of_that_kind_alone(scene: IncidentScene) -> None:
    await scene.open()
    held = await opened(scene, "second", evidence=(evidence(1, at=START),))
    async with scene.database.read() as connection:
        assert await holding_post(connection, Kind.BACKLOG, "post1") == held
        assert await holding_post(connection, Kind.BACKLOG, "post2") is None


async def test_subjects_at_one_instant_are_incidents_of_their_own(local: IncidentScene) -> None:
    first, second = await opened(local, "second"), await opened(local, "third")
    assert first.id != second.id
    assert (await opened(local, "second")).id == first.id
    assert (first.segment, first.scenario) == ("second", None)


async def test_what_happened_since(local: IncidentScene) -> None:
    incident = await opened(local, "second")
    async with local.database.read() as connection:
        before = START - timedelta(seconds=1)
        assert await happened_since(connection, incident.id, "opened", before)
        assert not await happened_since(connection, incident.id, "opened", START)
        assert not await happened_since(connection, incident.id, "comment", before)
