"""What each section says of posts and records that are there, and of those that are not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from service.auth import SYSTEM
from service.briefings import Language, Scope, SectionId, State
from service.briefings.content import Measures, Note, Number, Quoted, Rows, Voices
from service.briefings.figure import Figure
from service.briefings.model import Briefing
from service.briefings.sections import SECTIONS
from service.db import tables
from service.incidents.lifecycle import State as IncidentState
from service.incidents.model import Kind as IncidentKind
from service.stories import Embedded, StoryInbox
from tests.support.briefing_scene import (
    MORNING,
    NOON,
    OTHER_LEAD,
    BriefingScene,
    measure,
    pieces,
)
from tests.support.stored_posts import stored_post

DAY_BEFORE = NOON - timedelta(days=1)


def value(briefing: Briefing, name: str) -> float | None:
    return measure(briefing, name).figure.value


def rows_of(briefing: Briefing, section: SectionId, title: str) -> Rows:
    (found,) = [
        piece
        for piece in pieces(briefing, section)
        if isinstance(piece, Rows) and piece.title == title
    ]
    return found


def notes(briefing: Briefing, section: SectionId) -> list[str]:
    return [piece.word for piece in pieces(briefing, section) if isinstance(piece, Note)]


def all_figures(found: Any) -> list[Figure]:
    """Every figure anywhere in a value."""
    if isinstance(found, Figure):
        return [found]
    if isinstance(found, tuple):
        return [figure for item in found for figure in all_figures(item)]
    names = getattr(found, "__dataclass_fields__", {})
    return [figure for name in names for figure in all_figures(getattr(found, name))]


async def test_every_section_is_there_in_its_order(scene: BriefingScene) -> None:
    made = await scene.prepare()

    assert [section.id for section in made.body.sections] == list(SectionId)
    assert len(SECTIONS) == len(SectionId)
    assert made.state is State.DRAFT


async def test_every_figure_has_the_address_of_what_is_behind_it(scene: BriefingScene) -> None:
    await scene.posts(40, sentiment="negative")
    incident = await scene.crisis()
    await scene.step(incident, "first_response", due_at=MORNING + timedelta(hours=2))
    made = await scene.prepare(scope=Scope())

    found = all_figures(made.body)

    assert len(found) > 40
    assert all(figure.link.startswith("/console") for figure in found)


async def test_volume_and_sentiment_stand_beside_the_day_before(scene: BriefingScene) -> None:
    await scene.posts(40, at=DAY_BEFORE, sentiment="positive")
    await scene.posts(45, sentiment="neutral")
    await scene.posts(15, at=NOON + timedelta(hours=1), sentiment="negative")
    made = await scene.prepare()

    volume = measure(made, "volume.posts")

    assert (volume.figure.value, volume.before and volume.before.value) == (60, 40)
    assert volume.change is not None
    assert volume.change.value == 0.5
    share = measure(made, "volume.negative_share")
    assert (share.figure.value, share.figure.n) == (0.25, 60)
    assert share.figure.link.endswith("&sentiment=negative")
    assert share.change is not None
    assert share.change.value == 0.25
    assert value(made, "volume.net_sentiment") == -0.25


async def test_a_share_of_few_posts_is_no_number(scene: BriefingScene) -> None:
    await scene.posts(29, sentiment="negative")
    made = await scene.prepare()

    share = measure(made, "volume.negative_share")

    assert value(made, "volume.posts") == 29
    assert (share.figure.value, share.figure.not_enough, share.figure.n) == (None, True, 29)


async def test_growth_from_a_handful_is_no_number(scene: BriefingScene) -> None:
    await scene.posts(5, at=DAY_BEFORE)
    await scene.posts(50)
    made = await scene.prepare()

    change = measure(made, "volume.posts").change

    assert change is not None
    assert change.not_enough


async def test_a_post_outside_the_local_day_is_none_of_it(scene: BriefingScene) -> None:
    midnight = datetime.fromisoformat("2024-03-01T00:00:00+08:00")
    await scene.posts(1, at=midnight - timedelta(microseconds=1))
    await scene.posts(1, at=midnight)
    await scene.posts(1, at=midnight + timedelta(days=1) - timedelta(microseconds=1))
    await scene.posts(1, at=midnight + timedelta(days=1))

    assert value(await scene.prepare(), "volume.posts") == 2


async def test_a_post_of_two_monitors_counts_once_in_all_and_once_for_each(
    scene: BriefingScene,
) -> None:
    await scene.posts(3, monitors=("tea", "shop"))
    await scene.posts(2)
    made = await scene.prepare(scope=Scope(brand="chenyu"))

    assert value(made, "volume.posts") == 5
    assert value(made, "volume.posts.tea") == 5
    assert value(made, "volume.posts.shop") == 3


async def test_a_monitor_without_any_post_has_no_zero(scene: BriefingScene) -> None:
    made = await scene.prepare()

    assert measure(made, "volume.posts").figure.not_enough


async def test_open_crises_are_counted_by_tier_with_the_next_deadline_first(
    scene: BriefingScene,
) -> None:
    due = MORNING + timedelta(hours=1)
    yellow = await scene.crisis(next_due_at=due)
    red = await scene.crisis(
        opened_at=NOON - timedelta(days=3), tier="red", tier_rank=3, scenario="outage"
    )
    await scene.step(yellow, "late", due_at=MORNING - timedelta(hours=1))
    await scene.step(yellow, "done", due_at=MORNING - timedelta(hours=1), state="done")
    await scene.step(red, "next", due_at=due, position=2)
    made = await scene.prepare()

    assert value(made, "house.open") == 2
    assert value(made, "house.open.red") == 1
    assert value(made, "house.overdue") == 1
    table = rows_of(made, SectionId.HOUSE, "open_next")
    assert [getattr(row[0], "link", "") for row in table.items] == [
        f"/console/incidents/{red}",
        f"/console/incidents/{yellow}",
    ]
    assert value(made, "ahead.steps") == 1


async def test_nothing_open_is_said(scene: BriefingScene) -> None:
    assert notes(await scene.prepare(), SectionId.HOUSE) == ["nothing_open"]


async def test_drills_other_monitors_and_what_is_private_are_in_no_briefing(
    scene: BriefingScene,
) -> None:
    await scene.crisis(drill=True)
    await scene.crisis(monitor_id="lark")
    await scene.crisis(kind=IncidentKind.PERSON_AT_RISK, scenario=None)
    made = await scene.prepare(by=SYSTEM)

    assert value(made, "house.open") == 0
    assert value(made, "incidents.opened") == 0


async def test_crises_of_the_period_have_both_clocks(scene: BriefingScene) -> None:
    await scene.crisis(
        state=IncidentState.CLOSED, closed_at=NOON + timedelta(hours=2), scenario="outage"
    )
    await scene.crisis(opened_at=NOON - timedelta(days=2), scenario="misconduct")
    made = await scene.prepare()

    assert (value(made, "incidents.opened"), value(made, "incidents.closed")) == (1, 1)
    (row,) = rows_of(made, SectionId.INCIDENTS, "closed_in_period").items
    numbers = [cell.figure.value for cell in row if isinstance(cell, Number)]
    assert numbers == [600, 2 * 3_600 + 600, 2 * 3_600]


async def test_the_clocks_of_an_open_one_run_until_it_is_told_of(scene: BriefingScene) -> None:
    await scene.crisis(opened_at=MORNING - timedelta(hours=10))
    made = await scene.prepare()

    (row,) = rows_of(made, SectionId.INCIDENTS, "opened_in_period").items
    numbers = [cell.figure.value for cell in row if isinstance(cell, Number)]
    assert numbers[-1] == 10 * 3_600 + 1


async def test_what_moved_most_comes_first_and_chance_is_left_out(scene: BriefingScene) -> None:
    await scene.posts(40, at=DAY_BEFORE, sentiment="positive", likes=10)
    await scene.posts(40, sentiment="positive", likes=30)
    await scene.posts(20, at=NOON + timedelta(hours=1), sentiment="negative", likes=30)
    await scene.posts(2, at=DAY_BEFORE, monitors=("shop",))
    await scene.posts(20, monitors=("shop",))
    made = await scene.prepare(scope=Scope(brand="chenyu"))

    (found,) = [piece for piece in pieces(made, SectionId.MOVED) if isinstance(piece, Measures)]
    names = [item.id for item in found.items]

    assert names[0] == "moved.engagement.tea"
    assert "moved.volume.tea" in names
    assert not [name for name in names if name.endswith(".shop")]
    assert notes(made, SectionId.MOVED) == ["how_moved"]


async def test_without_enough_data_nothing_moved(scene: BriefingScene) -> None:
    await scene.posts(3, at=DAY_BEFORE)
    await scene.posts(9)

    assert notes(await scene.prepare(), SectionId.MOVED) == ["steady"]


async def test_voices_are_the_first_of_what_was_copied_most(scene: BriefingScene) -> None:
    await scene.posts(20)
    copies = await scene.posts(7, at=NOON + timedelta(hours=1), copy_group="spread")
    made = await scene.prepare()

    (voices, how) = pieces(made, SectionId.VOICES)
    assert isinstance(voices, Voices)
    first = voices.items[0]
    assert first.post_id == copies[0].id
    assert first.spread.value == 7
    assert first.spread.link.endswith("copy_group=spread")
    assert first.link == f"/console/posts/{copies[0].id}"
    assert how == Note(word="how_voices")


async def test_one_author_has_one_voice(scene: BriefingScene) -> None:
    await scene.posts(30, author="au_same")
    await scene.posts(1, at=NOON + timedelta(hours=1), author="au_other")
    made = await scene.prepare()

    voices = pieces(made, SectionId.VOICES)[0]
    assert isinstance(voices, Voices)
    assert len(voices.items) == 2


async def test_who_is_in_danger_or_gone_or_only_shares_is_not_quoted(scene: BriefingScene) -> None:
    await scene.posts(10, categories=("self_harm",))
    await scene.posts(10, analysis={"patterns": [{"pattern": "self_harm", "start": 0, "end": 1}]})
    await scene.posts(10, repost_of="999")
    gone = await scene.posts(2)
    await scene.container.store.mark_deleted([post.id for post in gone], at=MORNING)
    made = await scene.prepare()

    assert notes(made, SectionId.VOICES) == ["no_voices"]
    assert list(made.body.cited()) == []


async def test_of_few_posts_nobody_is_quoted(scene: BriefingScene) -> None:
    await scene.posts(19)

    assert notes(await scene.prepare(), SectionId.VOICES) == ["not_enough_data"]


async def test_a_blind_source_is_told_with_its_hours(scene: BriefingScene) -> None:
    await add_feed(scene, "weibo", gap=(NOON, NOON + timedelta(hours=3)))
    await add_feed(scene, "xhs")
    made = await scene.prepare()

    (row,) = rows_of(made, SectionId.COVERAGE, "blind_sources").items
    hours = [cell.figure.value for cell in row if isinstance(cell, Number)]
    assert hours == [3]
    share = measure(made, "coverage.share").figure
    assert share.value == 1 - 3 / 48


async def test_sight_without_a_gap_is_said(scene: BriefingScene) -> None:
    await add_feed(scene, "weibo")

    assert notes(await scene.prepare(), SectionId.COVERAGE) == ["all_seen"]


async def test_complaints_are_counted_and_few_clocks_make_no_share(scene: BriefingScene) -> None:
    made = await scene.prepare()

    assert value(made, "complaints.opened") == 0
    assert measure(made, "complaints.in_time.answer").figure.not_enough


async def test_a_forecast_without_history_is_none(scene: BriefingScene) -> None:
    await scene.posts(50)
    made = await scene.prepare()

    assert measure(made, "ahead.posts.tea").figure.not_enough


async def test_a_forecast_has_its_range(scene: BriefingScene) -> None:
    for days in range(90):
        await scene.posts(2 + days % 3, at=MORNING - timedelta(days=days + 1))
    made = await scene.prepare()

    figure = measure(made, "ahead.posts.tea").figure
    assert figure.value is not None
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low <= figure.value <= figure.high
    assert figure.n == 90


async def test_names_of_the_content_are_in_the_language_asked_for(scene: BriefingScene) -> None:
    await scene.crisis(tier="red", tier_rank=3)
    zh = await scene.prepare()
    en = await scene.prepare(language=Language.EN)

    assert measure(zh, "house.open.red").of == "重大"
    assert measure(en, "house.open.red").of == "Critical"


async def test_stories_are_told_in_words_of_a_post(scene: BriefingScene) -> None:
    await scene.posts(3)
    made = await scene.prepare()
    assert notes(made, SectionId.STORIES) == ["no_stories"]

    await cluster(scene)
    made = await scene.prepare()

    (row, *_) = rows_of(made, SectionId.STORIES, "biggest_stories").items
    assert isinstance(row[0], Quoted)
    assert row[0].cited.spread.link.startswith("/console/stories/")
    assert isinstance(row[1], Number)
    assert row[1].figure.value == 12


async def cluster(scene: BriefingScene) -> None:
    """Twelve posts that tell of one thing, put together as the job does it."""
    at = NOON + timedelta(hours=2)
    made = [
        stored_post(
            90_000 + number,
            f"晨屿茶饮门店突然停业，退卡排队排到街上，第{number}位",
            published_at=at + timedelta(minutes=number),
            fetched_at=at + timedelta(minutes=number),
            stored_at=at + timedelta(minutes=number),
            author=f"au_story_{number}",
            words=("晨屿", "茶饮", "门店", "突然", "停业", "退卡", "排队"),
        )
        for number in range(12)
    ]
    await scene.container.store.upsert(made)
    inbox = StoryInbox(scene.container.database)
    await inbox.offer([Embedded(post=post, vector=None) for post in made], now=scene.clock.now())
    await scene.container.story_clustering.run(scene.clock.now())


async def add_feed(
    scene: BriefingScene, feed_id: str, *, gap: tuple[datetime, datetime] | None = None
) -> None:
    known = NOON - timedelta(days=5)
    async with scene.container.database.write() as connection:
        await connection.execute(
            insert(tables.feed).values(
                id=feed_id,
                pushed=False,
                platforms=[],
                channels=[],
                known_since=known,
                sight="ok",
                since=known,
                cause="posts_arrive",
                detail="",
                dark=False,
            )
        )
        if gap is not None:
            await connection.execute(
                insert(tables.feed_gap).values(
                    feed_id=feed_id, sight="failing", detail="d", since=gap[0], until=gap[1]
                )
            )


async def test_a_lead_prepares_too(scene: BriefingScene) -> None:
    assert (await scene.prepare(by=OTHER_LEAD)).prepared_by == OTHER_LEAD.id
