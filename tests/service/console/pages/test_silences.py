"""Silences in the console: made with a reason and an end, ended early, refused to others."""

from __future__ import annotations

from datetime import timedelta

from service.auth import SYSTEM, Role
from service.oncall import Matcher
from tests.support.console_scene import ConsoleScene


def local(scene: ConsoleScene, **ahead: float) -> str:
    at = (scene.clock.now() + timedelta(**ahead)).astimezone(scene.container.settings.zone)
    return f"{at:%Y-%m-%dT%H:%M}"


async def test_a_responder_silences_a_tier_for_a_while(scene: ConsoleScene):
    page = await scene.look("/silences/_new", await scene.person("wu", Role.RESPONDER))
    sent = {"reason": "春晚投放", "since": "", "until": local(scene, hours=3)}
    page.send("silence-new", **sent, **{"matcher.tiers": ["yellow"]})
    await page.until(lambda: any("/silences/sil_" in script for script in page.scripts))
    (made,) = (await scene.container.silences.page(SYSTEM)).items
    assert (made.reason, made.matcher.tiers, made.gravest) == ("春晚投放", ("yellow",), False)


async def test_mistakes_land_at_their_fields_and_nothing_is_made(scene: ConsoleScene):
    page = await scene.look("/silences/_new", await scene.person("wu", Role.RESPONDER))
    page.send("silence-new", reason="x", since="", until=local(scene, days=30))
    await page.until(lambda: "7 days" in page.refused("until"))
    assert any("name a monitor, a scenario or a tier" in text for text in page.texts)
    assert (await scene.container.silences.page(SYSTEM)).items == ()


async def test_only_a_lead_is_offered_to_silence_the_gravest(scene: ConsoleScene):
    page = await scene.look("/silences/_new", await scene.person("wu", Role.RESPONDER))
    assert not any("也不呼叫" in text for text in page.texts)
    page = await scene.look("/silences/_new", await scene.person("fang", Role.LEAD))
    assert any("也不呼叫" in text for text in page.texts)


async def test_one_is_ended_before_its_time(scene: ConsoleScene):
    until = scene.clock.now() + timedelta(hours=3)
    made = await scene.container.silences.make(
        SYSTEM, Matcher(tiers=("yellow",)), reason="首发", until=until
    )
    token = await scene.person("wu", Role.RESPONDER)
    assert "◆ 静默中" in (await scene.look("/silences", token)).texts
    page = await scene.look(f"/silences/{made.id}", token)
    page.press("end-silence")
    await page.until(lambda: "现在结束静默？" in page.texts)
    page.answer("现在结束")
    await page.until(lambda: any("静默已结束" in script for script in page.scripts))
    assert (await scene.container.silences.get(SYSTEM, made.id)).ended_at is not None


async def test_a_viewer_only_reads(scene: ConsoleScene):
    until = scene.clock.now() + timedelta(hours=3)
    made = await scene.container.silences.make(
        SYSTEM, Matcher(tiers=("yellow",)), reason="首发", until=until
    )
    page = await scene.look(f"/silences/{made.id}", await scene.person("kan", Role.VIEWER))
    assert "首发" in page.texts
    assert "end-silence" not in page.keys
