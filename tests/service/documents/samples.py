"""A document with a block of each kind, written by somebody hostile."""

from __future__ import annotations

from service.documents import (
    Bullets,
    Heading,
    Letter,
    PageBreak,
    Paged,
    Paragraph,
    Span,
    Table,
    plain,
)

HOSTILE = "</p><script>alert(1)</script>\x00\x0b"

DOCUMENT = Paged(
    title="手册 & more",
    subtitle="第一行\n第二行",
    lang="zh-CN",
    contents="目录",
    blocks=(
        Heading(level=1, text="第一章", anchor="one", colour="#c5221f"),
        Paragraph((Span("重要", bold=True), Span("次要", muted=True), Span(HOSTILE))),
        Heading(level=2, text="一节", anchor="one.two"),
        Bullets(
            items=(plain("到章首", link="#one"), plain("外面", link="https://example.com/a?b&c"))
        ),
        Bullets(items=(plain("打勾"),), boxes=True),
        Heading(level=3, text="不进目录"),
        Table(
            head=("甲", "乙"),
            rows=((plain("1"), plain("2")), (plain("3"), plain("四", link="javascript:alert(1)"))),
            widths=(75, 25),
        ),
        PageBreak(),
        Letter("您好：\n\n正在核实。"),
    ),
)
