"""What an incident keeps of why it has its tier."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crawlers import Author
from playbooks import Facts, Scope, next_tier
from service.incidents import Incident, repository
from service.incidents.model import UNCLASSIFIED, TierChange
from service.monitoring import Baselines, Explaining, Gathering, Planner, Situations
from service.monitoring.baseline import Baseline, History
from service.monitoring.explaining import HOURS, RULES, baseline_json, next_json
from service.monitoring.facts import EMPTY, Windows
from service.monitoring.grouping import Asked
from service.monitoring.planning import Plan
from service.monitoring.situation import SegmentView
from service.stores.errors import StoreError
from service.stores.post_store import Page
from tests.support.incident_scene import LEAD, shipped_library
from tests.support.watch_scene import HURT, WatchScene, complaint

MINUTE = timedelta(minutes=1)
NEUTRAL = "青柚茶今天下午三点在人民广场发放试吃装，先到先得"


async def history_of(watch: WatchScene, incident: Incident) -> tuple[TierChange, ...]:
    async with watch.container.database.read() as connection:
        return await repository.tier_history(connection, incident.id)


def explained(change: TierChange) -> dict[str, Any]:
    assert change.explanation is not None
    return dict(change.explanation)


async def test_an_incident_opens_with_its_explanation(watch: WatchScene) -> None:
    (said,) = await watch.say(HURT)
    await watch.wait(minutes=2)
    (change,) = await history_of(watch, await watch.only())
    explanation = explained(change)
    following = explanation["next"]
    assert following["tier"] == "orange"
    nearest = following["rules"][0]
    assert nearest["text"]["zh"].startswith("会升为较大（orange）：")
    assert all(gap["clause"] for gap in nearest["missing"])
    reached = [rule["reached"] for rule in following["rules"]]
    assert reached == sorted(reached, reverse=True)
    assert explanation["first_post"]["post"] == said.id
    assert explanation["copies"] == {"posts": 1, "distinct": 1, "groups": []}
    assert explanation["baseline"]["posts"]["seen"] == 1
    assert explanation["terms"]


async def test_a_raised_tier_has_an_explanation_of_its_own(watch: WatchScene) -> None:
    await watch.say(HURT)
    await watch.wait(minutes=2)
    await watch.say("青柚茶害我上吐下泻住院了", "我妈喝青柚茶食物中毒住院，谁来管管")
    await watch.wait(minutes=5)
    first, second = await history_of(watch, await watch.only())
    assert explained(first)["next"]["tier"] == "orange"
    assert explained(second)["next"]["tier"] == "red"
    assert explained(second)["copies"]["posts"] == 3


async def test_what_a_person_decides_is_not_explained_by_rules(watch: WatchScene) -> None:
    await watch.say(HURT)
    await watch.wait(minutes=2)
    incident = await watch.only()
    await watch.container.desk.set_tier(LEAD, incident.id, "red", reason="children")
    (_, second) = await history_of(watch, incident)
    assert second.explanation is None


async def test_copies_and_spreaders_are_named(watch: WatchScene) -> None:
    now = watch.clock.now()
    root = watch.post(now, HURT, author=Author(id="root", name="甲", followers=50))
    crowd = [
        watch.post(
            now + number * timedelta(seconds=5),
            "转发微博",
            repost_of=root.native_id,
            author=Author(id=f"r{number}", name="乙", followers=number),
        )
        for number in range(1, 5)
    ]
    await watch.arrive([root, *crowd])
    await watch.wait(minutes=3)
    (change,) = await history_of(watch, await watch.only())
    explanation = explained(change)
    (biggest, second, *_) = explanation["spreaders"]
    assert (biggest["post"], biggest["below"], biggest["followers"]) == (root.id, 4, 50)
    assert (second["below"], second["followers"]) == (0, 4)
    assert explanation["copies"]["posts"] == 5
    assert explanation["copies"]["distinct"] == 1
    assert explanation["copies"]["groups"][0]["posts"] == 5


async def test_an_explanation_is_small_and_holds_no_text(watch: WatchScene) -> None:
    await watch.say(*[complaint(number) for number in range(40)], apart=timedelta(seconds=10))
    await watch.wait(minutes=10)
    (incident,) = await watch.incidents()
    for change in await history_of(watch, incident):
        kept = json.dumps(explained(change), ensure_ascii=False)
        assert len(kept) < 8_000
        assert "质量太差，" not in kept


async def test_what_numbers_opened_is_explained_by_all_posts_and_their_origin(
    watch: WatchScene,
) -> None:
    now = watch.clock.now()
    root = watch.post(now, NEUTRAL, author=Author(id="root", name="甲", followers=50))
    crowd = [
        watch.post(
            now + number * timedelta(seconds=5),
            "转发微博",
            repost_of=root.native_id,
            author=Author(id=f"r{number}", name="乙", followers=number),
        )
        for number in range(1, 12)
    ]
    await watch.arrive([root, *crowd])
    store = watch.container.store
    stored = await store.get(root.id)
    assert stored is not None
    hour = replace(EMPTY, largest_group=stored.copy_group, largest_group_posts=12)
    view = replace(_view(posts_1h=12), scenario=UNCLASSIFIED, windows=Windows(hour=hour))
    explaining = Explaining(store=store, gathering=Gathering(store), library=shipped_library)
    (monitor,) = await watch.container.monitors.every()

    async def explained_by(clause: str) -> dict[str, Any]:
        asked = Asked(
            scenario=UNCLASSIFIED,
            tier="yellow",
            rank=1,
            reasons=({"clause": clause},),
            first_post_at=now,
            last_post_at=now,
        )
        later = now + timedelta(minutes=2)
        return await explaining.explain(monitor, view, asked, first_post_id=None, now=later)

    by_numbers = await explained_by("posts_1h ≥ 10")
    by_mood = await explained_by("negative_1h ≥ 10")

    assert by_numbers["copies"]["posts"] == 12
    assert (by_numbers["spreaders"][0]["post"], by_numbers["spreaders"][0]["below"]) == (
        root.id,
        11,
    )
    assert by_numbers["origin"]["post"] == root.id
    assert by_mood["copies"]["posts"] == 0


class _Broken:
    async def search(self, *_: Any, **__: Any) -> Page:
        raise StoreError("the disk is full")

    top_terms = search


def _view(**facts: float) -> SegmentView:
    return SegmentView(
        scenario="product_quality",
        windows=Windows(),
        baseline=Baseline(),
        facts=Facts(facts),
        matches=(),
        content="v1",
    )


async def test_a_store_that_fails_costs_only_its_part(watch: WatchScene) -> None:
    broken: Any = _Broken()
    explaining = Explaining(store=broken, gathering=Gathering(broken), library=shipped_library)
    now = watch.clock.now()
    asked = Asked(
        scenario="product_quality",
        tier="yellow",
        rank=1,
        reasons=(),
        first_post_at=now,
        last_post_at=now,
    )
    (monitor,) = await watch.container.monitors.every()
    explanation = await explaining.explain(
        monitor, _view(negative_1h=12), asked, first_post_id=None, now=now
    )
    assert explanation["next"]["tier"] == "orange"
    assert explanation["terms"] is explanation["spreaders"] is explanation["copies"] is None


class _Counted(Explaining):
    """Remembers the tiers that it was asked to explain."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self.asked: list[str] = []

    async def explain(
        self, monitor: Any, view: SegmentView, asked: Asked, **named: Any
    ) -> dict[str, Any]:
        self.asked.append(asked.tier)
        return await super().explain(monitor, view, asked, **named)


