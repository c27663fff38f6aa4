"""The report of a quarter against figures by hand, in three forms."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
import pytest_asyncio

from service.auth import SYSTEM, Role
from service.documents import Form, written
from service.errors import Forbidden, InvalidInput
from service.risks import Quarter, Stage, report_document
from tests.support.incident_scene import LEAD, RESPONDER, VIEWER, person
from tests.support.risk_scene import RiskScene, cny, open_risks, usd

pytestmark = pytest.mark.asyncio(loop_scope="module")
SECOND = Quarter(2024, 2)
MADE = datetime(2024, 7, 8, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RiskScene]:
    """Entered in March 2024, moved in April and May, asked about in July.

    `up` goes from 9.45 to 15.75; `dearer` doubles its loss; `same` stays; `gone` is retired;
    `new` comes in dollars.
    """
    async with open_risks(Path(tmp_path_factory.mktemp("report"))) as scene:
        up = await scene.enter(title="up")
        dearer = await scene.enter(title="dearer", legal=1, user=1, technical=1, likelihood=1)
        await scene.enter(title="same", monitor="tea", control_cost=cny(50_000))
        gone = await scene.enter(title="gone")
        await scene.wait(days=40)
        await scene.desk.edit(LEAD, up.id, scene.draft(title="up", likelihood=5))
        await scene.desk.move(RESPONDER, up.id, Stage.DO, note="开始")
        await scene.desk.edit(
            LEAD,
            dearer.id,
            scene.draft(
                title="dearer", legal=1, user=1, technical=1, likelihood=1, loss=cny(200_000)
            ),
        )
        await scene.desk.retire(LEAD, gone.id, reason="下架")
        day = scene.rates.day_of(scene.now)
        await scene.rates.put(LEAD, "USD", day, rate=Decimal(7), origin="中国外汇交易中心")
        await scene.enter(title="new", loss=usd(1000), likelihood=1, owner=scene.other)
        await scene.wait(days=62)
        await scene.desk.review(RESPONDER, up.id, note="迟到的复评", evidence=None)
        await scene.wait(days=30)
        await scene.rates.put(
            LEAD, "USD", scene.rates.day_of(scene.now), rate=Decimal(8), origin="x"
        )
        await scene.container.users.set_disabled(SYSTEM, scene.other, disabled=True)
        yield scene


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def report(place: RiskScene) -> dict[str, Any]:
    return await place.reports.of(VIEWER, SECOND)


def named(items: list[dict[str, Any]]) -> list[str]:
    return [item["title"] for item in items]


async def test_what_it_is_of(report: dict[str, Any]) -> None:
    assert (report["quarter"], report["complete"], report["currency"]) == ("2024-Q2", True, "CNY")
    assert report["from"] == "2024-03-31T16:00:00.000Z"
    assert report["as_of"] == report["until"] == "2024-06-30T16:00:00.000Z"
    assert report["formula"]["weights"]["legal"] == "0.4"
    assert [(item["currency"], item["rate"]) for item in report["rates"]] == [("USD", "7")]


async def test_totals_by_hand(report: dict[str, Any]) -> None:
    """Before: 3 × 100000 × 0.30 and 100000 × 0.02; costs 3 × 15000.50 and 53000.50."""
    assert report["totals"]["before"] == {
        "entries": 4,
        "left_out": 0,
        "loss": "400000.00",
        "expected_loss": "92000.00",
        "cost": "98002.00",
        "balance": "-6002.00",
    }
    # up 100000 × 0.90, dearer 200000 × 0.02, same 100000 × 0.30, new 7000 × 0.02.
    assert report["totals"]["after"] == {
        "entries": 4,
        "left_out": 0,
        "loss": "407000.00",
        "expected_loss": "124140.00",
        "cost": "98002.00",
        "balance": "26138.00",
    }


async def test_the_gravest_first(report: dict[str, Any]) -> None:
    assert [(item["title"], item["score"]["value"]) for item in report["top"]] == [
        ("up", 15.75),
        ("same", 9.45),
        ("new", 3.15),
        ("dearer", 1.0),
    ]
    assert report["top"][0]["stage"] == "do"


async def test_movement(report: dict[str, Any]) -> None:
    moves = report["movement"]
    assert {name: named(moves[name]) for name in ("new", "up", "down", "gone")} == {
        "new": ["new"],
        "up": ["up", "dearer"],
        "down": [],
        "gone": ["gone"],
    }
    assert moves["unchanged"] == 1
    assert moves["up"][0]["score"] == {"before": 9.45, "after": 15.75}
    assert moves["up"][0]["stage"] == {"before": "plan", "after": "do"}
    assert moves["up"][1]["expected_loss"] == {"before": "2000.00", "after": "4000.00"}
    assert moves["new"][0]["score"] == {"before": None, "after": 3.15}


async def test_what_is_late_and_who_has_left(report: dict[str, Any], place: RiskScene) -> None:
    assert sorted(named(report["overdue"])) == ["dearer", "same"]
    assert {item["days"] for item in report["overdue"]} == {29}
    assert report["reviews"] == {"due": 3, "in_time": 0, "late": 1, "not_done": 2}
    assert report["owners_left"] == [
        {"id": report["top"][2]["id"], "title": "new", "owner": place.other}
    ]


async def test_cost_against_loss(report: dict[str, Any]) -> None:
    assert [
        (item["title"], item["balance"], item["verdict"]) for item in report["cost_and_loss"]
    ] == [
        ("same", "-23000.50", "costs_more"),
        ("new", "-14860.50", "costs_more"),
        ("dearer", "-11000.50", "costs_more"),
        ("up", "74999.50", "worth_it"),
    ]


async def test_the_quarter_of_today_is_as_far_as_it_is_over(place: RiskScene) -> None:
    report = await place.reports.of(VIEWER, None)
    assert (report["quarter"], report["complete"]) == ("2024-Q3", False)
    assert report["as_of"] == report["made_at"]
    assert [(item["currency"], item["rate"]) for item in report["rates"]] == [("USD", "8")]
    # The dollar has moved; the risk has not.
    assert report["movement"]["unchanged"] == 4


async def test_a_rate_of_the_next_quarter_is_no_rate_of_this_one(
    place: RiskScene, report: dict[str, Any]
) -> None:
    await place.rates.put(LEAD, "USD", date(2024, 7, 1), rate=Decimal(9), origin="x")
    again = await place.reports.of(VIEWER, SECOND)
    assert again["rates"] == report["rates"]
    assert again["totals"] == report["totals"]


async def test_before_there_was_anything(place: RiskScene) -> None:
    report = await place.reports.of(VIEWER, Quarter(2023, 1))
    assert report["totals"]["after"]["entries"] == 0
    assert report["top"] == []
    assert "无。" in written(report, report_document, Form.HTML, made_at=MADE).decode()


async def test_a_quarter_to_come_is_refused(place: RiskScene) -> None:
    with pytest.raises(InvalidInput, match="2024-Q4 has not begun"):
        await place.reports.of(VIEWER, Quarter(2024, 4))


async def test_it_holds_what_its_reader_may_see(place: RiskScene) -> None:
    elsewhere = person("els", Role.VIEWER, monitors=frozenset({"coffee"}))
    report = await place.reports.of(elsewhere, SECOND)
    assert "same" not in named(report["top"])
    assert report["reviews"]["due"] == 2
    with pytest.raises(Forbidden):
        await place.reports.of(person("bot", Role.CLASSIFIER), SECOND)


async def test_the_page_says_the_same(report: dict[str, Any]) -> None:
    page = written(report, report_document, Form.HTML, made_at=MADE).decode()
    for said in (
        "2024-Q2",
        "15.75",
        "26138.00",
        "9.45 → 15.75",
        "hua（已离开）",
        "中国外汇交易中心",
    ):
        assert said in page, said


async def test_the_word_document_opens(report: dict[str, Any]) -> None:
    content = written(report, report_document, Form.DOCX, made_at=MADE)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert "首要风险" in parts.read("word/document.xml").decode()


async def test_json_of_any_string(report: dict[str, Any]) -> None:
    assert orjson.loads(written(report, report_document, Form.JSON, made_at=MADE)) == report
    broken = written(report | {"made_by": "\ud800"}, report_document, Form.JSON, made_at=MADE)
    assert b"\\ud800" in broken


async def test_an_amount_without_a_rate_is_left_out_and_said(report: dict[str, Any]) -> None:
    unpriced = {
        **report["cost_and_loss"][0],
        "expected_loss": None,
        "balance": None,
        "verdict": "unpriced",
    }
    changed = report | {"cost_and_loss": [unpriced]}
    page = written(changed, report_document, Form.HTML, made_at=MADE).decode()
    assert "缺汇率" in page
