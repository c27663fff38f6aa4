"""Ended incidents, newest first."""

from __future__ import annotations

from service.auth import Role
from service.incidents import Action
from tests.support.console_scene import ConsoleScene


async def test_only_ended_incidents_are_listed_with_their_end(scene: ConsoleScene):
    await scene.open()
    ended = await scene.open(scenario="outage")
    await scene.act(ended.id, Action.MARK_FALSE_POSITIVE)
    page = await scene.look("/history", await scene.person("lin", Role.LEAD))
    assert page.keys == [f"open-{ended.id}"]
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
    first = await scene.look("/history", token)
    assert len(first.keys) == 50
    (following,) = [
        str(item.props["href"])
        for item in first.elements
        if "/history?" in str(item.props.get("href"))
    ]
    second = await scene.look(following.removeprefix("/console"), token)
    assert len(second.keys) == 1
    assert not set(second.keys) & set(first.keys)


async def test_a_spoilt_address_begins_at_the_newest(scene: ConsoleScene):
    ended = await scene.open()
    await scene.act(ended.id, Action.MARK_FALSE_POSITIVE)
    token = await scene.person("lin", Role.LEAD)
    for query in ("?at=nonsense&id=x", "?at=2024-03-01T00:00:00"):
        assert (await scene.look(f"/history{query}", token)).keys == [f"open-{ended.id}"]
