"""The catalogue for people is written from the measures, and stands in docs as it is written."""

from __future__ import annotations

from pathlib import Path

from playbooks.facts import FACTS
from playbooks.measures_page import measures_page

PAGE = Path(__file__).parents[2] / "docs" / "measures.md"


def test_the_page_is_fresh() -> None:
    told = "run `fengsui measures > docs/measures.md`"
    assert PAGE.read_text(encoding="utf-8") == measures_page(), told


def test_every_fact_is_a_row_with_its_window_and_unit() -> None:
    rows = measures_page().splitlines()
    assert "| `negative_1h` | 负面帖数, 1h | Negative posts, 1h | posts |" in rows
    assert {row.split("`")[1] for row in rows if row.startswith("| `")} >= FACTS.keys()
