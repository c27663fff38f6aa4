"""The tick, seen from outside: what opens, joins, rises and ends while people talk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crawlers import Author, Channel
from service.auth import SYSTEM
from service.db import tables
from service.incidents import State, repository
from service.incidents.lifecycle import Action
from service.monitoring import MonitoringTick
from service.monitors import MonitorDraft
from tests.support.clock import SteppingClock
from tests.support.incident_scene import LEAD, IncidentScene
from tests.support.watch_scene import FINE, HURT, WatchScene, complaint, open_container, open_watch

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
NEWS = "青柚茶今天下午三点在人民广场发放试吃装，先到先得"


def tick_of(watch: WatchScene) -> MonitoringTick:
    (tick,) = [job for job in watch.container.line if isinstance(job, MonitoringTick)]
    return tick


async def test_nobody_speaks_and_nothing_is_due(watch: WatchScene) -> None:
    assert await tick_of(watch).next_at() is None


async def test_praise_opens_nothing(watch: WatchScene) -> None:
    await watch.say(*[f"{FINE}，第{number}杯" for number in range(30)])
    await watch.wait(hours=2)
    assert await watch.incidents() == []


async def test_one_person_hurt_opens_a_crisis_of_the_brand_at_once(watch: WatchScene) -> None:
    (said,) = await watch.say(HURT)
    await watch.wait(minutes=2)
    incident = await watch.only()
    assert (incident.scenario, incident.tier, incident.monitor_id) == (
        "safety_incident",
        "yellow",
        "tea",
    )
    assert (incident.first_post_id, incident.first_post_at) == (said.id, said.published_at)
    assert incident.opened_at - said.published_at <= MINUTE
    assert incident.posts == 1
    clauses = [reason["clause"] for reason in incident.reasons]
    assert any("injury" in clause for clause in clauses)
    assert all(reason["rules"] for reason in incident.reasons)


async def test_a_rare_event_begins_with_its_first_bad_post(watch: WatchScene) -> None:
    await watch.say(FINE)
    await watch.wait(days=3)
    await watch.say("我的血液里流的不是血，是青柚茶hhh")
    await watch.wait(hours=10)
    (mild,) = await watch.say("喝了青柚茶过敏了")
    await watch.wait(hours=10)
    await watch.say(HURT)
    await watch.wait(minutes=2)
    assert (await watch.only()).first_post_at == mild.published_at


async def test_the_same_post_opens_nothing_where_there_is_no_brand(
    tmp_path: Path, clock: SteppingClock
) -> None:
    async with open_watch(tmp_path, clock, brand=False) as watch:
        await watch.say(HURT)
        await watch.wait(hours=1)
        assert await watch.incidents() == []


async def test_what_is_not_of_the_monitor_does_not_count(watch: WatchScene) -> None:
    await watch.say(HURT.replace("青柚茶", "咖啡"))
    await watch.wait(hours=1)
    assert await watch.incidents() == []


async def test_more_posts_join_and_some_are_frozen(watch: WatchScene) -> None:
    await watch.say(HURT)
    await watch.wait(minutes=2)
    opened = await watch.only()
    await watch.say(*[f"{HURT}，急诊{number}号床" for number in range(2)])
    await watch.wait(minutes=20)
    joined = await watch.only()
    assert (joined.id, joined.posts) == (opened.id, 3)
    assert joined.last_post_at is not None
    assert joined.last_post_at > opened.first_post_at
    async with watch.container.database.read() as connection:
        assert await repository.count_evidence(connection, joined.id) >= 1


async def test_what_numbers_open_begins_with_its_root_whatever_its_mood(watch: WatchScene) -> None:
    await watch.say(FINE)
    await watch.wait(hours=26)
    now = watch.clock.now()
    root = watch.post(now, NEWS, author=Author(id="root"))
    crowd = [
        watch.post(
            now + number * timedelta(seconds=5),
            "太差了，再也不买" if number == 20 else "转发微博",
            repost_of=root.native_id,
            author=Author(id=f"r{number}"),
        )
        for number in range(1, 31)
    ]
    await watch.arrive([root, *crowd])
    await watch.wait(minutes=20)
    incident = await watch.only()
    assert incident.every_mood
    assert (incident.first_post_id, incident.first_post_at) == (root.id, root.published_at)
    assert incident.posts == 31


async def test_the_tier_rises_with_the_facts_and_never_falls_by_itself(watch: WatchScene) -> None:
    await watch.say(HURT)
    await watch.wait(minutes=2)
    await watch.say("青柚茶害我上吐下泻住院了", "我妈喝青柚茶食物中毒住院，谁来管管")
    await watch.wait(minutes=5)
    raised = await watch.only()
    assert raised.tier == "orange"
    await watch.wait(hours=30)
    async with watch.container.database.read() as connection:
        history = await repository.tier_history(connection, raised.id)
    assert [change.tier for change in history] == ["yellow", "orange"]
    assert (await watch.only()).tier == "orange"


async def test_what_a_person_has_raised_no_rule_lowers(watch: WatchScene) -> None:
    await watch.say(HURT)
    await watch.wait(minutes=2)
    incident = await watch.only()
    await watch.container.desk.set_tier(LEAD, incident.id, "red", reason="children")
    await watch.say(f"{HURT}，又一个")
    await watch.wait(hours=1)
    assert (await watch.only()).tier == "red"


async def test_four_calm_hours_end_the_taking_and_contain_it(watch: WatchScene) -> None:
    await watch.say(HURT)
    await watch.wait(hours=6)
    incident = await watch.only()
    assert incident.taking_ended_at is not None
    assert incident.contained_at == incident.taking_ended_at
    calm = incident.taking_ended_at - incident.opened_at
    assert 4 * HOUR <= calm <= 4 * HOUR + 20 * MINUTE
    assert incident.state is State.NEW


async def test_a_straggler_does_not_put_off_the_end_of_taking(watch: WatchScene) -> None:
    await watch.say(HURT)
    await watch.wait(hours=3)
    await watch.say("青柚茶差评")
    await watch.wait(hours=3)
    incident = await watch.only()
    assert incident.taking_ended_at is not None
    assert incident.taking_ended_at - incident.opened_at <= 4 * HOUR + 20 * MINUTE


async def test_an_old_post_that_comes_late_reopens_nothing(watch: WatchScene) -> None:
    (first,) = await watch.say(HURT)
    await watch.wait(hours=6)
    ended = await watch.only()
    late = watch.post(first.published_at + HOUR, f"{HURT}，同一天的事")
    await watch.arrive([late])
    await watch.wait(hours=2)
    after = await watch.only()
    assert (after.id, after.version, after.posts) == (ended.id, ended.version, ended.posts)


async def test_the_next_burst_opens_a_new_one_linked_to_the_last(watch: WatchScene) -> None:
    await watch.say(HURT)
    await watch.wait(hours=6)
    before = await watch.only()
    await watch.say(f"又来，{HURT}，今天的")
    await watch.wait(minutes=5)
    old, new = await watch.incidents()
    assert (old.id, old.version) == (before.id, before.version)
    assert new.previous_id == old.id
    assert new.posts == 1
    assert new.first_post_at > (old.taking_ended_at or old.opened_at)


async def test_what_a_person_has_dismissed_is_not_raised_again_by_the_same_talk(
    watch: WatchScene,
) -> None:
    await watch.say(HURT)
    await watch.wait(minutes=2)
    incident = await watch.only()
    await watch.container.desk.act(LEAD, incident.id, Action.MARK_FALSE_POSITIVE, reason="段子")
    await watch.say(f"{HURT}，转")
    await watch.wait(minutes=30)
    assert (await watch.only()).state is State.FALSE_POSITIVE


async def test_a_burst_of_complaints_opens_one_incident_however_long_it_lasts(
    watch: WatchScene,
) -> None:
    # a day of ordinary talk first: without it there is no baseline to exceed
    for _ in range(26):
        await watch.say(FINE, apart=HOUR)
    await watch.say(*[complaint(number) for number in range(60)], apart=timedelta(seconds=40))
    await watch.wait(minutes=5)
    incidents = await watch.incidents()
    assert [item.scenario for item in incidents] == ["product_quality"]
    assert incidents[0].posts >= 50
    # the first complaint, not the last praise before it
    assert incidents[0].first_post_at >= watch.start + 26 * HOUR


async def test_two_scenarios_are_two_incidents(watch: WatchScene) -> None:
    for _ in range(26):
        await watch.say(FINE, apart=HOUR)
    await watch.say(HURT)
    await watch.say(*[complaint(number) for number in range(40)], apart=timedelta(seconds=40))
    await watch.wait(minutes=5)
    scenarios = sorted(str(item.scenario) for item in await watch.incidents())
    assert scenarios == ["product_quality", "safety_incident"]


async def test_news_of_it_is_paged_on_every_channel(watch: WatchScene) -> None:
    await watch.say(HURT)
    await watch.wait(minutes=2)
    incident = await watch.only()
    sent = [item.message for item in watch.container.recorder.sent]
    opened = [message for message in sent if message.type.value == "incident.opened"]
    assert [message.data["incident"]["id"] for message in opened] == [incident.id]


async def test_the_incident_of_a_monitor_that_is_switched_off_stops_taking(
    watch: WatchScene,
) -> None:
    await watch.say(HURT)
    await watch.wait(minutes=2)
    await watch.container.monitors.put(
        SYSTEM,
        MonitorDraft(id="tea", name="青柚茶", query="青柚茶", brand_id="chengyu", enabled=False),
    )
    before = await watch.only()
    await watch.wait(hours=8)
    after = await watch.only()
    assert after.taking_ended_at is not None
    assert after.taking_ended_at - before.opened_at <= HOUR
    assert after.posts == before.posts


async def test_three_grave_posts_within_two_calm_minutes_are_not_passed_by(
    watch: WatchScene,
) -> None:
    await watch.say(FINE)
    await watch.wait(minutes=1)
    # Severity 3 leaves the hour looking calm: only the rule over the day speaks.
    await watch.say(
        "青柚茶里吃出头发，太恶心了，差评",
        "喝青柚茶居然吃到沙子，失望透顶",
        "青柚茶有股怪味，恶心得想吐，再也不买",
    )
    await watch.wait(hours=1)
    incident = await watch.only()
    assert incident.opened_at - incident.first_post_at <= 10 * MINUTE


async def test_a_named_incident_goes_on_taking_the_posts_it_was_opened_for(
    watch: WatchScene,
) -> None:
    for _ in range(26):
        await watch.say(FINE)
        await watch.wait(hours=1)
    texts = [f"青柚茶难喝，失望，后悔，{'甲乙丙丁戊己庚辛'[n % 8]}{n * 137}" for n in range(60)]
    await watch.say(*texts[:40], apart=timedelta(seconds=30))
    await watch.wait(minutes=1)
    unnamed = [item for item in await watch.incidents() if item.scenario == "unclassified"]
    await watch.container.desk.name_scenario(LEAD, unnamed[0].id, "service_aftersales")
    before = await watch.container.desk.file(LEAD, unnamed[0].id)
    await watch.say(*texts[40:], apart=timedelta(seconds=30))
    await watch.wait(minutes=2)
    after = await watch.container.desk.file(LEAD, unnamed[0].id)
    assert after.incident.segment == "unclassified"
    assert after.incident.posts > before.incident.posts
    later = [item for item in await watch.incidents() if item.scenario == "unclassified"]
    assert later == []


async def test_after_a_crash_the_same_posts_open_nothing_twice(
    tmp_path: Path, clock: SteppingClock
) -> None:
    async with open_watch(tmp_path, clock) as watch:
        await watch.say(HURT)
        await watch.wait(minutes=2)
        opened = await watch.only()
        async with watch.container.database.write() as connection:
            await connection.execute(tables.monitor_tick.delete())
    container = await open_container(tmp_path, clock, brand=True)
    try:
        again = WatchScene(container, clock)
        await again.wait(minutes=30)
        assert (await again.only()).id == opened.id
        await again.arrive([again.post(clock.now(), f"{HURT}，还有我", native_id="another")])
        await again.wait(minutes=5)
        assert (await again.only()).posts == 2
    finally:
        await container.close()


async def test_a_tick_that_fails_to_write_is_made_again(watch: WatchScene) -> None:
    await watch.say(HURT)
    library = watch.container.library
    incidents = IncidentScene(watch.container.database, watch.clock)
    async with watch.container.database.write() as connection:
        rival = await incidents.incidents.open(
            connection,
            incidents.opening(
                monitor_id="tea", scenario="safety_incident", tier=library.tiers.ids[0]
            ),
            now=watch.clock.now(),
        )
    await watch.wait(minutes=20)
    incident = await watch.only()
    assert incident.id == rival.id
    assert incident.version > rival.version


@pytest.mark.parametrize("channel", [Channel.NEWS])
async def test_news_turns_an_injury_red(watch: WatchScene, channel: Channel) -> None:
    await watch.say(HURT)
    await watch.wait(minutes=2)
    await watch.arrive(
        [watch.post(watch.clock.now(), "江湾晚报：多人喝青柚茶食物中毒住院", channel=channel)]
    )
    await watch.wait(minutes=5)
    assert (await watch.only()).tier == "red"
