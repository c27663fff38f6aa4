"""Hot posts are read again, on a widening schedule, in virtual time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from crawlers import Checkpoint, Heat, Looks
from crawlers.source import Blocked, Failed
from service.auth import SYSTEM
from service.db import tables
from service.db.leases import Tenure, turn
from service.incidents import Incident, repository
from service.incidents.lifecycle import Action
from service.ingest.hot_posts import HotPost
from service.ingest.rereading import AT_ONCE, GATHER_EVERY, Rereading, _was_missed
from service.jobs import advance
from service.monitoring.evidence import freeze
from service.monitors import DurableCheckpoints, SourceDraft, Sources
from service.stores.errors import StoreReadOnly
from service.stores.post_store import PostChange, StoredPost
from tests.support.clock import START
from tests.support.incident_scene import IncidentScene
from tests.support.ingest_scene import IngestScene
from tests.support.routed_fetcher import RoutedFetcher

INJURY = "澄屿青柚茶里喝出玻璃渣"


@dataclass
class Town:
    """A Mastodon instance with posts that are stored, and the job that reads them again."""

    scene: IngestScene
    incidents: IncidentScene
    web: RoutedFetcher
    job: Rereading
    sources: Sources
    checkpoints: DurableCheckpoints

    def status(self, number: int, *, text: str = INJURY, likes: int = 0, **changes: Any) -> None:
        """What the instance answers for a status from now on."""
        self.web.on(
            f"/api/v1/statuses/{number}",
            {
                "id": str(number),
                "created_at": (self.scene.clock.now() - timedelta(minutes=5)).isoformat(),
                "content": f"<p>{text}</p>",
                "spoiler_text": "",
                "language": "zh",
                "reblogs_count": 0,
                "replies_count": 0,
                "favourites_count": likes,
                "account": {"id": "7", "acct": "p", "indexable": True},
                **changes,
            },
        )

    def gone(self, number: int) -> None:
        self.web.pages.pop(f"/api/v1/statuses/{number}", None)

    async def stored(self, number: int) -> StoredPost:
        found = await self.scene.store.get(self.post_id(number))
        assert found is not None
        return found

    def post_id(self, number: int) -> str:
        return self.scene.post(number, "", source="mastodon:town.example").id

    async def bring(self, *numbers: int, likes: int = 0, text: str = INJURY) -> None:
        """The source has brought these posts."""
        for number in numbers:
            self.status(number, likes=likes, text=text)
        source = await self.sources.build("town")
        again = await source.reread([str(n) for n in numbers], self.web)  # type: ignore[attr-defined]
        await self.scene.ingest.ingest(again.posts, via="town")
        self.web.asked.clear()

    async def crisis(self, *numbers: int) -> Incident:
        """An open crisis with these posts as evidence."""
        now = self.scene.clock.now()
        posts = [await self.stored(number) for number in numbers]
        frozen = tuple(freeze(post, now=now) for post in posts)
        return await self.incidents.open(evidence=frozen, first_post_id=frozen[0].post_id)

    async def run(self, **duration: float) -> None:
        await advance(self.scene.clock, [self.job], self.scene.clock.now() + timedelta(**duration))

    async def rest(self, **changes: Any) -> None:
        """The source answers well and is next pulled far from now."""
        checkpoint = Checkpoint(
            source="town", next_due_at=self.scene.clock.now() + timedelta(days=90), **changes
        )
        await self.checkpoints.save(checkpoint)

    async def looks(self) -> list[tuple[str, datetime | None]]:
        async with self.scene.database.read() as connection:
            rows = await connection.execute(
                select(tables.hot_post.c.heat, tables.hot_post.c.due_at).order_by(
                    tables.hot_post.c.native_id
                )
            )
            return [(row.heat, row.due_at) for row in rows]


@pytest.fixture
async def town(scene: IngestScene) -> Town:
    web = RoutedFetcher()
    sources = Sources(scene.database, scene.clock, scene.ring)
    checkpoints = DurableCheckpoints(scene.database)
    draft = SourceDraft(
        id="town",
        kind="mastodon",
        name="Town",
        settings={"base_url": "https://town.example"},
    )
    await sources.put(SYSTEM, draft)
    job = Rereading(
        database=scene.database,
        clock=scene.clock,
        sources=sources,
        checkpoints=checkpoints,
        fetcher=web,
        store=scene.store,
        ingest=scene.ingest,
        gate=scene.gate,
        tenure=Tenure(scene.database, "pulling", owner="one", now=scene.clock.now),
    )
    made = Town(scene, IncidentScene(scene.database, scene.clock), web, job, sources, checkpoints)
    await made.rest()
    return made


async def test_nothing_is_due_without_a_source_that_can(town: Town) -> None:
    await town.sources.switch(SYSTEM, "town", enabled=False)
    assert await town.job.next_at() is None


async def test_evidence_of_an_open_incident_is_read_again_on_a_widening_schedule(
    town: Town,
) -> None:
    await town.bring(1)
    await town.crisis(1)
    town.status(1, likes=3)
    await town.run(hours=12)
    assert (await town.stored(1)).likes == 3
    # After 10, 30, 70, 150, 310 and 630 minutes, each wait within a tenth.
    assert len(town.web.asked) == 6


async def test_when_the_incident_closes_its_posts_go_cold(town: Town) -> None:
    await town.bring(1)
    incident = await town.crisis(1)
    await town.run(minutes=90)
    await town.incidents.act(incident.id, Action.ACKNOWLEDGE, Action.MARK_FALSE_POSITIVE)
    await town.run(hours=4)
    asked = len(town.web.asked)
    await town.run(hours=6)
    assert len(town.web.asked) == asked
    assert [heat for heat, _ in await town.looks()] == ["cold"]


async def test_a_post_that_people_react_to_is_watched_while_it_rises(town: Town) -> None:
    await town.bring(1, likes=20)
    await town.bring(2, likes=3)
    await town.run(minutes=1)
    assert [heat for heat, _ in await town.looks()] == ["rising"]
    for likes in (40, 80, 160):
        town.status(1, likes=likes)
        await town.run(minutes=12)
    assert (await town.stored(1)).likes == 160
    assert {heat for heat, _ in await town.looks()} == {"rising"}
    await town.run(hours=6)
    assert [due for _, due in await town.looks()] == [None]
    asked = len(town.web.asked)
    await town.run(hours=6)
    assert len(town.web.asked) == asked, "it was found hot again at once"


async def test_an_edit_found_by_looking_is_a_version(town: Town) -> None:
    await town.bring(1)
    await town.crisis(1)
    town.status(1, text="已和商家和解")
    await town.run(minutes=15)
    assert (await town.stored(1)).text == "已和商家和解"
    assert [past.text for past in await town.scene.store.versions(town.post_id(1))] == [INJURY]


async def test_a_deleted_post_shows_as_deleted_and_its_evidence_stays(town: Town) -> None:
    await town.bring(1, 2)
    incident = await town.crisis(1, 2)
    town.gone(1)
    await town.run(minutes=30)
    post = await town.stored(1)
    assert post.deleted_at is not None
    async with town.scene.database.read() as connection:
        gone, there = sorted(
            await repository.evidence_of(connection, incident.id),
            key=lambda item: item.deleted_at is None,
        )
    assert (gone.post_id, gone.deleted_at) == (town.post_id(1), post.deleted_at)
    assert gone.snapshot["text"] == INJURY
    assert there.deleted_at is None
    assert (await town.incidents.kinds()).count("evidence_deleted") == 1
    asked = sum("/1" in url for url in town.web.asked)
    await town.run(hours=3)
    assert sum(url.endswith("/1") for url in town.web.asked) == asked


async def test_a_post_that_comes_back_is_shown_as_there_again(town: Town) -> None:
    await town.bring(1, 2)
    incident = await town.crisis(1, 2)
    town.gone(1)
    await town.run(minutes=30)
    town.status(1, likes=50)
    async with town.scene.database.write() as connection:
        await connection.execute(update(tables.hot_post).values(due_at=town.scene.clock.now()))
    await town.run(minutes=5)
    assert (await town.stored(1)).deleted_at is None
    async with town.scene.database.read() as connection:
        evidence = await repository.evidence_of(connection, incident.id)
    assert {item.deleted_at for item in evidence} == {None}
    assert "evidence_restored" in await town.incidents.kinds()


async def test_where_everything_is_missing_a_second_look_decides(town: Town) -> None:
    await town.bring(1, 2)
    await town.crisis(1, 2)
    town.gone(1)
    town.gone(2)
    await town.run(minutes=12)
    assert len(town.web.asked) == 2
    assert (await town.stored(1)).deleted_at is None
    await town.run(minutes=13)
    assert (await town.stored(1)).deleted_at is not None
    assert (await town.stored(2)).deleted_at is not None


async def test_what_a_site_denies_twice_an_hour_apart_is_gone_and_asked_for_no_more(
    town: Town,
) -> None:
    await town.bring(1, 2, 3)
    incident = await town.crisis(1, 2, 3)
    for number in (1, 2, 3):
        town.gone(number)
    await town.run(minutes=65)
    assert [(await town.stored(number)).deleted_at for number in (1, 2, 3)] == [None] * 3
    await town.run(minutes=30)
    assert None not in [(await town.stored(number)).deleted_at for number in (1, 2, 3)]
    async with town.scene.database.read() as connection:
        evidence = await repository.evidence_of(connection, incident.id)
    assert None not in {item.deleted_at for item in evidence}
    asked = len(town.web.asked)
    assert asked <= 3 * 3
    await town.run(hours=5)
    assert len(town.web.asked) == asked


@pytest.mark.parametrize(
    ("missed", "minutes", "denied", "certain"),
    [
        (True, 10, False, True),
        (True, 10, True, False),
        (True, 60, True, True),
        (False, 60, True, False),
        (True, None, False, False),
    ],
)
def test_how_soon_a_second_look_decides(
    missed: bool, minutes: int | None, denied: bool, certain: bool
) -> None:
    looked_at = None if minutes is None else START - timedelta(minutes=minutes)
    item = HotPost(
        post_id="p",
        native_id="1",
        heat=Heat.INCIDENT,
        looks=Looks(),
        missed=missed,
        looked_at=looked_at,
    )
    assert _was_missed(item, denied=denied, now=START) is certain


async def test_a_site_that_denies_everything_for_a_while_deletes_nothing(town: Town) -> None:
    await town.bring(1, 2, 3)
    await town.crisis(1, 2, 3)
    for number in (1, 2, 3):
        town.gone(number)
    await town.run(minutes=40)
    assert [(await town.stored(number)).deleted_at for number in (1, 2, 3)] == [None] * 3
    for number in (1, 2, 3):
        town.status(number, likes=7)
    await town.run(hours=1, minutes=10)
    assert [(await town.stored(number)).likes for number in (1, 2, 3)] == [7] * 3


@pytest.mark.parametrize(
    "refusal",
    [
        Blocked(reason="http 429", retry_after=timedelta(minutes=40), status=429),
        Failed(reason="http 503", retry_after=timedelta(minutes=40), status=503),
    ],
)
async def test_a_refusal_is_obeyed_and_tells_nothing(town: Town, refusal: Any) -> None:
    await town.bring(1)
    await town.crisis(1)
    town.web.pages["/api/v1/statuses/1"] = refusal
    await town.run(minutes=50)
    assert len(town.web.asked) == 1
    town.status(1, likes=9)
    await town.run(minutes=15)
    assert (await town.stored(1)).likes == 9


@pytest.mark.parametrize("trouble", [{"failures": 1}, {"soon": True}])
async def test_reading_what_is_new_goes_first(town: Town, trouble: dict[str, Any]) -> None:
    await town.bring(1)
    await town.crisis(1)
    now = town.scene.clock.now()
    if "soon" in trouble:
        due = now + timedelta(minutes=30)
        await town.checkpoints.save(Checkpoint(source="town", next_due_at=due))
        town.scene.clock.advance_to(due)
    else:
        await town.rest(failures=1)
    await town.run(minutes=30)
    assert town.web.asked == []
    await town.rest()
    await town.run(minutes=30)
    assert town.web.asked


async def test_reading_again_takes_a_part_of_the_pace(town: Town) -> None:
    numbers = range(1, AT_ONCE + 3)
    await town.bring(*numbers)
    await town.crisis(*numbers)
    await town.run(minutes=13)
    assert len(town.web.asked) == len(numbers)
    place = town.job._places["town"]
    place.requests = len(numbers)
    place.used = 0
    await town.run(minutes=40)
    spent = len(town.web.asked)
    assert spent <= 2 * len(numbers) + 1
    await town.run(minutes=65)
    assert len(town.web.asked) > spent


async def test_a_source_that_raises_is_held(town: Town) -> None:
    await town.bring(1)
    await town.crisis(1)

    async def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("odd")

    town.web.get = broken  # type: ignore[method-assign]
    await town.run(minutes=15)
    assert (await town.stored(1)).deleted_at is None
    assert town.job._places["town"].held_until is not None


async def test_one_process_at_a_time_looks(town: Town) -> None:
    await town.bring(1)
    await town.crisis(1)
    database, clock = town.scene.database, town.scene.clock
    async with turn(database, "pulling", owner="another", now=clock.now) as theirs:
        assert theirs
        assert await town.job.run(clock.now()) == 0
        due = await town.job.next_at()
        assert due is not None
        assert due > clock.now()
    assert await town.looks() == []


async def test_while_nothing_can_be_stored_nothing_is_asked(town: Town) -> None:
    await town.bring(1)
    await town.crisis(1)
    await town.scene.gate.failed(StoreReadOnly("full"))
    assert await town.job.run(town.scene.clock.now()) == 0
    assert await town.looks() == []


async def test_posts_of_other_sources_are_left_alone(town: Town) -> None:
    post = town.scene.post(1, INJURY)
    await town.scene.put(post)
    frozen = freeze(await town.scene.stored(post), now=town.scene.clock.now())
    await town.incidents.open(evidence=(frozen,))
    await town.run(minutes=30)
    assert (await town.looks(), town.web.asked) == ([], [])


async def test_a_source_that_is_deleted_takes_its_looks_along(town: Town) -> None:
    await town.bring(1)
    await town.crisis(1)
    await town.run(minutes=1)
    await town.sources.delete(SYSTEM, "town")
    async with town.scene.database.read() as connection:
        left = await connection.scalar(select(func.count()).select_from(tables.hot_post))
    assert left == 0


async def test_evidence_frozen_after_a_deletion_says_so(town: Town) -> None:
    await town.bring(1)
    at = town.scene.clock.now() + GATHER_EVERY
    (done,) = await town.scene.store.mark_deleted([town.post_id(1)], at=at)
    assert done.change is PostChange.DELETED
    assert freeze(await town.stored(1), now=at).deleted_at == at
