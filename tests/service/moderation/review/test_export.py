"""Verdicts as training rows: masked, disarmed, every one of them once."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.db import tables
from service.errors import Forbidden
from service.moderation.review import Format, VerdictDraft
from service.moderation.review.export import COLUMNS, csv_line
from tests.support.clock import START
from tests.support.review_scene import ANNA, BLOCK, EVE, GATEWAY, LEAD, PASS, ReviewScene, case


async def exported(scene: ReviewScene, form: Format = Format.JSONL, **bounds: object) -> bytes:
    values = {"since": None, "until": None} | bounds
    scene.clock.step(seconds=1)
    lines = await scene.export.start(LEAD, form=form, **values)  # type: ignore[arg-type]
    return b"".join([line async for line in lines])


async def rows(scene: ReviewScene, **bounds: object) -> list[dict[str, object]]:
    return [json.loads(line) for line in (await exported(scene, **bounds)).splitlines()]


async def test_each_verdict_is_a_row(scene: ReviewScene) -> None:
    item = await scene.filed()
    await scene.decide(item, ANNA, BLOCK)
    await scene.appeals.against_verdict(GATEWAY, item.id, words="冤枉")
    scene.clock.step(minutes=1)
    await scene.decide(item, EVE, PASS)
    first, second = await rows(scene)
    assert first == {
        "item": item.id,
        "text": "加微信领红包",
        "kind": "post",
        "labels": ["fraud"],
        "verdict": "block",
        "reason": "fraud",
        "line": "second",
        "rubric_version": scene.rubric.name,
        "at": "2024-03-01T02:00:00.000Z",
        "final": False,
        "second_opinion": False,
        "origin": "machine",
        "suggestion": "review",
        "machine_labels": ["diversion"],
    }
    assert (second["verdict"], second["line"], second["final"]) == ("pass", "third", True)


async def test_personal_information_is_masked(local: ReviewScene) -> None:
    await local.decide(await local.filed(case("打我电话13812345678，王师傅")), ANNA, BLOCK)
    (row,) = await rows(local)
    assert "13812345678" not in str(row)
    assert "138" in str(row["text"])


async def test_batches_leave_nothing_out_and_repeat_nothing(
    scene: ReviewScene,
) -> None:
    for number in range(5):
        item = await scene.filed(case(item_id=str(number)))
        await scene.decide(item, ANNA, BLOCK)
    found = [row["item"] for row in await rows(scene)]
    assert len(found) == len(set(found)) == 5


async def test_bounds_are_of_the_verdict(local: ReviewScene) -> None:
    for number in range(3):
        await local.decide(await local.filed(case(item_id=str(number))), ANNA, BLOCK)
        local.clock.step(hours=1)
    end = local.clock.now()
    assert len(await rows(local)) == 3
    assert len(await rows(local, until=START)) == 0
    assert len(await rows(local, since=end)) == 0
    assert len(await rows(local, since=START, until=end)) == 3


async def test_a_spreadsheet_finds_no_formula(local: ReviewScene) -> None:
    text = '=HYPERLINK("http://x.example","点我")\n第二行'
    draft = VerdictDraft(ruling=BLOCK.ruling, reason="fraud", labels=("diversion",))
    await local.decide(await local.filed(case(text)), ANNA, draft)
    parsed = list(csv.reader(io.StringIO((await exported(local, Format.CSV)).decode())))
    assert tuple(parsed[0]) == COLUMNS
    row = dict(zip(COLUMNS, parsed[1], strict=True))
    assert row["text"] == "'" + text
    assert (row["labels"], row["final"]) == ("fraud|diversion", "true")


@settings(max_examples=100)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1))
def test_no_cell_begins_a_formula(cells: list[str]) -> None:
    (parsed,) = csv.reader(io.StringIO(csv_line(cells).decode(), newline=""))
    for cell, given_cell in zip(parsed, cells, strict=True):
        assert cell.removeprefix("'") == given_cell.removeprefix("'") or cell == given_cell
        assert not cell.lstrip(" \u3000\ufeff").startswith(("=", "+", "-", "@", "\t"))


async def test_an_export_is_audited_and_takes_a_permission(local: ReviewScene) -> None:
    with pytest.raises(Forbidden):
        await local.export.start(ANNA, since=None, until=None, form=Format.JSONL)
    await exported(local)
    (row,) = await local.rows(tables.audit_entry)
    assert (row.action, row.actor) == ("review.exported", LEAD.id)
