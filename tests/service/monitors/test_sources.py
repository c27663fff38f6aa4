from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from crawlers import Checkpoint
from service.audit import entries
from service.auth import SYSTEM, Undecipherable
from service.db import Database
from service.db.tables import source
from service.errors import InvalidInput, NotFound
from service.monitors import DurableCheckpoints, SourceDraft, Sources
from service.monitors.sources import merged

FEED = SourceDraft(
    id="news",
    kind="rss",
    name="行业新闻",
    settings={"url": "https://news.example/feed"},
    secrets={"headers": {"authorization": "Bearer geheim-12345"}},
    interval_s=120,
)


async def test_secrets_are_named_and_never_shown(database: Database, sources: Sources) -> None:
    saved = await sources.put(SYSTEM, FEED)
    assert saved.item.secret_names == ("headers",)
    async with database.read() as connection:
        rows = str((await connection.execute(select(source))).all())
        rows += str((await entries(connection)).items)
    assert "geheim" not in rows + str(saved) + str(FEED)


async def test_secrets_left_out_are_kept_and_others_replace_them(sources: Sources) -> None:
    await sources.put(SYSTEM, FEED)
    kept = await sources.put(SYSTEM, replace(FEED, secrets=None, name="x"))
    assert kept.item.secret_names == ("headers",)
    gone = await sources.put(SYSTEM, replace(FEED, secrets={}))
    assert gone.item.secret_names == ()


@pytest.mark.parametrize(
    ("draft", "path"),
    [
        (replace(FEED, kind="carrier-pigeon"), "kind"),
        (replace(FEED, settings={}), "settings.url"),
        (replace(FEED, settings={**FEED.settings, "colour": 1}), "settings.colour"),
        (replace(FEED, interval_s=1), "interval_s"),
        (
            replace(FEED, settings={**FEED.settings, "headers": {"authorization": "x"}}),
            "settings.headers.authorization",
        ),
    ],
)
async def test_mistakes_are_named(sources: Sources, draft: SourceDraft, path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await sources.put(SYSTEM, draft)
    assert path in [found for found, _ in refused.value.errors]


async def test_stored_secrets_that_are_named_stay_beside_new_ones(sources: Sources) -> None:
    await sources.put(SYSTEM, FEED)
    both = await sources.put(
        SYSTEM, replace(FEED, secrets={"lang": "zh"}, kept=("headers", "unheard-of"))
    )
    assert both.item.secret_names == ("headers", "lang")
    one = await sources.put(SYSTEM, replace(FEED, secrets={}, kept=("lang",)))
    assert one.item.secret_names == ("lang",)


async def test_a_source_is_built_with_its_secrets(sources: Sources) -> None:
    await sources.put(SYSTEM, FEED)
    assert (await sources.build("news")).name == "news"
    with pytest.raises(NotFound):
        await sources.build("none")


async def test_what_cannot_be_built_is_told_and_the_rest_is_built(
    database: Database, sources: Sources
) -> None:
    for name in ("a", "b", "c", "d"):
        await sources.put(SYSTEM, replace(FEED, id=name, enabled=name != "d"))
    async with database.write() as connection:
        await connection.execute(update(source).where(source.c.id == "b").values(kind="gone"))
        await connection.execute(update(source).where(source.c.id == "c").values(secrets="lost"))
    built, broken = await sources.build_enabled()
    assert list(built) == ["a"]
    assert "gone" in broken["b"]
    assert "lost" in broken["c"]


async def test_lost_secrets_are_replaced_by_new_ones(database: Database, sources: Sources) -> None:
    await sources.put(SYSTEM, FEED)
    async with database.write() as connection:
        await connection.execute(update(source).values(secrets="lost"))
    with pytest.raises(Undecipherable, match="give them anew"):
        await sources.build("news")
    await sources.put(SYSTEM, FEED)
    assert await sources.build("news")


async def test_filters(sources: Sources) -> None:
    await sources.put(SYSTEM, FEED)
    await sources.put(
        SYSTEM,
        SourceDraft(id="file", kind="jsonl", name="f", settings={"path": "x"}, enabled=False),
    )
    assert [item.id for item in (await sources.page(kind="rss")).items] == ["news"]
    assert [item.id for item in (await sources.page(enabled=False)).items] == ["file"]


async def test_its_checkpoint_goes_with_a_source(database: Database, sources: Sources) -> None:
    await sources.put(SYSTEM, FEED)
    checkpoints = DurableCheckpoints(database)
    await checkpoints.save(Checkpoint(source="news"))
    await sources.delete(SYSTEM, "news")
    assert await checkpoints.load("news") is None


def test_objects_among_the_secrets_are_joined_key_by_key() -> None:
    settings = {"headers": {"accept": "x"}, "url": "u"}
    assert merged(settings, {"headers": {"cookie": "c"}, "user": "n"}) == {
        "headers": {"accept": "x", "cookie": "c"},
        "url": "u",
        "user": "n",
    }
