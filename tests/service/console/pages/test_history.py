"""Ended incidents, newest first."""

from __future__ import annotations

from service.auth import Role
from service.incidents import Action
from tests.support.console_scene import ConsoleScene, Viewer


def opened(page: Viewer) -> list[str]:
    """The links to incidents, in their order."""
    return [key for key in page.keys if key.startswith("open-")]


async def test_only_ended_incidents_are_listed_with_their_end(scene: ConsoleScene):
    await scene.open()
    ended = await scene.open(scenario="outage")
    await scene.act(ended.id, Action.MARK_FALSE_POSITIVE)
    page = await scene.look("/history", await scene.person("lin", Role.LEAD))
    assert opened(page) == [f"open-{ended.id}"]
    for text in ("误报", "结束于"):
        assert text in page.texts


async def test_nothing_has_ended_yet(scene: ConsoleScene):
    page = await scene.look("/history", await scene.person("lin", Role.LEAD))
    assert "还没有结束的事件" in page.texts


async def test_a_long_history_goes_on_where_the_page_ended(scene: ConsoleScene):
    for number in range(51):
        incident = await scene.open(monitor_id=f"m{number:02}")
        await scene.act(incident.id, Action.MARK_FALSE_POSITIVE)
        scene.clock.step(minutes=1)
    token = await scene.person("lin", Role.LEAD)
    page = await scene.look("/history", token)
    first = opened(page)
    assert len(first) == 50
    page.press("list-later")
    await page.until(lambda: len(opened(page)) == 1)
    assert not set(opened(page)) & set(first)
    (address,) = [script for script in page.scripts if "after=" in script]
    query = address[address.index("?") : address.rindex('"')]
    again = await scene.look(f"/history{query}", token)
    assert opened(again) == opened(page)


async def test_ended_ones_are_found_by_outcome_tier_and_text(scene: ConsoleScene):
    false, merged = await scene.open(), await scene.open(scenario="outage", tier="red")
    await scene.act(false.id, Action.MARK_FALSE_POSITIVE)
    await scene.act(merged.id, Action.ACKNOWLEDGE, Action.RESPOND, Action.RESOLVE, Action.CLOSE)
    page = await scene.look("/history?state=closed", await scene.person("lin", Role.LEAD))
    assert opened(page) == [f"open-{merged.id}"]
    page.pick(q="质量")
    await page.until(lambda: opened(page) == [f"open-{false.id}"])
    page.pick(tier=["red"])
    await page.until(lambda: opened(page) == [f"open-{merged.id}"])


async def test_a_spoilt_address_says_so(scene: ConsoleScene):
    ended = await scene.open()
    await scene.act(ended.id, Action.MARK_FALSE_POSITIVE)
    token = await scene.person("lin", Role.LEAD)
    assert opened(await scene.look("/history?state=new", token)) == [f"open-{ended.id}"]
    for cursor in ("nonsense", "2024-03-01T00:00:00%20inc_1"):
        assert (await scene.look(f"/history?after={cursor}", token)).status == 422
