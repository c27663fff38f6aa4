"""Rates of exchange: entered, corrected, taken away, and money of another currency."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio

from service.db import tables
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.risks import Money, Rate, RateBook
from tests.support.incident_scene import LEAD, RESPONDER, VIEWER
from tests.support.risk_scene import RiskScene, open_risks, usd

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RiskScene]:
    async with open_risks(Path(tmp_path_factory.mktemp("rates"))) as scene:
        yield scene


def today(place: RiskScene) -> date:
    return place.rates.day_of(place.now)


async def put(
    place: RiskScene, worth: str, *, currency: str = "USD", ago: int = 0, version: int | None = None
) -> Rate:
    return await place.rates.put(
        LEAD,
        currency,
        today(place) - timedelta(days=ago),
        rate=Decimal(worth),
        origin="财务部月报",
        version=version,
    )


async def test_money_of_another_currency_waits_for_its_rate(place: RiskScene) -> None:
    with pytest.raises(InvalidInput) as caught:
        await place.enter(loss=usd(10_000))
    ((path, message),) = caught.value.errors
    assert path == "loss"
    assert f"PUT /v1/risks/rates/USD/{today(place)}" in message

    await put(place, "7.1234", ago=3)
    risk = await place.enter(loss=usd(10_000))
    assessment = (await place.entry(risk)).assessment
    assert assessment.loss == Decimal("71234.00")
    assert assessment.expected_loss == Decimal("21370.20")
    assert assessment.cost == Decimal("15000.50")
    assert assessment.balance == Decimal("6369.70")

    await put(place, "6.5")
    assert (await place.entry(risk)).assessment.loss == Decimal("65000.00")


async def test_a_rate_is_corrected_and_both_are_audited(place: RiskScene) -> None:
    first = await put(place, "0.045", currency="JPY", version=0)
    assert (first.version, first.by) == (1, LEAD.id)
    with pytest.raises(Conflict, match=r"0\.045"):
        await put(place, "0.05", currency="JPY", version=0)
    second = await put(place, "0.0501", currency="JPY", version=1)
    assert (second.version, second.rate) == (2, Decimal("0.0501"))
    assert await put(place, "0.0501", currency="JPY") == second
    with pytest.raises(NotFound):
        await put(place, "1", currency="CHF", version=3)
    rows = await place.scene.rows(tables.audit_entry)
    told = [row["data"] for row in rows if row["subject_id"] == f"JPY-{today(place)}"]
    assert [(item["before"], item["rate"]) for item in told] == [
        (None, "0.045"),
        ("0.045", "0.0501"),
    ]


@pytest.mark.parametrize(
    ("currency", "ahead", "worth", "origin", "path"),
    [
        ("usd", 0, "7", "x", "currency"),
        ("CNY", 0, "7", "x", "currency"),
        ("USD", 1, "7", "x", "day"),
        ("USD", -20_000, "7", "x", "day"),
        ("USD", 0, "0", "x", "rate"),
        ("USD", 0, "NaN", "x", "rate"),
        ("USD", 0, "1E+10", "x", "rate"),
        ("USD", 0, "7", " ", "origin"),
        ("USD", 0, "7", "\u200b", "origin"),
    ],
)
async def test_mistakes_are_refused(
    place: RiskScene, currency: str, ahead: int, worth: str, origin: str, path: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        await place.rates.put(
            LEAD,
            currency,
            today(place) + timedelta(days=ahead),
            rate=Decimal(worth),
            origin=origin,
        )
    assert [where for where, _ in caught.value.errors] == [path]


async def test_a_rate_that_is_needed_stays(place: RiskScene) -> None:
    await put(place, "8", currency="EUR", ago=1)
    day = today(place) - timedelta(days=1)
    await place.rates.remove(LEAD, "EUR", day, version=1)
    with pytest.raises(NotFound):
        await place.rates.remove(LEAD, "EUR", day)

    await put(place, "9.1", currency="GBP")
    held = await place.enter(title="英镑", loss=Money(amount=Decimal(1), currency="GBP"))
    with pytest.raises(Conflict, match=held.id):
        await place.rates.remove(LEAD, "GBP", today(place))
    await put(place, "9.0", currency="GBP", ago=5)
    await place.rates.remove(LEAD, "GBP", today(place))
    assert (await place.entry(held)).assessment.loss == Decimal("9.00")


async def test_pages_by_currency_and_day(place: RiskScene) -> None:
    for ago in (3, 2):
        await put(place, "5", currency="AUD", ago=ago)
    first = await place.rates.page(VIEWER, after=None, limit=1)
    rest = await place.rates.page(
        VIEWER, after=(first[0].currency, first[0].day.isoformat()), limit=1
    )
    assert [(item.currency, (today(place) - item.day).days) for item in (*first, *rest)] == [
        ("AUD", 3),
        ("AUD", 2),
    ]


async def test_who_may_do_what(place: RiskScene) -> None:
    day = today(place)
    with pytest.raises(Forbidden):
        await place.rates.put(RESPONDER, "USD", day, rate=Decimal(7), origin="x")
    with pytest.raises(Forbidden):
        await place.rates.remove(RESPONDER, "USD", day)


async def test_with_another_reporting_currency_what_is_entered_is_not_guessed(
    place: RiskScene,
) -> None:
    """The setting was changed: rates to the old one do not count, entries stay."""
    risk = await place.enter(title="换报告货币")
    book = RateBook(place.container.database, place.clock, reporting="HKD", zone=place.rates.zone)
    async with place.container.database.read() as connection:
        rates = await book.load(connection)
    assert rates.convert(risk.draft.loss, today(place)) is None
