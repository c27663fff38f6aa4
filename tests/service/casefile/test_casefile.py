"""The whole case: complete, masked, marked, inert, and every quote with its address."""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO
from typing import Any

import docx
import pytest
from sqlalchemy import insert

from service.auth import Principal, Role
from service.casefile import SCHEMA, CaseFiles, case_document
from service.cases import CaseDesk, LinkKind
from service.db import Database, tables
from service.documents import Form, written
from service.errors import Forbidden
from service.incidents import Action, Evidence, Incident, Kind, repository
from service.incidents.frozen import digest
from tests.support.clock import SteppingClock
from tests.support.incident_scene import (
    LEAD,
    PUBLIC_URL,
    RESPONDER,
    VIEWER,
    IncidentScene,
    person,
)

HOSTILE = "<script>alert(1)</script> @所有人 \u202e"
LOUD = {"text": HOSTILE, "published_at": "2024-03-01T01:50:00.000Z", "likes": 7}


class FileScene(IncidentScene):
    def __init__(self, database: Database, clock: SteppingClock) -> None:
        super().__init__(database, clock)
        self.files = CaseFiles(database=database, clock=clock, public_url=PUBLIC_URL)
        self.cases = CaseDesk(
            database=database, clock=clock, incidents=self.incidents, public_url=PUBLIC_URL
        )

    async def crisis(self, **changes: Any) -> Incident:
        """One with a hostile post, acknowledged and spoken of."""
        frozen = Evidence(
            post_id="post1",
            at=self.clock.now(),
            copy_group="g",
            snapshot=LOUD,
            sha256=changes.pop("sha256", digest(LOUD)),
        )
        opened = await self.open(evidence=(frozen,), **changes)
        await self.desk.comment(RESPONDER, opened.id, "投诉人电话 13812345678")
        return await self.act(opened.id, Action.ACKNOWLEDGE)

    async def case(
        self, incident: Incident, *, by: Principal = RESPONDER, form: Form = Form.JSON
    ) -> dict[str, Any]:
        return await self.files.case(by, incident.id, form=form.value)

    async def file(self, incident: Incident, form: Form) -> bytes:
        case = await self.case(incident, form=form)
        return written(case, case_document, form, made_at=self.clock.now())


@pytest.fixture
def scene(database: Database, clock: SteppingClock) -> FileScene:
    return FileScene(database, clock)


def words_of(content: bytes) -> str:
    """All text of a DOCX, tables included."""
    document = docx.Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(item.text for item in document.paragraphs), *cells])


async def test_the_document_is_versioned_and_whole(scene: FileScene) -> None:
    opened = await scene.crisis()
    case = json.loads(await scene.file(opened, Form.JSON))
    assert case["schema"] == SCHEMA
    assert case["incident"]["id"] == opened.id
    assert [item["tier"] for item in case["tiers"]] == ["yellow"]
    assert [item["post"] for item in case["evidence"]] == ["post1"]
    assert {item["id"] for item in case["steps"]} == set(await scene.steps(opened.id))
    assert [item["kind"] for item in case["timeline"]] == await scene.kinds()
    assert case["intact"] is True


async def test_every_quote_has_the_address_of_its_post(scene: FileScene) -> None:
    opened = await scene.crisis()
    case = await scene.case(opened)
    assert case["evidence"][0]["link"] == f"{PUBLIC_URL}/v1/posts/post1"
    assert case["links"]["posts"].startswith(f"{PUBLIC_URL}/v1/posts?monitor=tea&since=")
    assert "scenario=product_quality" in case["links"]["posts"]
    page = (await scene.file(opened, Form.HTML)).decode()
    assert f'href="{PUBLIC_URL}/v1/posts/post1"' in page


@pytest.mark.parametrize(("every_mood", "asked"), [(False, True), (True, False)])
async def test_an_unnamed_one_counts_the_posts_that_it_took(
    scene: FileScene, every_mood: bool, asked: bool
) -> None:
    opened = await scene.crisis(scenario=None, every_mood=every_mood)
    query = (await scene.case(opened))["links"]["posts"]
    assert "scenario=" not in query
    assert ("sentiment=negative" in query) is asked


async def test_what_people_wrote_is_masked_and_ids_are_whole(scene: FileScene) -> None:
    opened = await scene.crisis()
    for form in (Form.JSON, Form.HTML):
        content = (await scene.file(opened, form)).decode()
        assert "13812345678" not in content
        assert opened.id in content
    assert "13812345678" not in words_of(await scene.file(opened, Form.DOCX))


async def test_hostile_text_is_inert_on_the_page(scene: FileScene) -> None:
    opened = await scene.crisis(title="<img src=x onerror=alert(1)>")
    page = (await scene.file(opened, Form.HTML)).decode()
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert re.search(r'(src|href)="(?!https://fengsui\.example|#)', page) is None


