from __future__ import annotations

from typing import Any

import pytest

from playbooks.statements import Code
from service.db import tables
from service.errors import InvalidInput
from service.statements import Fact, NewStatement
from tests.support.statement_scene import CALM, RUI, StatementScene


async def test_a_template_is_filled_from_the_incident(scene: StatementScene) -> None:
    incident = await scene.crisis("orange", "漏水了，气死我了", "又漏")

    statement = await scene.draft(
        incident,
        None,
        template="product_quality.holding",
        title=None,
        emotion=None,
        values={"product": "青柚杯"},
    )

    file = await scene.file(statement.id)
    assert file.statement.title == "质量投诉首份声明"
    assert file.edition.variables["platform"] == "weibo"
    assert "我们在weibo看到有用户反映青柚杯{{ problem }}" in file.edition.text
    assert {"seen_at", "next_update_at"} <= set(file.edition.variables)
    unfilled = [item for item in file.edition.findings if item.code is Code.MISSING_VARIABLE]
    assert {item.surface for item in unfilled} >= {"{{ problem }}", "{{ contact }}"}
    assert (file.statement.emotion, file.statement.intensity) == ("angry", "marked")
    assert file.advice is not None
    assert file.advice.register.id == "owning"
    assert len(file.checks) > 0


async def test_the_name_of_the_brand_is_known(local: StatementScene) -> None:
    now = local.clock.now()
    async with local.database.write() as connection:
        await connection.execute(
            tables.brand.insert().values(
                id="cy",
                name="澄屿",
                kind="own",
                aliases=[],
                created_at=now,
                updated_at=now,
                version=1,
            )
        )
        await connection.execute(
            tables.monitor.insert().values(
                id="tea",
                name="茶",
                query="茶",
                brand_id="cy",
                enabled=True,
                created_at=now,
                updated_at=now,
                version=1,
            )
        )
    incident = await local.crisis()

    statement = await local.draft(incident, None, template="product_quality.holding")

    assert (await local.file(statement.id)).edition.variables["brand"] == "澄屿"


async def test_the_register_is_put_into_a_draft_that_lacks_it(local: StatementScene) -> None:
    incident = await local.crisis("yellow", "很怕，不敢用了")

    statement = await local.draft(
        incident, None, template="product_quality.update", emotion="sad", intensity="strong"
    )

    text = (await local.file(statement.id)).edition.text
    assert "向受到伤害的人和家属致以慰问" in text
    assert "先陪好人" in text


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"template": "none"}, "template"),
        ({"text": None}, "text"),
        ({"text": "好" * 20_001}, "text"),
        ({"emotion": "bored"}, "emotion"),
        ({"intensity": "huge"}, "intensity"),
        ({"title": " "}, "title"),
        ({"facts": (Fact(text="38 例", source=" "),)}, "facts.0.source"),
        ({"values": {"x": "好" * 2_001}}, "values.x"),
    ],
)
async def test_what_cannot_be_meant_is_refused_by_name(
    local: StatementScene, changes: dict[str, Any], path: str
) -> None:
    incident = await local.crisis()
    wanted: dict[str, Any] = {"title": "说明", "text": CALM, **changes}

    with pytest.raises(InvalidInput) as refused:
        await local.stating.desk.draft(RUI, incident.id, NewStatement(**wanted))

    assert [name for name, _ in refused.value.errors] == [path]


async def test_values_that_the_template_does_not_know_are_refused(local: StatementScene) -> None:
    incident = await local.crisis()

    with pytest.raises(InvalidInput, match="does not know weather"):
        await local.draft(incident, None, template="closing", values={"weather": "晴"})
