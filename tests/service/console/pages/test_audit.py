"""The audit trail in the console."""

from __future__ import annotations

import json

from sqlalchemy import update

from service.audit import Sealer
from service.auth import SYSTEM, Role
from service.db.tables import audit_entry
from service.incidents import Kind
from service.incidents.audit_reading import read_trail
from service.monitors import BrandDraft
from tests.support.console_scene import ConsoleScene

TELLING = "她说她不想活了"


async def seal(scene: ConsoleScene) -> None:
    scene.clock.step(minutes=1)
    await Sealer(scene.container.database, owner="test").run(scene.clock.now())


async def test_the_trail_is_filtered_by_name_deed_and_day(scene: ConsoleScene):
    token = await scene.person("lin", Role.LEGAL)
    await scene.container.brands.put(SYSTEM, BrandDraft(id="chenyu", name="晨屿"))
    today = scene.clock.now().astimezone(scene.container.settings.zone).date()
    page = await scene.look("/audit?actor=system&action=brand.created", token)
    assert "chenyu" in page.texts
    assert "user.created" not in page.texts
    assert "chenyu" in (await scene.look(f"/audit?since={today}&until={today}", token)).texts
    before = await scene.look("/audit?until=2020-01-01", token)
    assert "没有符合条件的" in before.texts
    own = await scene.look("/audit?actor=lin", token)
    assert "user.password_changed" in own.texts
    assert "user.created" not in own.texts


async def test_addresses_that_mean_nothing_show_the_newest(scene: ConsoleScene):
    token = await scene.person("lin", Role.LEGAL)
    for question in ("after=x", f"after={'9' * 40}", "since=0001-01-01&until=9999-12-31"):
        page = await scene.look(f"/audit?{question}", token)
        assert page.status == 200
        assert "user.created" in page.texts, question


async def test_a_row_is_shown_whole(scene: ConsoleScene):
    token = await scene.person("lin", Role.LEAD)
    await seal(scene)
    (row, *_) = (await read_trail(scene.container.database, SYSTEM)).items
    page = await scene.look(f"/audit/{row.entry.id}", token)
    assert row.entry.action in page.texts
    assert row.entry.hash in page.texts
    for wrong in ("99999", "x", "9" * 30):
        assert (await scene.look(f"/audit/{wrong}", token)).status == 404


async def test_what_is_private_to_others_is_withheld(scene: ConsoleScene):
    incident = await scene.open(title=TELLING, kind=Kind.PERSON_AT_RISK)
    found = (await read_trail(scene.container.database, SYSTEM)).items
    number = next(it.entry.id for it in found if it.entry.subject_id == incident.id)
    admin = await scene.person("lin", Role.ADMIN)
    page = await scene.look("/audit?type=incident", admin)
    assert "私密事件：不显示" in page.texts
    assert "私密事件：不显示" not in (await scene.look("/audit?type=user", admin)).texts
    one = await scene.look(f"/audit/{number}", admin)
    assert any("你的角色看不到内容" in text for text in one.texts)
    lead = await scene.look("/audit?type=incident", await scene.person("kan", Role.LEAD))
    assert "私密事件：不显示" not in lead.texts


async def test_a_chain_that_holds_is_told_from_one_that_was_changed(scene: ConsoleScene):
    token = await scene.person("lin", Role.LEAD)
    await seal(scene)
    await scene.container.brands.put(SYSTEM, BrandDraft(id="chenyu", name="晨屿"))
    page = await scene.look("/audit", token)
    page.press("verify")
    await page.until(lambda: any("链条完好" in text for text in page.texts))
    assert any(text.startswith("◆ 最新的 1 行还没有封存") for text in page.texts)
    async with scene.container.database.write() as connection:
        spoilt = update(audit_entry).where(audit_entry.c.sequence == 2)
        await connection.execute(spoilt.values(actor="nobody"))
    page.press("verify")
    await page.until(lambda: any("第 2 行不对" in text for text in page.texts))
    assert "它在封存以后被改动过。" in page.texts


async def test_the_export_has_what_the_filters_let_through(scene: ConsoleScene):
    token = await scene.person("lin", Role.ADMIN)
    await scene.open(title=TELLING, kind=Kind.PERSON_AT_RISK)
    page = await scene.look("/audit?type=incident", token)
    page.press("export")
    await page.until(lambda: page.user.download.http_responses)
    (answer,) = page.user.download.http_responses
    assert any("已导出" in said for said in page.told)
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert rows
    assert {row["subject_type"] for row in rows} == {"incident"}
    assert all(row["withheld"] and row["data"] is None for row in rows)
    assert TELLING not in answer.text


async def test_who_may_not_read_the_trail_is_told_who_may(scene: ConsoleScene):
    page = await scene.look("/audit", await scene.person("kan", Role.ANALYST))
    assert page.status == 403
    assert "user.created" not in page.texts
