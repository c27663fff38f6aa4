"""More time for steps, links, splits, pages sent again, evidence corrected and verified."""

from __future__ import annotations

from nicegui import ui
from sqlalchemy import update

from service.auth import Role
from service.db import tables
from service.monitors import ChannelDraft, ChannelKind
from tests.support.console_scene import ConsoleScene, Viewer
from tests.support.stored_posts import stored_post


async def at(
    scene: ConsoleScene, incident_id: str, tab: str, *roles: Role, name: str = "lin"
) -> Viewer:
    token = await scene.person(name, *(roles or (Role.LEAD,)))
    return await scene.look(f"/incidents/{incident_id}?tab={tab}", token)


async def test_more_time_is_asked_for_and_granted_by_another(scene: ConsoleScene):
    incident = await scene.open()
    lin = await at(scene, incident.id, "timeline")
    rui = await at(scene, incident.id, "timeline", Role.RESPONDER, name="rui")
    rui.press("delay-evidence_saved")
    await rui.until(lambda: rui.of(ui.dialog))
    form = f"delay-{incident.id}-evidence_saved"
    rui.send(form, kind="extend", minutes="0", reason="平台限流")
    await rui.until(lambda: rui.refused("minutes"))
    rui.send(form, kind="extend", minutes="30", reason="平台限流")
    await rui.until(lambda: "rui 申请延长 30分：平台限流" in rui.texts)
    assert "grant-evidence_saved" not in rui.keys, "nobody grants what they asked for"
    before = (await scene.steps(incident.id))["evidence_saved"].due_at
    scene.clock.step(seconds=1)
    await lin.until(lambda: "grant-evidence_saved" in lin.keys)
    lin.press("grant-evidence_saved")
    await lin.until(lambda: lin.of(ui.dialog))
    lin.answer("同意")
    await lin.until(lambda: "grant-evidence_saved" not in lin.keys)
    after = (await scene.steps(incident.id))["evidence_saved"].due_at
    assert before is not None
    assert after is not None
    assert (after - before).total_seconds() == 30 * 60


async def test_a_link_is_made_and_taken_back_with_ten_seconds_to_undo(scene: ConsoleScene):
    incident, other = await scene.open(), await scene.open(scenario="outage")
    page = await at(scene, incident.id, "related")
    page.press("link")
    await page.until(lambda: page.of(ui.dialog))
    page.send(f"link-{incident.id}", kind="caused_by", to="inc_none", note="")
    await page.until(lambda: any("inc_none" in text for text in page.texts))
    page.send(f"link-{incident.id}", kind="caused_by", to=other.id, note="同一批货")
    await page.until(lambda: f"unlink-{other.id}" in page.keys)
    page.press(f"unlink-{other.id}")
    await page.until(lambda: "undo" in page.keys)
    assert await scene.count(tables.incident_link) == 0
    page.press("undo")
    await page.until(lambda: f"unlink-{other.id}" in page.keys)
    assert await scene.count(tables.incident_link) == 1


async def test_some_posts_become_an_incident_of_their_own(scene: ConsoleScene):
    incident = await scene.open()
    page = await at(scene, incident.id, "evidence")
    page.press("split")
    await page.until(lambda: page.of(ui.dialog))
    page.send(f"split-{incident.id}", posts=["post2"], title="另一种漏水", reason="不是一回事")
    await page.until(lambda: any("/console/incidents/inc_" in code for code in page.scripts))
    made = [row["title"] for row in await scene.rows(tables.incident) if row["id"] != incident.id]
    assert made == ["另一种漏水"]


async def test_a_dead_page_is_looked_into_and_sent_again(scene: ConsoleScene):
    incident = await scene.open()
    await scene.deliver(ChannelDraft(id="ops", kind=ChannelKind.RECORDING, name="值班群"))
    async with scene.database.write() as connection:
        await connection.execute(
            update(tables.delivery).values(state="dead", attempts=9, reason="refused")
        )
    page = await at(scene, incident.id, "notices")
    (first,) = [key for key in page.keys if key.startswith("again-")][:1]
    page.press(first.replace("again-", "log-"))
    await page.until(lambda: "对方已收下" in page.texts)
    page.answer("关闭")
    page.press(first)
    await page.until(lambda: any("值班群" in text and "马上" in text for text in page.texts))
    page.answer("重新发送")
    await page.until(lambda: first not in page.keys)
    audit = [row["action"] for row in await scene.rows(tables.audit_entry)]
    assert audit.count("delivery.replayed") == 1


async def test_a_viewer_is_not_offered_to_send_again(scene: ConsoleScene):
    incident = await scene.open()
    await scene.deliver(ChannelDraft(id="ops", kind=ChannelKind.RECORDING, name="值班群"))
    async with scene.database.write() as connection:
        await connection.execute(update(tables.delivery).values(state="dead"))
    page = await at(scene, incident.id, "notices", Role.VIEWER)
    assert not any(key.startswith("again-") for key in page.keys)


async def test_how_a_post_was_read_is_corrected(scene: ConsoleScene):
    await scene.container.store.upsert([stored_post(1, id="post1", sentiment="negative")])
    incident = await scene.open()
    page = await at(scene, incident.id, "evidence")
    page.press("correct-post1")
    await page.until(lambda: page.of(ui.dialog))
    page.send("correct-post1", label="sentiment:positive", note="是反话")
    await page.until(lambda: not page.of(ui.dialog))
    (row,) = await scene.rows(tables.correction)
    assert (row["head"], row["label"], row["machine"]) == ("sentiment", "positive", "negative")


async def test_hashes_are_computed_anew_and_what_changed_is_named(scene: ConsoleScene):
    incident = await scene.open()
    page = await at(scene, incident.id, "evidence", Role.VIEWER)
    page.press("verify")
    await page.until(lambda: "2 条与冻结时不一致：" in page.texts)
    assert "evidence_verified" in await scene.kinds()


async def test_text_and_author_are_shown_for_a_reason_that_is_audited(scene: ConsoleScene):
    incident = await scene.open()
    page = await at(scene, incident.id, "evidence")
    page.press("reveal-post1")
    await page.until(lambda: page.of(ui.dialog))
    page.answer("查看原文与作者")
    await page.until(lambda: "请把上面的内容填完整。" in page.texts)
    dialog = page.of(ui.dialog)[-1]
    box = next(item for item in dialog.descendants() if isinstance(item, ui.textarea))
    box.set_value("要联系本人")
    page.answer("查看原文与作者")
    await page.until(lambda: "原文已不在，只剩隐去个人信息的副本。" in page.texts)
    deeds = [row["action"] for row in await scene.rows(tables.audit_entry)]
    assert any("reveal" in deed for deed in deeds)
