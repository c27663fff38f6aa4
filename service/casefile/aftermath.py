"""What came after, for the document of a case: complaints answered, causes, improvements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.documents import Block, Bullets, Cell, Heading, Paragraph, Span, Table
from service.documents import plain as said

_NO = said("—", muted=True)
_TICKETS = {
    "open": "待应答",
    "answered": "已应答",
    "responded": "已回应",
    "resolved": "已解决",
    "told": "已告知",
    "rated": "已评价",
    "closed": "已关闭",
    "dismissed": "不是投诉",
}
_CLOCKS = {"answer": "首次应答", "response": "回应", "resolution": "解决"}
_SAID = {"answer": "应答", "response": "回应", "resolution": "解决方案", "told": "告知"}
_REVIEWS = {"open": "进行中", "closed": "已完成", "withdrawn": "已撤销"}
_KINDS = {"user": "用户", "strategy": "策略", "cost": "成本"}
_ITEMS = {
    "proposed": "已提出",
    "accepted": "已采纳",
    "doing": "进行中",
    "done": "已完成",
    "verified": "已验证",
    "dropped": "已放弃",
}


def aftermath(case: Mapping[str, Any]) -> Iterator[Block]:
    """The chapters on complaints and on the review."""
    yield from _complaints(case)
    yield from _review(case)


def _complaints(case: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(level=1, text="投诉工单", anchor="complaints")
    if not case["complaints"]:
        yield Paragraph(said("没有投诉工单。", muted=True))
        return
    if case["complaints_cut"]:
        yield Paragraph(said("工单过多，后面的没有列出。", bold=True))
    yield Table(
        head=("工单", "诉求", "状态", "时钟 (UTC)", "我们说了什么 (UTC)", "评价"),
        rows=tuple(
            (
                said(str(item["id"]), link=item["link"]),
                said(f"{item['cause']}\n{item['text'] or '（原文已删除）'}", link=item["link"]),
                said(_TICKETS.get(item["state"], item["state"])),
                said("\n".join(map(_clock, item["clocks"])) or "—"),
                said("\n".join(map(_answer, item["answers"])) or "—"),
                said("\n".join(map(_rating, item["ratings"])) or "—"),
            )
            for item in case["complaints"]
        ),
        widths=(14, 22, 10, 18, 24, 12),
    )


def _clock(row: Mapping[str, Any]) -> str:
    name = _CLOCKS.get(row["clock"], row["clock"])
    late = "（超时）" if row["late"] else ""
    if row["met_at"]:
        return f"{name} {row['met_at']}{late}"
    return f"{name} 不再需要" if row["dropped_at"] else f"{name} 最迟 {row['due_at']}{late}"


def _answer(row: Mapping[str, Any]) -> str:
    where = f"{row['channel']} {row['url'] or ''}".rstrip()
    said_then = f"{_SAID.get(row['kind'], row['kind'])} {row['published_at']} {where} {row['by']}"
    return f"{said_then}：{row['text'] or '（已删除）'}"


def _rating(row: Mapping[str, Any]) -> str:
    given = [
        f"{name} {row[key]}"
        for name, key in (("CSAT", "csat"), ("NPS", "nps"))
        if row[key] is not None
    ]
    return f"{' · '.join(given)} {row['words'] or ''}".rstrip()


def _review(case: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(level=1, text="五问复盘", anchor="review")
    review = case["review"]
    if review is None:
        yield Paragraph(said("没有复盘。", muted=True))
        return
    link = review["link"]
    state = _REVIEWS.get(review["state"], review["state"])
    facts = [
        f"状态 {state}，负责人 {review['owner'] or '无人'}，最迟 {review['due_at']} (UTC)",
        *([f"完成于 {review['closed_at']}，{review['closed_by']}"] if review["closed_at"] else []),
        f"根本原因 {review['root_cause'] or '—'}",
        f"原因类别 {review['cause_class'] or '—'}",
        *([f"少于五问：{review['stopped_early']}"] if review["stopped_early"] else []),
        *map(_department, review["departments"]),
    ]
    yield Bullets(items=tuple(said(fact, link=link) for fact in facts))
    for number, why in enumerate(review["whys"], start=1):
        yield Heading(level=3, text=f"{number}. {why['question']}")
        yield Paragraph((Span(str(why["answer"]), link=link),))
        proofs = tuple(_proof(item, case) for item in why["evidence"])
        if proofs:
            yield Bullets(items=proofs)
    yield Heading(level=2, text="改进项", anchor="improvements")
    if not review["improvements"]:
        yield Paragraph(said("没有改进项。", muted=True))
        return
    yield Table(
        head=("改进项", "部门", "类别", "排序分", "负责人", "最迟 (UTC)", "状态"),
        rows=tuple(
            (
                said(f"{item['title']}\n{item['description']}".rstrip(), link=link),
                said(str(item["department"])),
                said(_KINDS.get(item["kind"], item["kind"])),
                said(f"{item['rank']:g}"),
                said(str(item["owner"])) if item["owner"] else _NO,
                said(str(item["due_at"])),
                said(_item_state(item)),
            )
            for item in review["improvements"]
        ),
        widths=(30, 12, 8, 8, 12, 16, 14),
    )


def _department(item: Mapping[str, Any]) -> str:
    if item["filed_at"]:
        return f"部门 {item['department']} 提交方案 {item['filed_at']}"
    if item["excused"]:
        return f"部门 {item['department']} 无需方案（{item['excused_by']}）：{item['excused']}"
    return f"部门 {item['department']} 尚未提交方案"


def _item_state(item: Mapping[str, Any]) -> str:
    state = _ITEMS.get(item["state"], item["state"])
    return f"{state}：{item['reason']}" if item["reason"] else state


def _proof(item: Mapping[str, Any], case: Mapping[str, Any]) -> Cell:
    """A link of the form: posts and steps stand in this document, addresses lead out."""
    kind, ref = item["kind"], str(item["ref"])
    if kind == "url":
        return said(f"依据 {ref}", link=ref)
    links = case["links"]
    name, link = ("帖子", links["evidence"]) if kind == "post" else ("步骤", links["incident"])
    return said(f"依据 {name} {ref}", link=link)
