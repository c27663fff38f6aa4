"""The review in the file of its case: whole, masked, for those who may see it."""

from __future__ import annotations

from typing import Any

from service.auth import Principal
from service.casefile import CaseFiles, case_document
from service.documents import Form, written
from service.incidents import Incident
from service.reviews import EvidenceKind, EvidenceLink, ReviewChapter, Why
from tests.service.reviews.conftest import ReviewScene, form
from tests.support.incident_scene import LEAD, PUBLIC_URL, RESPONDER

PROOF = (
    EvidenceLink(kind=EvidenceKind.POST, ref="post1"),
    EvidenceLink(kind=EvidenceKind.URL, ref="https://wiki.example/1"),
)


async def case(scene: ReviewScene, incident: Incident, by: Principal = RESPONDER) -> dict[str, Any]:
    files = CaseFiles(
        database=scene.database,
        clock=scene.clock,
        public_url=PUBLIC_URL,
        chapters=(ReviewChapter(public_url=PUBLIC_URL),),
    )
    return await files.case(by, incident.id, form="json")


async def reviewed(scene: ReviewScene) -> Incident:
    for name in ("quality", "legal", "pr"):
        await scene.department(name)
    incident = await scene.closed()
    review = (await scene.review_of(incident.id)).id
    why = Why(question="为什么漏检？", answer="王工 13812345678 说只看首件", evidence=PROOF)
    filled = form(whys=(why,), stopped_early="已落到规程", root_cause="<b>规程</b>")
    await scene.reviews.save(RESPONDER, review, filled)
    for name in ("quality", "legal", "pr"):
        await scene.reviews.involve(RESPONDER, review, name)
    await scene.propose(review, "quality", description="致电 13812345678")
    await scene.reviews.excuse(LEAD, review, "legal", reason="只是会签")
    return incident


async def test_the_form_its_departments_and_improvements_are_in_it(scene: ReviewScene) -> None:
    incident = await reviewed(scene)
    found = (await case(scene, incident))["review"]
    (why,) = found["whys"]
    assert [item["ref"] for item in why["evidence"]] == ["post1", "https://wiki.example/1"]
    assert (found["cause_class"], found["stopped_early"]) == ("inspection", "已落到规程")
    places = {item["department"]: item for item in found["departments"]}
    assert places["quality"]["filed_at"] is not None
    assert places["legal"]["excused"] == "只是会签"
    (item,) = found["improvements"]
    assert (item["title"], item["rank"], item["state"]) == ("批次全检", 6.0, "proposed")
    assert found["link"] == f"{PUBLIC_URL}/v1/reviews/{found['id']}"
    assert "13812345678" not in repr(found)


async def test_people_read_it_in_the_report(local: ReviewScene) -> None:
    found = await case(local, await reviewed(local))
    now = local.clock.now()
    page = written(found, case_document, Form.HTML, made_at=now).decode()
    for words in ("五问复盘", "为什么漏检？", "批次全检", "只是会签", "部门 pr 尚未提交方案"):
        assert words in page
    assert "&lt;b&gt;规程" in page
    assert 'href="https://wiki.example/1"' in page
    assert written(found, case_document, Form.DOCX, made_at=now)


async def test_a_case_that_was_not_reviewed_says_so(local: ReviewScene) -> None:
    found = await case(local, await local.open())
    assert found["review"] is None
    page = written(found, case_document, Form.HTML, made_at=local.clock.now()).decode()
    assert "没有复盘" in page
