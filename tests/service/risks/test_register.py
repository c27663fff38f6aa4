"""The list: filtered, sorted, in pages that follow one another without gap or repetition."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import delete

from service.auth import SYSTEM, Role
from service.db import tables
from service.errors import Forbidden
from service.risks import Entry, RiskFilter, Sort, Stage
from service.risks.register import position
from tests.support.incident_scene import LEAD, RESPONDER, VIEWER, person
from tests.support.risk_scene import RiskScene, cny, open_risks, usd

pytestmark = pytest.mark.asyncio(loop_scope="module")
CLASSIFIER = person("bot", Role.CLASSIFIER)
ELSEWHERE = person("els", Role.VIEWER, monitors=frozenset({"coffee"}))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RiskScene]:
    """Five: `a` overdue, `b` in dollars that no rate is left for, `e` retired."""
    async with open_risks(Path(tmp_path_factory.mktemp("register"))) as scene:
        await scene.enter(title="a", monitor="tea", scenario="product_quality")
        await scene.wait(days=100)
        day = scene.rates.day_of(scene.now)
        await scene.rates.put(LEAD, "USD", day, rate=Decimal(7), origin="x")
        await scene.enter(title="b", loss=usd(1000), legal=5, user=5, technical=5, likelihood=5)
        c = await scene.enter(title="C", loss=cny(10), owner=scene.other, review_months=1)
        await scene.desk.move(RESPONDER, c.id, Stage.DO, note="x")
        await scene.enter(title="d", legal=1, user=1, technical=1, likelihood=1)
        e = await scene.enter(title="e")
        await scene.desk.retire(LEAD, e.id, reason="x")
        async with scene.container.database.write() as connection:
            await connection.execute(delete(tables.exchange_rate))
        yield scene


async def titles(place: RiskScene, sort: Sort = Sort.TITLE, **wanted: Any) -> str:
    found = await place.register.page(VIEWER, RiskFilter(**wanted), sort=sort)
    return "".join(entry.risk.draft.title for entry in found)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.SCORE, "baCd"),
        (Sort.EXPECTED_LOSS, "adCb"),
        (Sort.BALANCE, "adCb"),
        (Sort.REVIEW, "aCbd"),
        (Sort.TITLE, "abCd"),
        (Sort.UPDATED, "bCda"),
    ],
)
async def test_orders(place: RiskScene, sort: Sort, expected: str) -> None:
    found = await titles(place, sort)
    # What was entered in the same instant stands by its id, which is no letter's order.
    if sort is Sort.UPDATED:
        assert (sorted(found[:3]), found[3]) == (sorted("bCd"), "a")
    elif sort in (Sort.SCORE, Sort.REVIEW):
        assert sorted(found) == sorted(expected)
        assert found[0] == expected[0]
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, "abCd"),
        ({"stages": (Stage.DO,)}, "C"),
        ({"monitors": ("tea",)}, "a"),
        ({"scenarios": ("product_quality",)}, "a"),
        ({"bands": ("high",)}, "b"),
        ({"bands": ("low", "medium")}, "aCd"),
        ({"overdue": True}, "a"),
        ({"overdue": False}, "bCd"),
        ({"owner_left": True}, ""),
        ({"owner_left": False}, "abCd"),
        ({"retired": True}, "e"),
        ({"retired": None}, "abCde"),
        ({"q": "c"}, "C"),
        ({"owners": ("nobody",)}, ""),
    ],
)
async def test_filters(place: RiskScene, wanted: dict[str, Any], expected: str) -> None:
    assert await titles(place, **wanted) == expected


async def test_those_whose_owner_left_are_found(place: RiskScene) -> None:
    await place.container.users.set_disabled(SYSTEM, place.other, disabled=True)
    try:
        assert await titles(place, owner_left=True) == "C"
    finally:
        await place.container.users.set_disabled(SYSTEM, place.other, disabled=False)


@pytest.mark.parametrize("sort", list(Sort))
async def test_pages_follow_one_another(place: RiskScene, sort: Sort) -> None:
    whole = await place.register.page(VIEWER, RiskFilter(), sort=sort)
    walked: list[Entry] = []
    after = None
    while page := await place.register.page(VIEWER, RiskFilter(), sort=sort, after=after, limit=1):
        walked += page
        after = position(page[-1], sort)
    assert [entry.risk.id for entry in walked] == [entry.risk.id for entry in whole]


async def test_money_without_a_rate_is_unknown_and_not_nothing(place: RiskScene) -> None:
    (entry,) = await place.register.page(VIEWER, RiskFilter(q="b"))
    assert entry.assessment.loss is None
    assert entry.assessment.expected_loss is None
    assert entry.assessment.balance is None
    assert entry.assessment.cost == Decimal("15000.50")


async def test_who_sees_what(place: RiskScene) -> None:
    found = await place.register.page(ELSEWHERE, RiskFilter(), sort=Sort.TITLE)
    assert [entry.risk.draft.title for entry in found] == ["b", "C", "d"]
    with pytest.raises(Forbidden):
        await place.register.page(CLASSIFIER, RiskFilter())
    with pytest.raises(Forbidden):
        place.register.shown(CLASSIFIER)
    assert place.register.shown(VIEWER)["weights"]["legal"] == "0.4"


async def test_an_account_that_is_gone_has_left(place: RiskScene) -> None:
    (entry,) = await place.register.page(VIEWER, RiskFilter(q="a"))
    ghost = replace(entry.risk, draft=replace(entry.risk.draft, owner="usr_ghost"))
    owner = (await place.register.entry(ghost)).owner
    assert (owner.id, owner.name, owner.left) == ("usr_ghost", None, True)


async def test_an_overdue_entry_says_since_when(place: RiskScene) -> None:
    (entry,) = await place.register.page(VIEWER, RiskFilter(q="a"))
    since = entry.review.overdue_since
    assert since is not None
    assert timedelta(0) < place.now - since < timedelta(days=15)
