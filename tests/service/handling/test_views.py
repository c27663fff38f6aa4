"""Measures as JSON."""

from __future__ import annotations

from service.handling import Axis, shipped_pricing
from service.handling.views import definitions_json, table_json
from tests.service.handling.conftest import MONTH, HandlingScene
from tests.support.incident_scene import LEAD


async def test_the_table_names_its_window_and_its_figures(scene: HandlingScene) -> None:
    await scene.five()
    wanted = scene.board.wanted(LEAD, MONTH, monitor="tea")
    view = table_json(await scene.board.table(LEAD, wanted, [Axis.TIER]))
    assert (view["monitor"], view["by"], view["least"]) == ("tea", ["tier"], 5)
    assert [item["tier"] for item in view["items"]] == ["yellow"]
    told = view["total"]["measures"]["acknowledge"]
    assert (told["n"], told["median_s"], told["p90_s"], told["reason"]) == (5, 180, 300, None)
    assert view["total"]["measures"]["handling"]["within"]["share"] == 1.0
    assert view["total"]["breach_rate"]["reason"] == "not_enough_data"
    assert view["complaints"]["csat"] == {"mean": None, "n": 0, "reason": "not_enough_data"}


def test_the_definitions_say_how_figures_are_made() -> None:
    view = definitions_json(shipped_pricing())
    assert "nearest rank" in view["method"]
    targets = {item["id"]: item["target_s"] for item in view["measures"]}
    assert (targets["handling"], targets["contain"]) == (4.2 * 3600, 48 * 3600)
    assert view["cost"]["hourly"]["legal"] == "300"
