"""What a case says of its statements: who answered for them, where they are, what they promised."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from service.casefile import CaseFiles, case_document
from service.db import Database
from service.documents import Form, written
from service.incidents import Action
from tests.support.clock import SteppingClock
from tests.support.incident_scene import LEAD, PUBLIC_URL
from tests.support.statement_scene import FA, LIN, REFUND, RUI, StatementScene


@pytest.fixture
def local(sqlite_database: Database, clock: SteppingClock, tmp_path: Path) -> StatementScene:
    return StatementScene(sqlite_database, clock, tmp_path)


async def case_of(scene: StatementScene, incident_id: str) -> dict[str, Any]:
    files = CaseFiles(database=scene.database, clock=scene.clock, public_url=PUBLIC_URL)
    return await files.case(LEAD, incident_id, form="json")


async def test_it_names_who_answered_and_what_was_promised(local: StatementScene) -> None:
    incident = await local.crisis()
    statement = await local.published(incident, REFUND)
    await local.draft(incident)
    (row,) = await local.promises(statement.id)
    await local.stating.promises.keep(RUI, row.id, evidence="退款单，电话 13812345678")
    await local.stating.desk.withdraw(RUI, statement.id, reason="有误")

    case = await case_of(local, incident.id)

    (said,) = case["statements"]
    assert [(item["person"], item["as"]) for item in said["approvals"]] == [
        (LIN.id, "lead"),
        (FA.id, "legal"),
    ]
    assert [item["place"] for item in said["places"]] == ["官网"]
    (promise,) = said["promises"]
    assert (promise["state"], promise["owner"]) == ("kept", "service")
    assert "13812345678" not in promise["evidence"]
    assert said["withdrawn_at"] is not None
    page = written(case, case_document, Form.HTML, made_at=local.clock.now()).decode()
    for word in ("撤回", "批准 usr_fa（法务）", "发布 官网", "承诺", "已兑现"):
        assert word in page


async def test_it_names_what_was_merged_into_it(local: StatementScene) -> None:
    one, other = await local.crisis(), await local.crisis(scenario="outage")
    await local.desk.act(LEAD, one.id, Action.MERGE, reason="同一件事", merge_into=other.id)

    case = await case_of(local, other.id)

    assert [item["incident"] for item in case["merged"]] == [one.id]
    page = written(case, case_document, Form.HTML, made_at=local.clock.now()).decode()
    assert f"并入 {one.id}" in page


@pytest.mark.parametrize("form", [Form.HTML, Form.DOCX])
async def test_hostile_places_stay_words(local: StatementScene, form: Form) -> None:
    incident = await local.crisis()
    statement = await local.approved(incident)
    await local.stating.publication.publish(
        RUI,
        statement.id,
        place="<img src=x onerror=alert(1)>\x0b\ufffe",
        url='https://a.example/"><script>',
    )

    case = await case_of(local, incident.id)
    content = written(case, case_document, form, made_at=local.clock.now())

    assert b"<img src=x" not in content
    assert b"<script>" not in content
