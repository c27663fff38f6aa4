"""Review in the console."""

from __future__ import annotations

import asyncio

from nicegui import ui
from sqlalchemy import select

from service.auth import Principal, PrincipalKind, Role
from service.console.session import BASE
from service.db import tables
from service.moderation.case import CaseLabel
from service.moderation.review import ReviewItem
from service.moderation.review.intake import case_id
from tests.support.console_scene import ConsoleScene, Viewer
from tests.support.review_scene import case

STREAM = "/review/stream"


async def filed(scene: ConsoleScene, *texts: str, **given: object) -> list[ReviewItem]:
    """Texts before people, in that order."""
    made = []
    for text in texts:
        one = case(text, **{"item_id": text[:40], "at": scene.clock.now(), **given})
        await scene.container.review.intake.file([one])
        made.append(await item(scene, case_id(one)))
        scene.clock.step(seconds=1)
    return made


async def item(scene: ConsoleScene, item_id: str) -> ReviewItem:
    lead = Principal(
        id="usr_lead",
        kind=PrincipalKind.USER,
        name="lead",
        roles=frozenset({Role.LEAD}),
        monitors=None,
    )
    return (await scene.container.review.desk.file(lead, item_id)).item


async def verdicts(scene: ConsoleScene) -> list[tuple[str, str, str]]:
    async with scene.database.read() as connection:
        rows = await connection.execute(
            select(tables.review_verdict).order_by(tables.review_verdict.c.at)
        )
        return [(row.item_id, row.ruling, row.reason) for row in rows]


def settle(scene: ConsoleScene) -> None:
    """Let the item be looked at for a while."""
    scene.clock.step(seconds=1)


async def sent(scene: ConsoleScene, page: Viewer, count: int) -> None:
    """Ten seconds later the decisions have been given."""
    await page.until(lambda: "送出倒计时" in page.texts)
    scene.clock.step(seconds=11)
    await page.until(lambda: page.texts.count("已送出") == count)


async def test_what_waits_is_passed_and_blocked_with_reasons(scene: ConsoleScene) -> None:
    first, second = await filed(scene, "加微信领红包", "晨屿的新品不错")
    page = await scene.look(STREAM, await scene.person("wu", Role.REVIEWER))
    assert "加微信" in "".join(page.texts)
    settle(scene)
    page.press("block")
    await page.until(lambda: any("晨屿的新品" in text for text in page.texts))
    settle(scene)
    page.press("reason-misread")
    await page.until(lambda: "没有等你处理的内容了" in page.texts)
    assert await verdicts(scene) == []
    await sent(scene, page, 2)
    assert await verdicts(scene) == [
        (first.id, "block", "diversion"),
        (second.id, "pass", "misread"),
    ]


async def test_a_decision_is_undone_within_ten_seconds(scene: ConsoleScene) -> None:
    [only] = await filed(scene, "加微信领红包")
    page = await scene.look(STREAM, await scene.person("wu", Role.REVIEWER))
    settle(scene)
    page.press("block")
    await page.until(lambda: "没有等你处理的内容了" in page.texts)
    page.press("undo")
    await page.until(lambda: "没有等你处理的内容了" not in page.texts)
    settle(scene)
    page.press("pass")
    await sent(scene, page, 1)
    assert await verdicts(scene) == [(only.id, "pass", "innocent")]


async def test_a_second_key_at_once_is_not_for_the_next_item(scene: ConsoleScene) -> None:
    await filed(scene, "第一条", "第二条")
    page = await scene.look(STREAM, await scene.person("wu", Role.REVIEWER))
    settle(scene)
    page.press("pass")
    await page.until(lambda: "第二条" in page.texts)
    page.press("pass")
    await page.until(lambda: page.texts.count("送出倒计时") == 1)
    assert "第二条" in page.texts


async def test_two_reviewers_have_different_items(scene: ConsoleScene) -> None:
    await filed(scene, *(f"文本{number}号" for number in range(10)))
    wu = await scene.look(STREAM, await scene.person("wu", Role.REVIEWER))
    lu = await scene.look(STREAM, await scene.person("lu", Role.REVIEWER))
    assert "文本0号" in wu.texts
    assert "文本4号" in lu.texts


async def test_an_item_is_left_to_the_panel_with_a_reason(scene: ConsoleScene) -> None:
    [only] = await filed(scene, "加微信领红包")
    page = await scene.look(STREAM, await scene.person("wu", Role.REVIEWER))
    settle(scene)
    page.press("escalate")
    await page.until(lambda: "为什么定不了" in str([e.props for e in page.elements]))
    page.user.find(kind=ui.textarea).type("像是暗语，拿不准")
    page.answer("上交专家组")
    await page.until(lambda: "已上交" in page.texts)
    await sent(scene, page, 1)
    expert = await scene.look(STREAM, await scene.person("ma", Role.EXPERT))
    assert "像是暗语，拿不准" in expert.texts
    assert (await item(scene, only.id)).line == "third"


async def test_what_is_skipped_is_for_others_again(scene: ConsoleScene) -> None:
    [only] = await filed(scene, "加微信领红包")
    page = await scene.look(STREAM, await scene.person("wu", Role.REVIEWER))
    page.press("next")
    await page.until(lambda: "没有等你处理的内容了" in page.texts)
    assert (await item(scene, only.id)).state == "pending"