async def test_a_tick_that_gives_no_tier_explains_nothing(watch: WatchScene) -> None:
    store = watch.container.store
    gathering = Gathering(store)
    explaining = _Counted(store=store, gathering=gathering, library=shipped_library)
    situations = Situations(
        store=store, baselines=Baselines(store, ZoneInfo("Asia/Shanghai")), library=shipped_library
    )
    planner = Planner(
        situations=situations,
        gathering=gathering,
        tiers=shipped_library().tiers,
        explaining=explaining,
    )
    (monitor,) = await watch.container.monitors.every()

    async def planned() -> Plan:
        now = watch.clock.now()
        async with watch.container.database.read() as connection:
            standings = await repository.standings(connection, "tea", since=watch.start)
        hour = await situations.hour("tea", now)
        views = await situations.look(
            monitor, hour=hour, standings=standings, since=watch.start, now=now
        )
        return await planner.plan(monitor, views, standings, now=now)

    await watch.arrive([watch.post(watch.clock.now(), HURT)])
    assert (await planned()).opens[0][0].explanation is not None
    assert explaining.asked == ["yellow"]
    await watch.wait(minutes=2)
    assert (await watch.only()).tier == "yellow"
    await watch.arrive([watch.post(watch.clock.now(), f"{HURT}，又一个")])
    assert (await planned()).opens == []
    assert explaining.asked == ["yellow"]


def test_only_the_nearest_rules_and_the_latest_hours_are_kept() -> None:
    library = shipped_library()
    scope = Scope(scenario="safety_incident", has_brand=True)
    following = next_tier(library, scope, Facts(), above="yellow")
    assert following is not None
    assert len(next_json(following)["rules"]) <= RULES
    history = History(posts=tuple(range(200)), length_h=200)
    baseline = baseline_json(Facts({"posts_1h": 9, "negative_expected_1h": 0.5}), history)
    assert baseline["posts"]["hours"] == list(range(200))[-HOURS:]
    assert (baseline["posts"]["seen"], baseline["negative"]["expected"]) == (9, 0.5)
    assert baseline["history_h"] == 200
