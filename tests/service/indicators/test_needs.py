"""What people want, by how many of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nlp.causes import load_causes
from service.auth import SYSTEM, Principal, PrincipalKind, Role
from service.errors import Forbidden, NotFound
from service.indicators import Needs, NeedsReport, Window
from service.indicators.figure import Silence
from service.settings import load_settings
from tests.support.clock import START
from tests.support.indicator_scene import DAY, HOUR, IndicatorScene

WEEK = Window(since=START - 7 * DAY, until=START)
LATE, LOGIN = "外卖超时一个小时", "一直登不上，怎么办"


async def report(scene: IndicatorScene, *, most: int = 20_000, limit: int = 50) -> NeedsReport:
    needs = Needs(
        store=scene.store,
        surroundings=scene.surroundings,
        finder=load_causes(),
        zone=load_settings({}).zone,
        most=most,
    )
    return await needs.report(SYSTEM, "tea", WEEK, limit=limit)


async def wants(
    scene: IndicatorScene, authors: int, *, intent: str, name: str = "au", **changes: Any
) -> None:
    for number in range(authors):
        await scene.posts(1, intent=intent, author=f"{name}_{number}", **changes)


async def test_needs_are_ranked_by_authors_not_by_posts(scene: IndicatorScene) -> None:
    await wants(scene, 9, intent="question", text=LOGIN)
    await wants(scene, 6, intent="complaint", text=LATE)
    await scene.posts(20, intent="complaint", text=LATE, author="au_0")
    await wants(scene, 4, intent="suggestion", text="希望出小杯")
    await wants(scene, 30, intent="praise", text=LATE)
    found = await report(scene)
    assert [
        (need.kind, None if need.cause is None else need.cause.id, need.authors, need.posts)
        for need in found.items
    ] == [
        ("question", "cannot_log_in", 9, 9),
        ("complaint", "late_delivery", 6, 26),
        ("suggestion", None, 4, 4),
    ]
    assert (found.posts, found.read, found.reason, found.left_out) == (39, 39, None, 0)


async def test_growth_since_the_week_before(scene: IndicatorScene) -> None:
    await wants(scene, 20, intent="complaint", text=LATE)
    await wants(scene, 8, intent="complaint", text=LATE, ago=10 * DAY)
    await wants(scene, 20, intent="question", text=LOGIN)
    await wants(scene, 2, intent="question", text=LOGIN, ago=10 * DAY)
    late, login = (await report(scene)).items
    assert (late.before, late.growth) == (8, 1.5)
    assert (login.before, login.growth) == (2, None)


async def test_a_sample_has_no_growth(scene: IndicatorScene) -> None:
    for number in range(30):
        ago = (number + 1) * HOUR
        await scene.posts(1, intent="complaint", text=LATE, author=f"au_{number}", ago=ago)
    await wants(scene, 8, intent="complaint", text=LATE, ago=10 * DAY)
    found = await report(scene, most=25)
    assert (found.posts, found.read) == (30, 25)
    assert found.items[0].growth is None


async def test_what_two_people_want_is_left_out(scene: IndicatorScene) -> None:
    await wants(scene, 2, intent="complaint", text=LATE)
    await wants(scene, 20, intent="question", text=LOGIN)
    found = await report(scene)
    assert [need.kind for need in found.items] == ["question"]
    assert found.left_out == 1


async def test_too_few_posts_say_nothing(scene: IndicatorScene) -> None:
    await wants(scene, 19, intent="complaint", text=LATE)
    found = await report(scene)
    assert (found.reason, found.items, found.posts) == (Silence.NOT_ENOUGH_DATA, (), 19)


async def test_the_limit_cuts_what_fewer_want(scene: IndicatorScene) -> None:
    await wants(scene, 20, intent="complaint", text=LATE)
    await wants(scene, 5, intent="question", text=LOGIN)
    assert [need.authors for need in (await report(scene, limit=1)).items] == [20]


async def test_quotes_are_masked_distinct_and_lead_to_their_posts(scene: IndicatorScene) -> None:
    await wants(scene, 20, intent="complaint", text=LATE, likes=1, copy_group="same")
    (loud,) = await scene.posts(
        1, intent="complaint", text=f"{LATE}，打 13800138000 没人接", author="au_x", likes=9
    )
    await scene.posts(1, intent="complaint", text=f"又是{LATE}", author="au_x", likes=8)
    await scene.posts(1, intent="complaint", text=f"删了的{LATE}", likes=99, deleted_at=START)
    await scene.posts(1, intent="complaint", text=f"{LATE}。" * 60, author="au_y", likes=3)
    (need,) = [
        item
        for item in (await report(scene)).items
        if item.cause is not None and item.cause.id == "late_delivery"
    ]
    first, second, third = need.quotes
    assert (first.post, first.href) == (loud.id, f"/v1/posts/{loud.id}")
    assert "13800138000" not in first.text
    assert first.text.startswith(LATE)
    assert len(second.text) == 160
    assert third.text == LATE


@pytest.mark.parametrize(
    "risk",
    [
        {"categories": ("self_harm",)},
        {"analysis": {"intent": {"label": "complaint"}, "patterns": [{"pattern": "self_harm"}]}},
    ],
)
async def test_somebody_in_danger_is_nobodys_example(
    scene: IndicatorScene, risk: dict[str, Any]
) -> None:
    (made,) = await scene.posts(1, intent="complaint", text=f"{LATE}，不想活了", likes=9)
    await scene.store.upsert([replace(made, **risk, version=2, content_hash="changed")])
    await wants(scene, 20, intent="complaint", text=LATE)
    (need,) = (await report(scene)).items
    assert made.id not in [quote.post for quote in need.quotes]


async def test_who_may_not_read_posts_gets_no_quotes(scene: IndicatorScene) -> None:
    needs = Needs(
        store=scene.store,
        surroundings=scene.surroundings,
        finder=load_causes(),
        zone=load_settings({}).zone,
    )
    key = Principal(id="k", kind=PrincipalKind.KEY, name="k", roles=frozenset({Role.CLASSIFIER}))
    with pytest.raises(Forbidden):
        await needs.report(key, "tea", WEEK)
    with pytest.raises(NotFound):
        await needs.report(SYSTEM, "nobody", WEEK)
