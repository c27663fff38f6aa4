"""What an entry would have hit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from nlp.lexicon import Lexicon, LiveLexicon
from nlp.text.search_tokens import search_phrases
from service.errors import InvalidInput
from service.lexicon import Previewer
from service.stores.sqlite import SqlitePostStore
from tests.service.lexicon.rows import SHIPPED, entry
from tests.support.clock import START, SteppingClock
from tests.support.stored_posts import stored_post


class HurriedClock(SteppingClock):
    """A second passes whenever somebody looks."""

    def monotonic(self) -> float:
        self.step(seconds=1)
        return super().monotonic()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlitePostStore]:
    opened = SqlitePostStore(tmp_path / "p.db", query_phrases=search_phrases, durable=False)
    await opened.migrate()
    yield opened
    await opened.close()


def previewer(store: SqlitePostStore, clock: SteppingClock | None = None) -> Previewer:
    return Previewer(
        store=store,
        clock=clock or SteppingClock(),
        live=LiveLexicon(Lexicon(SHIPPED)),
        zone=ZoneInfo("Asia/Shanghai"),
    )


async def fill(store: SqlitePostStore, *texts: str, days_ago: float = 1) -> None:
    at = START - timedelta(days=days_ago)
    known = [
        stored_post(n, text, published_at=at, fetched_at=at, stored_at=at)
        for n, text in enumerate(texts, start=int(days_ago * 1000))
    ]
    await store.upsert(known)


async def test_posts_a_day_and_their_share(store: SqlitePostStore) -> None:
    await fill(store, "又是黑店宰客", "今天天气不错", days_ago=1)
    await fill(store, "黑店宰客，没天理", "黑店宰客！", days_ago=3)
    await fill(store, "黑店宰客", days_ago=12)
    found = await previewer(store).preview(entry("黑店宰客"), days=7)
    assert (found.posts, found.hits, found.share, found.complete) == (4, 3, 0.75, True)
    assert len(found.by_day) == 8
    assert {day.day: day.hits for day in found.by_day if day.hits} == {
        date(2024, 2, 27): 2,
        date(2024, 2, 29): 1,
    }


async def test_hidden_ones_are_found(store: SqlitePostStore) -> None:
    await fill(store, "黑*店*宰*客", "黑 店 宰 客", "heidianzaike", "这是heidian宰客吧")
    found = await previewer(store).preview(entry("黑店宰客"))
    assert found.hits >= 3
    assert {sample.evasion for sample in found.samples} - {None}


async def test_what_is_hit_already_is_not_fresh(store: SqlitePostStore) -> None:
    await fill(store, "黑店宰客，霸王条款", "黑店宰客，偷工减料", "黑店宰客")
    found = await previewer(store).preview(entry("黑店宰客"))
    assert (found.hits, found.fresh) == (3, 2)
    assert [sample.fresh for sample in found.samples] == [True, True, False]


async def test_a_changed_entry_is_no_rival_of_itself(store: SqlitePostStore) -> None:
    await fill(store, "都是霸王条款")
    found = await previewer(store).preview(entry("霸王条款", id="lex_base_b", severity="5"))
    assert found.fresh == 1


async def test_excused_posts_are_counted_apart(store: SqlitePostStore) -> None:
    await fill(store, "不是黑店宰客", "黑店宰客")
    found = await previewer(store).preview(entry("黑店宰客", allow="不是黑店宰客"))
    assert (found.hits, found.suppressed) == (1, 1)


async def test_samples_are_masked_and_point_at_the_hit(store: SqlitePostStore) -> None:
    await fill(store, "前" * 300 + "黑店宰客，打电话13812345678投诉" + "后" * 300)
    (sample,) = (await previewer(store).preview(entry("黑店宰客"))).samples
    assert "13812345678" not in sample.text
    assert "138****5678" in sample.text
    assert sample.text[sample.start : sample.end] == "黑店宰客"
    assert len(sample.text) < 200


async def test_the_title_counts_too(store: SqlitePostStore) -> None:
    at = START - timedelta(hours=1)
    post = stored_post(1, "正文", published_at=at, fetched_at=at, stored_at=at)
    await store.upsert([replace(post, title="黑店宰客")])
    assert (await previewer(store).preview(entry("正文"))).hits == 1


async def test_at_most_twenty_samples(store: SqlitePostStore) -> None:
    await fill(store, *(f"黑店宰客{n}" for n in range(30)))
    found = await previewer(store).preview(entry("黑店宰客"))
    assert (found.hits, len(found.samples)) == (30, 20)


async def test_time_that_runs_out_is_told(store: SqlitePostStore) -> None:
    await fill(store, *(f"黑店宰客{n}" for n in range(450)))
    clock = HurriedClock()
    found = await previewer(store, clock).preview(entry("黑店宰客"), seconds=2)
    assert not found.complete
    assert 0 < found.looked < 450


async def test_progress_goes_from_nothing_to_all(store: SqlitePostStore) -> None:
    told: list[tuple[int, int]] = []
    await previewer(store).preview(
        entry("黑店宰客"), progress=lambda done, of: told.append((done, of))
    )
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1] == len(told) - 1


async def test_an_empty_store(store: SqlitePostStore) -> None:
    found = await previewer(store).preview(entry("黑店宰客"), days=1)
    assert (found.posts, found.share, found.complete) == (0, 0.0, True)


@pytest.mark.parametrize("days", [0, 91])
async def test_days_have_bounds(store: SqlitePostStore, days: int) -> None:
    with pytest.raises(InvalidInput):
        await previewer(store).preview(entry("黑店宰客"), days=days)