async def test_word_opens_it_and_finds_the_quote(scene: FileScene) -> None:
    opened = await scene.crisis()
    content = await scene.file(opened, Form.DOCX)
    assert zipfile.ZipFile(BytesIO(content)).testzip() is None
    text = words_of(content)
    assert "alert(1)" in text
    assert digest(LOUD) in text


@pytest.mark.parametrize("form", [Form.HTML, Form.DOCX])
async def test_a_drill_says_so_aloud(scene: FileScene, form: Form) -> None:
    opened = await scene.crisis(drill=True)
    content = await scene.file(opened, form)
    text = content.decode() if form is Form.HTML else words_of(content)
    assert "【演练】" in text
    assert "这是一次演练" in text


async def test_evidence_that_was_touched_is_named(scene: FileScene) -> None:
    opened = await scene.crisis(sha256="0" * 64)
    case = await scene.case(opened)
    assert (case["intact"], case["changed"]) == (False, ["post1"])
    assert "与固定时不一致：post1" in (await scene.file(opened, Form.HTML)).decode()


@pytest.mark.parametrize("form", Form)
async def test_half_a_character_breaks_no_file(scene: FileScene, form: Form) -> None:
    case = await scene.case(await scene.crisis())
    case["evidence"][0]["snapshot"] = LOUD | {"text": "杯子\ud800"}
    assert written(case, case_document, form, made_at=scene.clock.now())


async def test_what_was_published_is_quoted_as_it_went_out(scene: FileScene) -> None:
    opened = await scene.crisis()
    at = scene.clock.now()
    async with scene.database.write() as connection:
        await connection.execute(
            insert(tables.statement).values(
                id="stm_1",
                incident_id=opened.id,
                kind="holding",
                lang="zh",
                title="情况说明",
                state="published",
                edition=2,
                blocking=0,
                promises=0,
                created_by=LEAD.id,
                created_at=at,
                published_at=at,
                updated_at=at,
                version=1,
            )
        )
        for number, text in enumerate(("初稿", "我们已停售该批次，热线 400-800-1234"), start=1):
            await connection.execute(
                insert(tables.statement_edition).values(
                    statement_id="stm_1",
                    number=number,
                    title="情况说明",
                    text=text,
                    variables={},
                    facts=[],
                    findings=[],
                    degraded=[],
                    by=LEAD.id,
                    at=at,
                    version=number,
                )
            )
    page = (await scene.file(opened, Form.HTML)).decode()
    assert "热线 400-800-1234" in page
    assert "初稿" not in page


async def test_a_post_that_is_gone_is_still_quoted(scene: FileScene) -> None:
    opened = await scene.crisis()
    async with scene.database.write() as connection:
        await repository.note_deletion(connection, ["post1"], gone=True, at=scene.clock.now())
    page = (await scene.file(opened, Form.HTML)).decode()
    assert "来源处已删除" in page
    assert "alert(1)" in page


async def test_hand_overs_and_links_are_in_it(scene: FileScene) -> None:
    opened = await scene.crisis()
    other = await scene.open(monitor_id="milk")
    await scene.cases.link(LEAD, opened.id, other.id, LinkKind.CAUSED_BY, note="同一批原料")
    await scene.cases.assign(RESPONDER, opened.id, RESPONDER.id, note="我来")
    case = await scene.case(opened)
    assert [item["kind"] for item in case["linked"]] == ["caused_by"]
    assert [item["note"] for item in case["handovers"]] == ["我来"]
    page = (await scene.file(opened, Form.HTML)).decode()
    assert "起因是" in page
    assert "我来" in page


async def test_who_took_it_is_in_the_trail(scene: FileScene) -> None:
    opened = await scene.crisis()
    await scene.case(opened, form=Form.DOCX)
    rows = await scene.rows(tables.audit_entry)
    (row,) = [row for row in rows if row["action"] == "incident.exported"]
    assert (row["actor"], row["data"]["form"]) == (RESPONDER.id, "docx")


async def test_not_everybody_takes_it_away(scene: FileScene) -> None:
    opened = await scene.crisis()
    with pytest.raises(Forbidden):
        await scene.case(opened, by=VIEWER)


async def test_a_private_case_is_for_its_rota_alone(scene: FileScene) -> None:
    opened = await scene.open(kind=Kind.PERSON_AT_RISK, scenario=None, subject="per_1")
    with pytest.raises(Forbidden, match="not on the rota"):
        await scene.case(opened, by=person("ana", Role.ANALYST))
    assert (await scene.case(opened))["incident"]["kind"] == "person_at_risk"
