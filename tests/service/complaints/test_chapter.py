"""Complaints in the file of their case: all of them, masked, of monitors in sight."""

from __future__ import annotations

from typing import Any

from service.auth import Principal
from service.casefile import CaseFiles, case_document
from service.complaints import Complaint, ComplaintChapter, Deed, Said
from service.db import tables
from service.documents import Form, written
from tests.support.complaint_scene import LIN, RUI, ComplaintScene, complaining
from tests.support.drill_scene import limited
from tests.support.incident_scene import PUBLIC_URL


async def case(scene: ComplaintScene, incident: str, by: Principal = RUI) -> dict[str, Any]:
    files = CaseFiles(
        database=scene.database,
        clock=scene.clock,
        public_url=PUBLIC_URL,
        chapters=(ComplaintChapter(public_url=PUBLIC_URL),),
    )
    return await files.case(by, incident, form="json")


async def two(scene: ComplaintScene) -> list[Complaint]:
    """One that was answered late, told and rated; one that still waits."""
    await scene.crisis("inc_1")
    first = await scene.one(text="<i>客服</i>不给退款，电话 13812345678")
    await scene.wait(minutes=20)
    await scene.settled(first)
    said = Said(csat=2, nps=0, words="打 13912345678 没人接", said_by="客户本人")
    await scene.handling.rate(RUI, first.id, said)
    await scene.notice(complaining(2, published_at=scene.clock.now()))
    return [item for item in await scene.every() if item.incident_id == "inc_1"]


async def test_each_ticket_is_in_it_with_all_that_belongs_to_it(scene: ComplaintScene) -> None:
    first, second = await two(scene)
    found = await case(scene, "inc_1")
    assert [item["id"] for item in found["complaints"]] == [first.id, second.id]
    rated, waiting = found["complaints"]
    assert (rated["state"], rated["csat"], rated["breaches"]) == ("rated", 2, 1)
    assert [(row["clock"], row["late"]) for row in rated["clocks"]] == [
        ("answer", True),
        ("response", False),
        ("resolution", False),
    ]
    assert [row["kind"] for row in rated["answers"]] == ["answer", "response", "resolution", "told"]
    assert [row["said_by"] for row in rated["ratings"]] == ["客户本人"]
    assert (waiting["answers"], waiting["ratings"]) == ([], [])
    assert waiting["link"] == f"{PUBLIC_URL}/v1/complaints/{second.id}"
    assert "13812345678" not in repr(found)
    assert "13912345678" not in repr(found)


async def test_people_read_them_in_the_report(local: ComplaintScene) -> None:
    await two(local)
    await local.handling.dismiss(RUI, (await local.every())[1].id, reason="重复")
    found, now = await case(local, "inc_1"), local.clock.now()
    page = written(found, case_document, Form.HTML, made_at=now).decode()
    for words in ("投诉工单", "首次应答", "（超时）", "CSAT 2 · NPS 0", "不再需要", "不是投诉"):
        assert words in page
    assert "<i>客服" not in page
    assert written(found, case_document, Form.DOCX, made_at=now)


async def test_a_ticket_without_its_person_is_still_counted(local: ComplaintScene) -> None:
    await local.crisis("inc_1")
    found = await local.one()
    await local.say(found, Deed.ANSWER)
    assert found.author is not None
    await local.forgetting.forget_author(found.author)
    made = await case(local, "inc_1")
    assert [item["text"] for item in made["complaints"]] == [None]
    page = written(made, case_document, Form.HTML, made_at=local.clock.now()).decode()
    assert page.count("已删除") == 2


async def test_what_was_merged_into_it_came_along(local: ComplaintScene) -> None:
    await local.crisis("inc_whole", scenario="outage")
    await local.crisis("inc_part")
    found = await local.one()
    part = tables.incident.c.id == "inc_part"
    merged = tables.incident.update().where(part)
    async with local.database.write() as connection:
        await connection.execute(merged.values(state="merged", merged_into="inc_whole"))
    assert [item["id"] for item in (await case(local, "inc_whole"))["complaints"]] == [found.id]


async def test_those_of_monitors_out_of_sight_are_not(local: ComplaintScene) -> None:
    await local.crisis("inc_milk", monitor_id="milk", scenario="outage")
    (tea,) = await local.notice(complaining(1))
    await local.desk.relate(LIN, tea.id, incident_id="inc_milk")
    assert (await case(local, "inc_milk", limited(RUI, "milk")))["complaints"] == []
    assert len((await case(local, "inc_milk"))["complaints"]) == 1


async def test_a_case_without_any_says_so(local: ComplaintScene) -> None:
    await local.crisis("inc_1")
    found = await case(local, "inc_1")
    assert (found["complaints"], found["complaints_cut"]) == ([], False)
    page = written(found, case_document, Form.HTML, made_at=local.clock.now()).decode()
    assert "没有投诉工单" in page
