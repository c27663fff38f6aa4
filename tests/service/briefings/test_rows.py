"""Briefings in the state database, on each engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.briefings import (
    Body,
    Briefing,
    BriefingFilter,
    Cited,
    Kind,
    Language,
    Measure,
    Prose,
    Section,
    SectionId,
    State,
    Unit,
    rows,
)
from service.briefings.content import Instant, Measures, Named, Note, Number, Quoted, Rows, Voices
from service.briefings.figure import Figure, counted, too_few
from service.db import Database, tables
from service.errors import NotFound
from service.indicators import Window

AT = datetime(2024, 3, 2, 0, 0, 0, 123456, tzinfo=UTC)
HERE = "/console/posts?monitor=tea"
CITED = Cited(
    post_id="p1",
    content_hash="h",
    published_at=AT,
    source="weibo",
    sentiment="negative",
    link="/console/posts/p1",
    spread=counted(7, Unit.COPIES, HERE),
)
BODY = Body(
    sections=(
        Section(
            id=SectionId.VOLUME,
            pieces=(
                Measures(
                    items=(
                        Measure(
                            id="volume.posts",
                            label="indicator.volume",
                            of="晨屿",
                            figure=Figure(
                                value=1.5, unit=Unit.POSTS, n=2, link=HERE, low=1.0, high=2.0
                            ),
                            before=too_few(Unit.POSTS, HERE, n=0),
                            change=counted(3, Unit.POINTS, HERE),
                        ),
                    )
                ),
                Rows(
                    title="open_next",
                    head=("incident",) * 4,
                    items=(
                        (
                            Instant(at=AT, link=HERE),
                            Named(word="nobody"),
                            Number(figure=counted(1, Unit.STEPS, HERE)),
                            Quoted(cited=CITED),
                        ),
                    ),
                    more=counted(4, Unit.INCIDENTS, HERE),
                ),
                Voices(items=(CITED,)),
                Note(word="steady"),
            ),
        ),
    ),
    headlines=("volume.posts",),
)


def briefing(number: int = 1, **changes: Any) -> Briefing:
    made = Briefing(
        id=f"brf_{number}",
        kind=Kind.DAILY,
        name="晨屿",
        brand_id="chenyu",
        monitors=("shop", "tea"),
        window=Window(since=AT - timedelta(days=1), until=AT),
        language=Language.EN,
        state=State.DRAFT,
        channels=("chat",),
        body=BODY,
        prose=Prose(
            lead="早", comments={SectionId.VOLUME: "好"}, order=(SectionId.VOLUME,), hidden=()
        ),
        prepared_by="usr_ana",
        created_at=AT + timedelta(minutes=number),
    )
    return replace(made, **changes)


async def test_a_briefing_comes_back_as_it_was_kept(database: Database) -> None:
    made = briefing(schedule_id="morning", due_at=AT)
    async with database.write() as connection:
        assert await rows.add(connection, made)

    async with database.read() as connection:
        assert await rows.get(connection, made.id) == made


async def test_what_is_written_over_it_comes_back_too(database: Database) -> None:
    made = briefing()
    later = replace(
        made,
        state=State.DELIVERED,
        prose=Prose(lead="另"),
        edited_at=AT,
        edited_by="usr_a",
        approved_at=AT,
        approved_by="usr_b",
        delivered_at=AT,
        delivered_by="usr_c",
        delivered_to=("chat", "mail"),
        version=5,
    )
    async with database.write() as connection:
        await rows.add(connection, made)
        await rows.write(connection, later)

    async with database.read() as connection:
        assert await rows.get(connection, made.id) == later


async def test_a_time_of_a_schedule_has_one_briefing(database: Database) -> None:
    async with database.write() as connection:
        assert await rows.add(connection, briefing(1, schedule_id="morning", due_at=AT))
        assert not await rows.add(connection, briefing(2, schedule_id="morning", due_at=AT))
        assert await rows.add(connection, briefing(3))
        assert await rows.add(connection, briefing(4))
        kept = await connection.execute(select(tables.briefing.c.id))
        assert sorted(kept.scalars()) == ["brf_1", "brf_3", "brf_4"]


async def test_a_list_is_filtered_and_the_newest_first(database: Database) -> None:
    async with database.write() as connection:
        await rows.add(connection, briefing(1))
        await rows.add(connection, briefing(2, kind=Kind.WEEKLY))
        await rows.add(connection, briefing(3, state=State.APPROVED, monitors=("lark",)))

    async def ids(wanted: BriefingFilter) -> list[str]:
        async with database.read() as connection:
            found = await rows.page(connection, wanted, after=None, limit=9)
        return [item.id for item in found]

    assert await ids(BriefingFilter()) == ["brf_3", "brf_2", "brf_1"]
    assert await ids(BriefingFilter(kinds=(Kind.WEEKLY,))) == ["brf_2"]
    assert await ids(BriefingFilter(states=(State.APPROVED,))) == ["brf_3"]
    assert await ids(BriefingFilter(monitors=("tea", "none"))) == ["brf_2", "brf_1"]
    assert await ids(BriefingFilter(within=frozenset({"tea"}))) == []
    assert await ids(BriefingFilter(within=frozenset())) == []
    assert await ids(BriefingFilter(within=frozenset({"tea", "shop", "x"}))) == ["brf_2", "brf_1"]


async def test_one_that_is_not_there_is_named(database: Database) -> None:
    async with database.read() as connection:
        with pytest.raises(NotFound, match="brf_none"):
            await rows.get(connection, "brf_none")


async def test_what_no_database_holds_is_left_out(database: Database) -> None:
    async with database.write() as connection:
        await rows.add(connection, briefing(1, name="晨\x00屿\ud800"))
        assert (await rows.get(connection, "brf_1")).name == "晨屿?"
