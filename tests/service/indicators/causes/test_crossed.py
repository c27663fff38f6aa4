"""That late deliveries on rainy days drive the complaints comes out, and of no rain it does not."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

import pytest

from nlp.causes import load_causes
from service.auth import SYSTEM
from service.errors import InvalidInput, NotFound
from service.indicators import Window
from service.indicators.causes import CrossTables, Daily, Per
from service.indicators.causes.crossed import Unsaid
from service.series import Point, SeriesBook
from service.settings import load_settings
from service.stores import StoredPost
from tests.support.clock import START
from tests.support.indicator_scene import DAY, HOUR, IndicatorScene
from tests.support.stored_posts import stored_post

DAYS = 60
ZONE = load_settings({}).zone
MIDNIGHT = START.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
SINCE = MIDNIGHT - DAYS * DAY
WINDOW = Window(since=SINCE, until=MIDNIGHT)
LATE = ("外卖超时一个小时", "快递三天了还没送到", "等了一个多小时才到")
RUDE = ("店员爱答不理，态度恶劣", "司机当场骂人")
OTHER = ("新品青柚茶真好喝", "今天又买了一杯", "周末去了新店打卡", "求推荐口味")


def rain(chance: random.Random) -> list[float]:
    """Millimetres in each hour: of sixty days twelve are wet from noon on, and twelve very wet."""
    strengths = [0.0] * (DAYS - 24) + [1.0] * 12 + [6.0] * 12
    chance.shuffle(strengths)
    return [
        round(strength * chance.uniform(0.5, 1.5), 1) if hour >= 12 else 0.0
        for strength in strengths
        for hour in range(24)
    ]


def stream(chance: random.Random, wet: Sequence[float]) -> list[StoredPost]:
    """Thirty posts a day, a few of them of rude staff; on rainy days many are of late delivery."""
    made: list[StoredPost] = []
    for day in range(DAYS):
        raining = sum(wet[day * 24 : day * 24 + 24]) > 40
        late = chance.choice((14, 18, 22)) if raining else chance.choice((0, 1, 2, 3))
        texts = [chance.choice(LATE) for _ in range(late)]
        texts += [chance.choice(RUDE) for _ in range(chance.choice((1, 2, 3, 6)))]
        texts += [chance.choice(OTHER) for _ in range(30)]
        for text in texts:
            at = SINCE + day * DAY + timedelta(seconds=chance.randrange(9 * 3600, 23 * 3600))
            made.append(
                stored_post(
                    len(made) + 1, text, published_at=at, fetched_at=at + HOUR, stored_at=at + HOUR
                )
            )
    return made


async def tables(scene: IndicatorScene, values: Sequence[float]) -> CrossTables:
    """The tables over the stream of seed 7, with a series `rain` of these hours."""
    chance = random.Random(7)
    await scene.store.upsert(stream(chance, rain(chance)))
    book = SeriesBook(scene.database, scene.clock)
    hourly = [Point(SINCE + number * HOUR, value) for number, value in enumerate(values)]
    await book.write(SYSTEM, "rain", hourly, unit="mm")
    return CrossTables(
        store=scene.store,
        series=book,
        surroundings=scene.surroundings,
        finder=load_causes(),
        zone=ZONE,
    )


def wet_hours() -> list[float]:
    return rain(random.Random(7))


async def test_late_deliveries_on_rainy_days(scene: IndicatorScene) -> None:
    crossed = await (await tables(scene, wet_hours())).crossed(
        SYSTEM, "tea", WINDOW, daily=(), series=("rain",), edges=(0.1, 2)
    )
    first = crossed.findings[0]
    assert (first.cause, first.factor, first.band) == ("late_delivery", "rain", ">= 2")
    assert first.lift > 2
    assert first.n > 2 * first.expected
    assert first.p_adjusted <= 0.001
    assert "rude_staff" not in {item.cause for item in crossed.findings if item.band == ">= 2"}
    (table,) = crossed.tables
    assert (table.unit, table.reason) == ("mm", None)
    assert sum(band.hours for band in table.bands) == DAYS * 24
    assert sum(band.posts for band in table.bands) == crossed.read == crossed.posts
    late = [row for row in table.rows if row.cause == "late_delivery"]
    assert sum(row.n for row in late) == pytest.approx(sum(row.expected for row in late))


@pytest.mark.parametrize("seed", range(6))
async def test_of_shuffled_rain_nothing_comes_out(scene: IndicatorScene, seed: int) -> None:
    hours = wet_hours()
    days = [hours[start : start + 24] for start in range(0, len(hours), 24)]
    random.Random(seed).shuffle(days)
    crossed = await (await tables(scene, [value for day in days for value in day])).crossed(
        SYSTEM, "tea", WINDOW, daily=(), series=("rain",), edges=(0.1, 2)
    )
    assert crossed.findings == ()
    assert crossed.tables[0].rows


async def test_thirds_find_it_as_well_and_hours_and_weekdays_say_nothing(
    scene: IndicatorScene,
) -> None:
    crossed = await (await tables(scene, wet_hours())).crossed(
        SYSTEM, "tea", WINDOW, scenario="service_aftersales", series=("rain",)
    )
    assert [table.factor for table in crossed.tables] == ["hour", "weekday", "rain"]
    assert {(item.cause, item.factor) for item in crossed.findings} == {("late_delivery", "rain")}
    assert {row.cause for table in crossed.tables for row in table.rows} == {
        "late_delivery",
        "rude_staff",
    }


async def test_causes_of_another_scenario_are_too_few(scene: IndicatorScene) -> None:
    crossed = await (await tables(scene, wet_hours())).crossed(
        SYSTEM, "tea", WINDOW, scenario="outage"
    )
    assert {table.reason for table in crossed.tables} == {Unsaid.NOT_ENOUGH_DATA}
    assert all(not table.rows and table.bands for table in crossed.tables)


async def test_a_fortnight_is_needed(scene: IndicatorScene) -> None:
    found = await tables(scene, wet_hours())
    window = Window(since=MIDNIGHT - 13 * DAY, until=MIDNIGHT)
    crossed = await found.crossed(SYSTEM, "tea", window, daily=(Daily.WEEKDAY,))
    assert crossed.tables[0].reason is Unsaid.NOT_ENOUGH_DATA


async def test_a_series_of_one_value_has_one_band(scene: IndicatorScene) -> None:
    crossed = await (await tables(scene, [0.0] * DAYS * 24)).crossed(
        SYSTEM, "tea", WINDOW, daily=(), series=("rain",), per=Per.HOUR
    )
    assert crossed.tables[0].reason is Unsaid.ONE_BAND


async def test_what_cannot_be_meant(scene: IndicatorScene) -> None:
    found = await tables(scene, [1.0, 2.0])
    long = Window(since=MIDNIGHT - 400 * DAY, until=MIDNIGHT)
    with pytest.raises(InvalidInput) as caught:
        await found.crossed(SYSTEM, "tea", long, series=["rain"] * 6, edges=(2, 1))
    assert [path for path, _ in caught.value.errors] == ["since", "series", "edges"]
    with pytest.raises(InvalidInput):
        await found.crossed(SYSTEM, "tea", WINDOW, edges=(1,))
    with pytest.raises(NotFound):
        await found.crossed(SYSTEM, "tea", WINDOW, series=("snow",))
    with pytest.raises(NotFound):
        await found.crossed(SYSTEM, "nobody", WINDOW)
