from __future__ import annotations

from service.statements import Fact, as_html
from tests.support.statement_scene import FA, LIN, REFUND, StatementScene


async def test_the_page_escapes_every_text(local: StatementScene) -> None:
    incident = await local.crisis()
    statement = await local.draft(
        incident,
        "对不起。<script>alert(1)</script>",
        title="<b>说明</b>",
        facts=(Fact(text="<i>1 人</i>", source="x & y"),),
    )

    shown = as_html(await local.file(statement.id), zone=local.zone)

    assert "<script>" not in shown
    assert "<b>" not in shown
    assert "<i>" not in shown
    assert "x &amp; y" in shown


async def test_the_page_has_approvals_promises_and_places(local: StatementScene) -> None:
    statement = await local.published(await local.crisis(), REFUND)

    shown = as_html(await local.file(statement.id), zone=local.zone)

    for word in (LIN.id, FA.id, "同批次产品全额退款。", "官网", "service"):
        assert word in shown
