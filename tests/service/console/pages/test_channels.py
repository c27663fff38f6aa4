"""Channels in the console: secrets go in and never come out; a test shows what was answered."""

from __future__ import annotations

from dataclasses import replace

from service.auth import SYSTEM, Role
from service.monitors import ChannelDraft, ChannelKind
from service.oncall import ContactDraft
from service.oncall.model import ContactChannel
from tests.support.console_scene import ConsoleScene

ROBOT = ChannelDraft(
    id="duty",
    kind=ChannelKind.DINGTALK,
    name="值班群",
    url="https://robot.example/send?access_token=hush-hush-token",
)
TAPE = ChannelDraft(id="tape", kind=ChannelKind.RECORDING, name="记录")


async def test_the_list_names_the_host_and_never_the_address(scene: ConsoleScene):
    await scene.container.channels.put(SYSTEM, ROBOT)
    page = await scene.look("/channels", await scene.person("kan", Role.VIEWER))
    assert {"值班群", "钉钉机器人", "robot.example", "启用"} <= set(page.texts)
    assert not any("hush-hush" in text for text in page.texts)


async def test_an_admin_changes_a_channel_and_its_address_stays(scene: ConsoleScene):
    await scene.container.channels.put(SYSTEM, ROBOT)
    page = await scene.look("/channels/duty", await scene.person("guan", Role.ADMIN))
    sent = {"name": "夜班群", "url": "", "secrets": "", "minimum_tier": "orange", "enabled": True}
    page.send("channel-duty", **sent, **{"settings.keyword": "烽燧", "settings.people": ""})
    await page.until(lambda: any("已保存" in script for script in page.scripts))
    kept = await scene.container.channels.get("duty")
    assert (kept.name, kept.url_host, kept.minimum_tier) == ("夜班群", "robot.example", "orange")
    assert kept.settings == {"keyword": "烽燧"}
    assert not any("hush-hush" in text for text in page.texts)


async def test_what_is_no_json_is_refused_at_its_field_with_its_place(scene: ConsoleScene):
    await scene.container.channels.put(SYSTEM, ROBOT)
    page = await scene.look("/channels/duty", await scene.person("guan", Role.ADMIN))
    page.send("channel-duty", name="值班群", **{"settings.people": '{"a": \n oops}'})
    await page.until(lambda: "第 2 行" in page.refused("settings.people"))
    assert (await scene.container.channels.get("duty")).settings == {}


async def test_a_new_webhook_shows_its_secret_once(scene: ConsoleScene):
    page = await scene.look("/channels/_new?kind=webhook", await scene.person("guan", Role.ADMIN))
    page.send(
        "channel-new-webhook",
        id="hook",
        name="工单系统",
        url="https://hooks.example/in",
        secrets="",
        enabled=True,
    )
    await page.until(lambda: "签名密钥只显示这一次" in page.texts)
    (secret,) = [text for text in page.texts if text.startswith("whsec_")]
    page.press("secret-taken")
    await page.until(lambda: any("/channels/hook" in script for script in page.scripts))
    (target,) = await scene.container.channels.targets()
    assert target.secrets == (secret,)


async def test_kinds_are_offered_before_a_channel_is_made(scene: ConsoleScene):
    page = await scene.look("/channels/_new", await scene.person("guan", Role.ADMIN))
    assert {"钉钉机器人", "飞书机器人", "邮件", "PagerDuty"} <= set(page.texts)


async def test_a_test_message_shows_what_came_back(scene: ConsoleScene):
    await scene.container.channels.put(SYSTEM, TAPE)
    page = await scene.look("/channels/tape", await scene.person("fang", Role.LEAD))
    page.press("try-channel")
    await page.until(lambda: "✓ 已送达" in page.texts)
    assert len(scene.container.recorder.sent) == 1


async def test_a_responder_may_not_test_nor_change(scene: ConsoleScene):
    await scene.container.channels.put(SYSTEM, TAPE)
    page = await scene.look("/channels/tape", await scene.person("wu", Role.RESPONDER))
    assert not {"try-channel", "delete", "rotate", "submit-channel-tape"} & set(page.keys)


async def test_deleting_a_channel_that_stands_in_for_another_is_refused(scene: ConsoleScene):
    await scene.container.channels.put(SYSTEM, TAPE)
    leaning = replace(ROBOT, settings={"fallback": "tape"})
    await scene.container.channels.put(SYSTEM, leaning)
    page = await scene.look("/channels/tape", await scene.person("guan", Role.ADMIN))
    page.press("delete")
    await page.until(lambda: "删除渠道“记录”？" in page.texts)
    page.answer("删除")
    await page.until(lambda: any("duty as its fallback" in said for said in page.told))
    assert len(await scene.container.channels.every()) == 2


async def test_a_channel_says_whom_it_reaches(scene: ConsoleScene):
    await scene.container.channels.put(SYSTEM, TAPE)
    person = ContactDraft(id="lin", name="林一", channels=(ContactChannel(channel="tape"),))
    await scene.container.contacts.put(SYSTEM, person)
    page = await scene.look("/channels/tape", await scene.person("wu", Role.RESPONDER))
    assert "林一" in page.texts
