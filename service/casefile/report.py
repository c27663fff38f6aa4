"""A case as a readable document, in Chinese: made of its JSON alone, so that both say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.casefile.aftermath import aftermath
from service.documents import Block, Bullets, Cell, Heading, Letter, Paged, Paragraph, Span, Table
from service.documents import plain as said

_NO = said("—", muted=True)
_STATES = {
    "pending": "待办",
    "breached": "已超时",
    "done": "已完成",
    "skipped": "已跳过",
    "cancelled": "不再需要",
}
_LINKS = {
    "related": "相关",
    "duplicate": "重复",
    "caused_by": "起因是",
    "cause_of": "引发了",
    "recurrence_of": "是它的复发",
    "recurred_as": "后来复发为",
    "split_from": "拆自",
    "split_into": "拆出",
}
_CAPACITIES = {"lead": "负责人", "legal": "法务"}
_HAND_OVERS = {
    "offered": "待答复",
    "accepted": "已接手",
    "declined": "不接手",
    "withdrawn": "已撤回",
}


def case_document(case: Mapping[str, Any]) -> Paged:
    """The document of a case that `CaseFiles` has put together. Times are UTC, and say so."""
    incident = case["incident"]
    mark = "【演练】" if case["drill"] else ""
    return Paged(
        title=f"{mark}事件报告：{incident['title']}",
        subtitle=f"{mark}{incident['id']} · 生成于 {case['made_at']} (UTC) · {case['made_by']}",
        lang="zh-CN",
        contents="目录",
        blocks=tuple(_blocks(case)),
    )


def _blocks(case: Mapping[str, Any]) -> Iterator[Block]:
    yield from _summary(case)
    yield from _tiers(case)
    yield from _steps(case)
    yield from _statements(case)
    yield from _evidence(case)
    yield from aftermath(case)
    yield from _around(case)
    yield from _timeline(case)


def _summary(case: Mapping[str, Any]) -> Iterator[Block]:
    incident, links = case["incident"], case["links"]
    yield Heading(level=1, text="概况", anchor="summary")
    if case["drill"]:
        yield Paragraph(said("这是一次演练，不是真实事件，不计入真实统计。", bold=True))
    page = links["incident"]
    rows: list[tuple[str, Cell]] = [
        ("状态", said(str(incident["state"]), link=page)),
        ("级别", said(str(incident["tier"]), link=links["explanation"])),
        ("场景", said(str(incident["scenario"] or incident["kind"]), link=page)),
        ("监测", said(str(incident["monitor"]), link=page)),
        ("帖子数", said(str(incident["posts"]), link=links["posts"])),
        ("首帖时间", _instant(incident["first_post_at"], links["posts"])),
        ("发现时间", _instant(incident["opened_at"], page)),
        ("确认接警", _instant(incident["acknowledged_at"], page)),
        ("解决时间", _instant(incident["resolved_at"], page)),
        ("结案时间", _instant(incident["closed_at"], page)),
        ("负责人", said(str(incident["assignee"] or "—"), link=page)),
    ]
    yield Table(
        head=("项目", "内容"),
        rows=tuple((said(name, bold=True), cell) for name, cell in rows),
        widths=(25, 75),
    )


def _tiers(case: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(level=1, text="级别与依据", anchor="tiers")
    link = case["links"]["explanation"]
    yield Table(
        head=("时间 (UTC)", "级别", "由谁", "依据"),
        rows=tuple(
            (
                _instant(item["at"], link),
                said(str(item["tier"])),
                said(str(item["actor"])),
                said("\n".join(map(_reason, item["reasons"])) or "—", link=link),
            )
            for item in case["tiers"]
        ),
        widths=(24, 12, 18, 46),
    )


def _reason(reason: Mapping[str, Any]) -> str:
    value = "" if reason.get("value") is None else f"（{reason['value']}）"
    return f"{reason.get('clause')}{value}"


def _steps(case: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(level=1, text="处置步骤", anchor="steps")
    link = case["links"]["incident"]
    yield Table(
        head=("步骤", "角色", "状态", "最迟 (UTC)", "完成 (UTC)", "说明"),
        rows=tuple(
            (
                said(str(step["title"].get("zh") or step["id"]), bold=bool(step["breached_at"])),
                said(str(step["role"])),
                said(_state(step)),
                _instant(step["due_at"], link),
                _instant(step["done_at"], link),
                said(str(step["note"])) if step["note"] else _NO,
            )
            for step in case["steps"]
        ),
        widths=(24, 10, 12, 18, 18, 18),
    )


def _state(step: Mapping[str, Any]) -> str:
    state = _STATES.get(str(step["state"]), str(step["state"]))
    return f"{state}（超时）" if step["breached_at"] and step["state"] != "breached" else state


def _statements(case: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(level=1, text="已发布的声明", anchor="statements")
    if not case["statements"]:
        yield Paragraph(said("没有发布声明。", muted=True))
    for item in case["statements"]:
        link = case["links"]["incident"]
        yield Heading(level=2, text=str(item["title"]), anchor=f"statement-{item['id']}")
        yield Paragraph((Span("发布于 "), *_instant(item["published_at"], link)))
        if item["withdrawn_at"]:
            yield Paragraph(said(f"已于 {item['withdrawn_at']} 撤回。", bold=True))
        yield Letter(str(item["wording"]))
        lines = tuple(said(line, muted=True, link=link) for line in _answered(item))
        if lines:
            yield Bullets(items=lines)


def _answered(statement: Mapping[str, Any]) -> Iterator[str]:
    """Who answers for it, where it went out, and what became of its promises."""
    for item in statement["approvals"]:
        yield f"批准 {item['person']}（{_CAPACITIES.get(item['as'], item['as'])}）{item['at']}"
    for item in statement["places"]:
        yield f"发布 {item['place']} {item['url'] or ''} {item['at']}"
    for item in statement["promises"]:
        kept = f"已兑现 {item['kept_at']}：{item['evidence']}" if item["kept_at"] else "未兑现"
        yield f"承诺 {item['text']} 负责人 {item['owner']}，最迟 {item['due_at']}，{kept}"


def _evidence(case: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(level=1, text="固定的证据", anchor="evidence")
    count = len(case["evidence"])
    state = (
        "哈希逐条核对一致" if case["intact"] else f"与固定时不一致：{', '.join(case['changed'])}"
    )
    link = case["links"]["evidence"]
    yield Paragraph((Span(f"共 {count} 条，{state}。", bold=not case["intact"], link=link),))
    for number, item in enumerate(case["evidence"], start=1):
        snapshot = item["snapshot"]
        yield Heading(level=3, text=f"{number}. {item['post']}")
        if item["not_about_us"]:
            yield Paragraph(said("已标为与我们无关。", muted=True))
        words = [snapshot.get("title"), snapshot.get("text")]
        quote = "\n".join(str(word) for word in words if word)
        yield Paragraph(said(quote or "—", link=item["link"]))
        facts = [
            f"发布 {snapshot.get('published_at') or '—'}",
            f"采集 {snapshot.get('fetched_at') or '—'}",
            f"固定 {item['frozen_at']}",
            f"来源 {snapshot.get('source') or '—'}",
            f"作者 {snapshot.get('author') or '—'}",
            f"转 {_count(snapshot, 'reposts')} · 评 {_count(snapshot, 'comments')} · "
            f"赞 {_count(snapshot, 'likes')}",
            f"原址 {snapshot.get('url') or '—'}",
            f"SHA-256 {item['sha256']}",
            *([f"来源处已删除，发现于 {item['deleted_at']}"] if item["deleted_at"] else []),
            *(f"截图 {shot['media_type']} {shot['sha256']}" for shot in item["screenshots"]),
        ]
        yield Bullets(items=tuple(said(fact, muted=True, link=item["link"]) for fact in facts))


def _count(snapshot: Mapping[str, Any], name: str) -> str:
    value = snapshot.get(name)
    return "—" if value is None else str(value)


def _around(case: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(level=1, text="交接与关联", anchor="around")
    link = case["links"]["incident"]
    lines = [
        said(
            f"{item['from'] or '无人'} → {item['to']}："
            f"{_HAND_OVERS.get(item['state'], item['state'])}，{item['offered_at']}"
            + (f"，{item['note']}" if item["note"] else ""),
            link=link,
        )
        for item in case["handovers"]
    ]
    lines += [
        said(
            f"{_LINKS.get(item['kind'], item['kind'])} {item['incident']}"
            + (f"：{item['note']}" if item["note"] else ""),
            link=item["link"],
        )
        for item in case["linked"]
    ]
    lines += [
        said(f"并入 {item['incident']}，{item['at']}", link=item["link"]) for item in case["merged"]
    ]
    yield Bullets(items=tuple(lines)) if lines else Paragraph(said("没有。", muted=True))


def _timeline(case: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(level=1, text="时间线", anchor="timeline")
    if case["timeline_cut"]:
        yield Paragraph(said("时间线过长，后面的条目没有列出。", bold=True))
    link = case["links"]["incident"]
    yield Table(
        head=("时间 (UTC)", "由谁", "事项", "内容"),
        rows=tuple(
            (
                _instant(item["at"], link),
                said(str(item["actor"])),
                said(str(item["kind"])),
                said(_told(item["data"])),
            )
            for item in case["timeline"]
        ),
        widths=(24, 18, 20, 38),
    )


def _told(data: Mapping[str, Any]) -> str:
    words = [
        f"{name}: {value}"
        for name, value in data.items()
        if value is not None and not isinstance(value, list | dict)
    ]
    return "\n".join(words) or "—"


def _instant(value: str | None, link: str) -> Cell:
    return _NO if value is None else said(value, link=link)