async def test_leaving_the_page_sends_what_was_decided(scene: ConsoleScene) -> None:
    first, second = await filed(scene, "第一条", "第二条")
    page = await scene.look(STREAM, await scene.person("wu", Role.REVIEWER))
    settle(scene)
    page.press("pass")
    await page.until(lambda: "第二条" in page.texts)
    client = page.user.client
    assert client is not None
    for handler in client.disconnect_handlers:
        client.safe_invoke(handler)

    for _ in range(75):
        if (await item(scene, second.id)).state == "pending":
            break
        await asyncio.sleep(0.02)
    assert [row[0] for row in await verdicts(scene)] == [first.id]
    assert (await item(scene, second.id)).state == "pending"


async def test_a_block_needs_a_reason_where_the_machine_gives_none(scene: ConsoleScene) -> None:
    await filed(scene, "说不清的一条", labels=())
    page = await scene.look(STREAM, await scene.person("wu", Role.REVIEWER))
    settle(scene)
    page.press("block")
    await page.until(lambda: any("请按一个理由的键" in note for note in page.told))
    assert "说不清的一条" in page.texts


async def test_the_masked_text_is_shown_whole_for_a_reason(scene: ConsoleScene) -> None:
    await filed(scene, "打我电话 13812345678")
    page = await scene.look(STREAM, await scene.person("wu", Role.REVIEWER))
    assert "13812345678" not in "".join(page.texts)
    page.press("reveal")
    await page.until(lambda: any("个人信息会显示" in text for text in page.texts))
    page.user.find(kind=ui.textarea).type("核对是不是引流号码")
    page.answer("看原文")
    await page.until(lambda: "13812345678" in "".join(page.texts))


async def test_an_expert_sees_the_appeal_and_agreement_only_afterwards(
    scene: ConsoleScene,
) -> None:
    [only] = await filed(scene, "加微信领红包")
    wu = await scene.look(STREAM, await scene.person("wu", Role.REVIEWER))
    settle(scene)
    wu.press("block")
    await sent(scene, wu, 1)
    lead = await scene.look(f"/review/items/{only.id}", await scene.person("li", Role.LEAD))
    lead.press("appeal")
    await lead.until(lambda: any("只能申诉一次" in text for text in lead.texts))
    lead.user.find(kind=ui.textarea).type("我只是发红包")
    lead.answer("代用户申诉")
    await lead.until(lambda: any("申诉已提交" in script for script in lead.scripts))
    expert = await scene.look(STREAM, await scene.person("ma", Role.EXPERT))
    assert "我只是发红包" in expert.texts
    assert not any("二线审核：" in text for text in expert.texts)
    settle(scene)
    expert.press("pass")
    await sent(scene, expert, 1)
    assert any("二线审核：拦截" in text for text in expert.texts)
    assert "看法不同" in expert.texts


async def test_legal_gets_advertisements_and_their_reasons(scene: ConsoleScene) -> None:
    await filed(scene, "全网最好的咖啡", kind="advertisement")
    page = await scene.look(STREAM, await scene.person("qi", Role.LEGAL))
    assert "reason-ad_unmarked" in page.keys
    assert "escalate" not in page.keys


async def test_the_overview_tells_what_waits_and_who_works(scene: ConsoleScene) -> None:
    await filed(scene, "第一条", "第二条")
    token = await scene.person("wu", Role.REVIEWER)
    stream = await scene.look(STREAM, token)
    settle(scene)
    stream.press("pass")
    await sent(scene, stream, 1)
    page = await scene.look("/review", token, language="en")
    await page.until(lambda: "1 within the hour, 1 in hand" in page.texts)
    assert "第二条" in page.texts
    assert "第一条" not in page.texts
    page.pick(state=["decided"])
    await page.until(lambda: "第一条" in page.texts)


async def test_the_lead_looks_and_does_not_decide(scene: ConsoleScene) -> None:
    await filed(scene, "第一条")
    token = await scene.person("li", Role.LEAD)
    assert "start" not in (await scene.look("/review", token)).keys
    refused = await (await scene.http(token)).get(f"{BASE}{STREAM}")
    assert refused.status_code == 403
    assert "第一条" not in refused.text


async def test_the_machines_labels_are_confirmed_by_ticks(scene: ConsoleScene) -> None:
    labels = (
        CaseLabel(label="diversion", score=0.6, source="lexicon"),
        CaseLabel(label="spam", score=0.5, source="model"),
    )
    [only] = await filed(scene, "加微信领红包", labels=labels)
    page = await scene.look(STREAM, await scene.person("wu", Role.REVIEWER))
    assert "同时确认机器的标签" in page.texts
    settle(scene)
    page.press("block")
    await sent(scene, page, 1)
    assert (await item(scene, only.id)).ruling == "block"


async def test_what_a_text_answers_stands_above_it(scene: ConsoleScene) -> None:
    await filed(scene, "同感，加我", parent="谁有退款的门路？电话 13812345678", session=("在吗",))
    page = await scene.look(STREAM, await scene.person("wu", Role.REVIEWER))
    assert any("谁有退款的门路" in text for text in page.texts)
    assert "在吗" in page.texts
    assert "13812345678" not in "".join(page.texts)
