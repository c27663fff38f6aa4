"""Share of voice by brand."""

from __future__ import annotations

import pytest

from service.auth import SYSTEM
from service.errors import Forbidden
from service.indicators import VoiceBook, Window
from service.indicators.figure import Silence
from service.monitors import BrandDraft, BrandKind, MonitorDraft
from tests.support.clock import START
from tests.support.incident_scene import LEAD, person
from tests.support.indicator_scene import DAY, IndicatorScene

WINDOW = Window(since=START - 7 * DAY, until=START)


def voices(scene: IndicatorScene) -> VoiceBook:
    return VoiceBook(store=scene.store, surroundings=scene.surroundings)


async def test_our_brand_first_then_rivals_by_posts_each_post_once(scene: IndicatorScene) -> None:
    await scene.brands.put(SYSTEM, BrandDraft(id="lan", name="lan", kind=BrandKind.COMPETITOR))
    for monitor in ("lan1", "lan2"):
        await scene.monitors.put(
            SYSTEM, MonitorDraft(id=monitor, name=monitor, query="茶", brand_id="lan")
        )
    await scene.posts(30)
    await scene.posts(10, monitors=("rival",))
    await scene.posts(20, monitors=("lan1", "lan2"))
    found = await voices(scene).of(LEAD, "tea", WINDOW)
    assert [(item.brand_id, item.posts) for item in found.items] == [
        ("chengyu", 30),
        ("lan", 20),
        ("yunpu", 10),
    ]
    assert found.items[1].monitors == ("lan1", "lan2")
    assert (found.n, found.reason) == (60, None)


async def test_few_posts_say_nothing_and_nobody_beside_us_neither(scene: IndicatorScene) -> None:
    await scene.posts(3)
    assert (await voices(scene).of(SYSTEM, "tea", WINDOW)).reason is Silence.NOT_ENOUGH_DATA
    assert (await voices(scene).of(SYSTEM, "loose", WINDOW)).reason is Silence.NO_RIVALS


async def test_a_stranger_is_refused(scene: IndicatorScene) -> None:
    with pytest.raises(Forbidden):
        await voices(scene).of(person("nobody"), "tea", WINDOW)
