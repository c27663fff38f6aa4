"""docs/sources.md against the registry: each kind has its row, and each example can be built."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawlers import Basis, SourceKind, build_source, kinds

PAGE = Path(__file__).resolve().parents[2] / "docs/sources.md"
TEXT = PAGE.read_text(encoding="utf-8")


def told() -> dict[str, list[str]]:
    """The cells of the page's table by kind."""
    lines = [line for line in TEXT.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


def pace(kind: SourceKind[Any]) -> str:
    limit = kind.rate_limit
    return "–" if limit is None else f"{limit.requests:,} / {limit.period.total_seconds():,.0f} s"


def row(kind: SourceKind[Any]) -> list[str]:
    """What the page has to say of a kind."""
    required = kind.settings_schema().get("required", [])
    needs = ", ".join(f"`{name}`" for name in required) or "–"
    fields = ", ".join(f"`{name}`" for name in sorted(kind.fields))
    return [kind.summary, needs, kind.basis.value, kind.channel.value, pace(kind), fields]


@pytest.mark.parametrize("name", sorted(kinds()))
def test_every_kind_has_its_row(name: str) -> None:
    assert told().get(name) == row(kinds()[name])


def test_every_row_is_a_kind() -> None:
    assert told().keys() == kinds().keys()


def test_unofficial_kinds_are_named_as_off() -> None:
    paragraph = TEXT.split("## Off until somebody answers for it")[1].split("\n## ")[0]
    unofficial = {name for name, kind in kinds().items() if kind.basis is Basis.UNOFFICIAL}
    assert unofficial
    assert {name for name in unofficial if f"`{name}`" not in paragraph} == set()


def examples() -> list[dict[str, Any]]:
    blocks = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    return [source for block in blocks for source in yaml.safe_load(block)["sources"]]


@pytest.mark.parametrize("source", examples(), ids=lambda source: source["id"])
def test_every_example_can_be_built(source: dict[str, Any]) -> None:
    given = {**source["settings"], **source.get("secrets", {})}
    built = build_source(
        source["kind"], source["id"], given, now=lambda: datetime(2026, 3, 2, tzinfo=UTC)
    )
    assert built.name == source["id"]
