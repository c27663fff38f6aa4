"""The quarterly report as a readable document, in Chinese: made of its JSON alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from service.documents import Block, Bullets, Heading, Paged, Paragraph, Table
from service.documents import plain as said

_STAGES = {"plan": "计划", "do": "执行", "check": "检查", "act": "处理"}
_VERDICTS = {"costs_more": "投入高于预期损失", "worth_it": "值得", "unpriced": "缺汇率，未折算"}
_MOVES = {
    "new": "新增或重新打开",
    "up": "上升",
    "down": "下降",
    "gone": "已销账",
}
_NONE = Paragraph(said("无。", muted=True))


def report_document(report: Mapping[str, Any]) -> Paged:
    """The document of a report that `RiskReports` has put together. Times are UTC, and say so."""
    partial = "" if report["complete"] else "（截至生成时，本季度未结束）"
    return Paged(
        title=f"风险登记册季度报告 {report['quarter']}{partial}",
        subtitle=(
            f"{report['from']} 至 {report['as_of']} (UTC) · 报告货币 {report['currency']}\n"
            f"生成于 {report['made_at']} (UTC) · {report['made_by']}"
        ),
        lang="zh-CN",
        contents="目录",
        blocks=tuple(_blocks(report)),
    )


def _blocks(report: Mapping[str, Any]) -> Iterator[Block]:
    yield from _totals(report)
    yield from _top(report)
    yield from _movement(report)
    yield from _late(report)
    yield from _costs(report)
    yield from _formula(report)


def _totals(report: Mapping[str, Any]) -> Iterator[Block]:
    before, after = report["totals"]["before"], report["totals"]["after"]
    yield Heading(level=1, text="总览", anchor="totals")
    names = (
        ("条目数", "entries"),
        ("一旦发生的损失合计", "loss"),
        ("预期年损失合计", "expected_loss"),
        ("控制与合规成本合计", "cost"),
        ("预期年损失减成本", "balance"),
        ("缺汇率、未计入金额的条目", "left_out"),
    )
    yield _table(
        ("项目", "季初", "季末"),
        (40, 30, 30),
        ((label, before[name], after[name]) for label, name in names),
    )


def _top(report: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(level=1, text="首要风险", anchor="top")
    yield from _listed(
        report["top"],
        ("风险", "得分", "预期年损失", "负责人", "阶段"),
        (36, 26, 16, 12, 10),
        lambda item: (
            f"{item['title']}\n{item['id']}",
            f"{item['score']['value']}\n{item['score']['working']}",
            item["reporting"]["expected_loss"],
            _owner(item["owner"]["name"] or item["owner"]["id"], item["owner"]["left"]),
            f"{_STAGES[item['stage']]}（第 {item['cycle']} 轮）",
        ),
    )


def _movement(report: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(level=1, text="较上季度的变化", anchor="movement")
    moves = report["movement"]
    yield Paragraph(said(f"未变化：{moves['unchanged']} 条。金额前后均按同一日汇率折算。"))
    for name, label in _MOVES.items():
        yield Heading(level=2, text=label, anchor=f"movement-{name}")
        yield from _listed(
            moves[name],
            ("风险", "得分", "预期年损失", "阶段"),
            (40, 18, 26, 16),
            lambda item: (
                f"{item['title']}\n{item['id']}",
                _change(item["score"]),
                _change(item["expected_loss"]),
                _change({key: _STAGES.get(value) for key, value in item["stage"].items()}),
            ),
        )


def _late(report: Mapping[str, Any]) -> Iterator[Block]:
    reviews = report["reviews"]
    yield Heading(level=1, text="复评与逾期", anchor="overdue")
    yield Paragraph(
        said(
            f"本季度到期复评 {reviews['due']} 次：按时 {reviews['in_time']}，"
            f"迟到 {reviews['late']}，未做 {reviews['not_done']}。"
        )
    )
    yield from _listed(
        report["overdue"],
        ("风险", "负责人", "逾期自 (UTC)", "天数", "错过次数"),
        (36, 20, 24, 10, 10),
        lambda item: (
            f"{item['title']}\n{item['id']}",
            _owner(item["owner"], item["owner_left"]),
            item["since"],
            item["days"],
            item["missed"],
        ),
    )
    yield Heading(level=2, text="负责人已离开", anchor="owners-left")
    left = report["owners_left"]
    if not left:
        yield _NONE
        return
    yield Bullets(
        items=tuple(
            said(f"{item['title']}（{item['id']}，原负责人 {item['owner']}）：请另行指定")
            for item in left
        )
    )


def _costs(report: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(level=1, text="成本与损失", anchor="costs")
    yield from _listed(
        report["cost_and_loss"],
        ("风险", "预期年损失", "控制成本", "合规成本", "差额", "判断"),
        (30, 15, 14, 14, 14, 13),
        lambda item: (
            f"{item['title']}\n{item['id']}",
            item["expected_loss"],
            item["control_cost"],
            item["compliance_cost"],
            item["balance"],
            _VERDICTS[item["verdict"]],
        ),
    )


def _formula(report: Mapping[str, Any]) -> Iterator[Block]:
    formula = report["formula"]
    weights = formula["weights"]
    yield Heading(level=1, text="公式与汇率", anchor="formula")
    chances = "，".join(
        f"{item['level']} {item['name']['zh']} {item['chance']}" for item in formula["likelihood"]
    )
    bands = "，".join(f"{item['name']['zh']} ≥ {item['from']}" for item in formula["bands"])
    yield Bullets(
        items=(
            said(
                f"得分 =（法律 × {weights['legal']} + 用户 × {weights['user']} + "
                f"技术 × {weights['technical']}）× 可能性，系数与可能性均为 1 至 5"
            ),
            said(f"可能性与年概率：{chances}"),
            said(f"等级：{bands}"),
            said("预期年损失 = 损失 × 年概率；差额 = 预期年损失 −（控制成本 + 合规成本）"),
        )
    )
    yield from _listed(
        report["rates"],
        ("货币", f"折 {report['currency']}", "起用日", "来源"),
        (15, 25, 20, 40),
        lambda item: (item["currency"], item["rate"], item["day"], item["origin"]),
    )


def _listed(
    items: Iterable[Mapping[str, Any]],
    head: tuple[str, ...],
    widths: tuple[int, ...],
    row: Callable[[Mapping[str, Any]], tuple[Any, ...]],
) -> Iterator[Block]:
    rows = [row(item) for item in items]
    yield _table(head, widths, rows) if rows else _NONE


def _table(
    head: tuple[str, ...], widths: tuple[int, ...], rows: Iterable[tuple[Any, ...]]
) -> Table:
    return Table(
        head=head,
        rows=tuple(
            tuple(said("—", muted=True) if cell is None else said(str(cell)) for cell in row)
            for row in rows
        ),
        widths=widths,
    )


def _owner(name: str, left: bool) -> str:
    return f"{name}（已离开）" if left else name


def _change(values: Mapping[str, Any]) -> str:
    before, after = (
        "—" if values[name] is None else str(values[name]) for name in ("before", "after")
    )
    return before if before == after else f"{before} → {after}"
