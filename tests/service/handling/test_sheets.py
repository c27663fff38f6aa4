"""Measures as CSV."""

from __future__ import annotations

import csv
import io

from service.handling import Axis
from service.handling.sheets import crises_csv, table_csv
from tests.service.handling.conftest import MONTH, HandlingScene
from tests.support.incident_scene import LEAD


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


async def test_a_line_of_csv_for_each_figure(scene: HandlingScene) -> None:
    await scene.five()
    wanted = scene.board.wanted(LEAD, MONTH)
    found = lines(table_csv(await scene.board.table(LEAD, wanted, [Axis.TIER])))
    assert [line["tier"] for line in found] == [""] * 10 + ["yellow"] * 10
    (handling,) = [line for line in found[:10] if line["measure"] == "handling"]
    assert (handling["median_s"], handling["target_s"], handling["share"]) == ("1800", "15120", "1")
    (recurrence,) = [line for line in found[:10] if line["measure"] == "recurrence"]
    assert (recurrence["n"], recurrence["share"], recurrence["target_share"]) == ("5", "0", "0.08")
    (cost,) = [line for line in found[:10] if line["measure"] == "cost"]
    assert (cost["amount"], cost["currency"], cost["n"]) == ("0", "CNY", "5")


async def test_no_title_is_a_formula(scene: HandlingScene) -> None:
    incident = await scene.crisis(title='=HYPERLINK("http://evil.example")')
    (line,) = lines(crises_csv(await scene.crises()))
    assert line["title"].startswith("'=")
    assert (line["id"], line["acknowledge_s"], line["recurs"]) == (incident, "", "false")
    assert (line["cost"], line["cost_is_whole"]) == ("0", "true")
