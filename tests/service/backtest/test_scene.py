"""A whole installation back-tested: what is stored, what people said, other rules and words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from prometheus_client import REGISTRY

from nlp.lexicon import COLUMNS
from playbooks import document_of
from service.auth import SYSTEM
from service.backtest import Budget, Candidate, Scene, answer_of, read_scene, run_backtest
from service.bootstrap.rehearsing import rehearser
from service.bootstrap.scratch import scratch_room
from service.errors import InvalidInput
from service.incidents.lifecycle import Action
from service.lexicon import read_import
from service.monitors import MonitorDraft
from service.rules import Overlay, rules_in_force
from tests.support.clock import SteppingClock
from tests.support.watch_scene import HURT, WatchScene, open_watch

MINUTE = timedelta(minutes=1)
HEADER = "\t".join(COLUMNS) + "\n"
ROW = {
    "id": "lex_mine_queue",
    "term": "今天排队",
    "category": "injury",
    "severity": "5",
    "scenario": "safety_incident",
    "hits": "青柚茶今天排队",
    "misses": "青柚茶好喝",
}


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def watch(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WatchScene]:
    """Two injuries, eight hours apart; each opened an incident."""
    async with open_watch(tmp_path_factory.mktemp("watch"), SteppingClock()) as scene:
        for _ in range(2):
            await scene.say("青柚茶好喝", HURT, "青柚茶今天排队")
            await scene.wait(hours=8)
        yield scene


async def scene_of(watch: WatchScene, **span: Any) -> Scene:
    chosen: dict[str, Any] = {"since": None, "until": None, "monitor": None} | span
    return await read_scene(watch.container.backtested, **chosen, tell=lambda done, of: None)


async def scene_with(scene: WatchScene, draft: MonitorDraft) -> Scene:
    """The scene of a query that nobody has saved."""
    return await read_scene(
        scene.container.backtested,
        since=None,
        until=None,
        monitor=None,
        tell=lambda done, of: None,
        watch=draft,
    )


async def played(watch: WatchScene, scene: Scene, candidate: Candidate) -> Mapping[str, Any]:
    stages: list[str] = []
    outcome = await run_backtest(
        scene,
        candidate,
        rehearse=rehearser(watch.container.settings.data_dir),
        reread=watch.container.reread,
        tell=lambda stage, done, of: stages.append(stage),
    )
    assert "current" in stages
    return answer_of(outcome)


def rules(*entries: dict[str, Any]) -> Candidate:
    return Candidate(rules=tuple(document_of(entry, place="candidate") for entry in entries))


async def test_the_rules_in_force_open_what_they_opened(watch: WatchScene) -> None:
    live = await watch.incidents()
    answer = await played(watch, await scene_of(watch), Candidate())

    found = answer["current"]["list"]
    assert [(item["scenario"], item["tier"]) for item in found] == [
        (item.scenario, item.tier) for item in live
    ]
    for told, incident in zip(found, live, strict=True):
        # The tick of a monitor may fall anywhere in its minute.
        assert abs(datetime.fromisoformat(told["opened_at"]) - incident.opened_at) < MINUTE
    assert answer["incidents"]["same"] == len(live) == 2
    assert answer["rules"]["changed"] == []


async def test_what_a_rule_did_is_lost_without_it(watch: WatchScene) -> None:
    answer = await played(
        watch, await scene_of(watch), rules({"id": "injury_single", "enabled": False})
    )

    assert answer["candidate"]["incidents"] == 0
    first, _ = answer["incidents"]["lost"]
    assert (first["monitor"], first["tiers"][0]["rules"]) == ("tea", ["injury_single"])
    assert [sample["text"] for sample in first["samples"]] == [HURT]
    (changed,) = answer["rules"]["changed"]
    assert changed == {
        "rule": "injury_single",
        "keys": {"enabled": {"before": True, "after": False}},
    }


async def test_a_query_that_is_not_saved_is_tried_over_what_is_stored(watch: WatchScene) -> None:
    draft = MonitorDraft(id="draft", name="草稿", query="ICU", brand_id="chengyu")
    answer = await played(watch, await scene_with(watch, draft), Candidate())

    assert answer["span"]["posts"] == 2
    assert [item["monitor"] for item in answer["current"]["list"]] == ["draft", "draft"]
    assert answer["current"]["alerts_per_week"] > 0
    assert [item.id for item in await watch.container.monitors.every()] == ["tea"]


async def test_a_query_that_takes_nothing_or_cannot_be_read_is_refused(watch: WatchScene) -> None:
    with pytest.raises(InvalidInput, match="no stored post"):
        await scene_with(watch, MonitorDraft(id="draft", name="草稿", query="无人提起"))
    with pytest.raises(InvalidInput, match="column 1"):
        await scene_with(watch, MonitorDraft(id="draft", name="草稿", query="(咖啡"))


async def test_a_higher_tier_is_a_change(watch: WatchScene) -> None:
    answer = await played(
        watch, await scene_of(watch), rules({"id": "injury_single", "tier": "red"})
    )

    assert [item["tier"] for item in answer["incidents"]["changed"]] == [
        {"before": "yellow", "after": "red"}
    ] * 2


async def test_incidents_count_from_the_beginning_of_the_span(watch: WatchScene) -> None:
    since = watch.start + timedelta(hours=4)
    scene = await scene_of(watch, since=since)

    assert len(scene.posts) == 6
    answer = await played(watch, scene, Candidate())
    assert answer["current"]["incidents"] == 1
    assert answer["span"]["posts"] == 3


async def test_nobody_has_judged_is_said(watch: WatchScene) -> None:
    scene = await scene_of(watch)
    answer = await played(watch, scene, Candidate())

    assert answer["current"]["labels"]["precision"] is None
    assert "nobody has judged" in answer["current"]["labels"]["note"]
    assert answer["incidents"]["lost"] == []


async def test_other_words_are_read_into_the_posts_that_they_touch(watch: WatchScene) -> None:
    row = "\t".join(ROW.get(column, "") for column in COLUMNS)
    lexicon = read_import(f"{HEADER}{row}\n".encode(), file="words.tsv")
    assert lexicon.issues == ()
    scene = await scene_of(watch)

    read = await watch.container.reread(
        scene.posts, scene.stage, lexicon, tell=lambda done, of: None
    )
    changed = [
        (old.text, new.severity) for old, new in zip(scene.posts, read, strict=True) if old != new
    ]
    assert changed == [("青柚茶今天排队", 5)] * 2
    assert [post.author for post in read] == [post.author for post in scene.posts]
    answer = await played(watch, scene, Candidate(lexicon=lexicon))
    assert answer["current"]["incidents"] == answer["candidate"]["incidents"] == 2


async def test_words_that_change_nothing_touch_nothing(watch: WatchScene) -> None:
    scene = await scene_of(watch)
    nothing = read_import(HEADER.encode(), file="words.tsv")

    assert (
        await watch.container.reread(scene.posts, scene.stage, nothing, tell=lambda done, of: None)
        == scene.posts
    )


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ({"monitor": "coffee"}, "no monitor coffee; there are: tea"),
        ({"since": timedelta(days=100)}, "no stored post"),
        ({"since": timedelta(days=2), "until": timedelta(days=1)}, "ends before it begins"),
        ({"since": datetime(1, 1, 2, tzinfo=UTC)}, "from: in the years 1900 to 9000"),
        ({"until": datetime(9999, 12, 31, tzinfo=UTC)}, "to: in the years 1900 to 9000"),
    ],
)
async def test_a_time_without_posts_is_refused(
    watch: WatchScene, span: dict[str, Any], said: str
) -> None:
    instants = {
        name: watch.start + value if isinstance(value, timedelta) else value
        for name, value in span.items()
    }
    with pytest.raises(InvalidInput, match=said):
        await scene_of(watch, **instants)


LOUD = {
    "id": "loud",
    "name": {"zh": "热", "en": "Loud"},
    "kind": "crisis",
    "scenarios": "unclassified",
    "tier": "red",
    "when": {"fact": "engagement_1h", "at_least": 1},
    "why": {"zh": "互动很多"},
}


async def test_what_was_counted_later_is_not_seen(watch: WatchScene) -> None:
    scene = await scene_of(watch)
    liked = [replace(post, likes=9_000, reposts=5, comments=7, views=10**6) for post in scene.posts]
    answer = await played(watch, replace(scene, posts=liked), rules(LOUD))

    assert answer["candidate"]["by_tier"] == answer["current"]["by_tier"]
    assert answer["incidents"]["same"] == answer["current"]["incidents"] > 0


async def test_a_rehearsal_is_no_figure_of_the_installation(watch: WatchScene) -> None:
    before = REGISTRY.get_sample_value("fengsui_tick_seconds_count")
    await played(watch, await scene_of(watch), Candidate())

    assert REGISTRY.get_sample_value("fengsui_tick_seconds_count") == before


async def test_a_rehearsal_leaves_nothing_behind(watch: WatchScene) -> None:
    await played(watch, await scene_of(watch), Candidate())

    room = scratch_room(watch.container.settings.data_dir)
    assert [path.name for path in room.iterdir()] == ["door"]


async def test_what_is_proposed_and_applied_is_what_was_rehearsed(watch: WatchScene) -> None:
    """In New York the second injury was in the night; the rule that paged has an overlay."""
    kept = await scene_of(watch)
    overlay = Overlay(
        id="injury_single",
        data={"id": "injury_single", "tier": "red"},
        author="usr_1",
        created_at=watch.start,
        updated_at=watch.start,
        version=1,
    )
    scene = replace(
        kept,
        stage=replace(kept.stage, zone=ZoneInfo("America/New_York")),
        rules=rules_in_force(kept.rules.base, [overlay]),
    )
    tried = replace(rules({"id": "slow_burn", "enabled": False}), budget=Budget(pages=0))
    budget = (await played(watch, scene, tried))["budget"]

    raised, slow = budget["rules"]
    assert (raised["id"], raised["tier"]) == ("injury_single", "red")
    assert slow == {"id": "slow_burn", "enabled": False}
    applied = await played(watch, scene, rules(*budget["rules"]))
    assert applied["candidate"]["list"] == budget["rehearsed"]["list"]
    assert applied["candidate"]["list"] != applied["current"]["list"]


async def test_precision_is_by_what_people_said(watch: WatchScene) -> None:
    first, second = await watch.incidents()
    desk = watch.container.desk
    await desk.mark_not_about_us(SYSTEM, first.id, first.first_post_id or "")
    await desk.act(SYSTEM, first.id, Action.MARK_FALSE_POSITIVE, reason="a joke")
    for action in (Action.ACKNOWLEDGE, Action.RESPOND):
        await desk.act(SYSTEM, second.id, action)
    scene = await scene_of(watch)

    assert scene.labels is not None
    assert {label.about_us for label in scene.labels.incidents} == {True, False}
    answer = await played(watch, scene, rules({"id": "injury_single", "tier": "red"}))
    assert answer["candidate"]["labels"] == {
        "judged": 2,
        "right": 1,
        "false_alarms": 1,
        "precision": 0.5,
        "posts_not_about_us": 1,
        "posts_shown": 2,
    }
    assert [item["label"]["about_us"] for item in answer["incidents"]["changed"]] == [False, True]
