"""The handbook of the shipped content: everything of it is there."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from playbooks import SCENARIOS, UNCLASSIFIED, Library, load_library, overlay_folder
from service.documents import (
    Block,
    Bullets,
    Heading,
    Letter,
    PageBreak,
    Paged,
    Paragraph,
    Span,
    Table,
)
from service.handbook import Lang, handbook


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="module")
def book(library: Library) -> Paged:
    return handbook(library, Lang.ZH)


def spans_of(block: Block) -> Iterable[Span]:
    match block:
        case Paragraph(spans):
            yield from spans
        case Bullets():
            for item in block.items:
                yield from item
        case Table():
            for row in block.rows:
                for cell in row:
                    yield from cell
        case Letter(text):
            yield Span(text)
        case Heading():
            yield Span(block.text)
        case PageBreak():
            return


def words_of(book: Paged) -> str:
    return "\n".join(span.text for block in book.blocks for span in spans_of(block))


def chapter(book: Paged, anchor: str) -> tuple[Block, ...]:
    """What stands from that heading up to the next of its level or above."""
    blocks = list(book.blocks)
    start = next(
        place
        for place, block in enumerate(blocks)
        if isinstance(block, Heading) and block.anchor == anchor
    )
    head = blocks[start]
    assert isinstance(head, Heading)
    found: list[Block] = [head]
    for block in blocks[start + 1 :]:
        if isinstance(block, Heading) and block.level <= head.level:
            break
        found.append(block)
    return tuple(found)


@pytest.mark.parametrize("name", [*SCENARIOS, UNCLASSIFIED])
def test_a_scenario_is_there_with_all_that_surrounds_it(
    book: Paged, library: Library, name: str
) -> None:
    scenario = library.scenarios[name]
    part = chapter(book, f"scenario-{name}")
    text = "\n".join(span.text for block in part for span in spans_of(block))
    told = [
        scenario.recognise.zh,
        *(item.zh for item in scenario.takes),
        *(item.zh for item in scenario.not_this),
        *(item.zh for item in scenario.checks),
        *(line for item in scenario.never_say for line in (item.zh, item.why.zh)),
        *(line for item in scenario.notices for line in (item.authority.zh, item.when.zh)),
        *(line for item in scenario.legal_basis for line in (item.law, item.duty.zh)),
        *(item.zh for item in scenario.monitor_afterwards),
    ]
    assert [line for line in told if line not in text] == []


@pytest.mark.parametrize("name", [*SCENARIOS, UNCLASSIFIED])
def test_every_tier_has_its_plan_with_the_text_of_that_tier(
    book: Paged, library: Library, name: str
) -> None:
    playbook = library.playbook_for(name)
    part = chapter(book, f"scenario-{name}")
    for tier in library.tiers.tiers:
        place = part.index(Heading(level=3, text=f"处置步骤 · {tier.name.zh}", colour=tier.colour))
        table = part[place + 1]
        assert isinstance(table, Table)
        steps = [step for step in playbook.steps if step.in_tier(tier.id)]
        assert {row[0][0].text for row in table.rows} == {step.title.zh for step in steps}
        assert len(table.rows) == len(steps)
        text = "".join(span.text for span in spans_of(table))
        texts = [step.instructions(tier.id) for step in steps]
        assert [item.zh for item in texts if item is not None and item.zh not in text] == []


def test_a_plan_says_when_it_warns_who_is_next_and_when_that_is_in_all(book: Paged) -> None:
    part = chapter(book, "scenario-product_quality")
    tables = [block for block in part if isinstance(block, Table) and len(block.head) == 4]
    (row,) = [row for row in tables[2].rows if row[0][0].text == "发布首份声明"]
    cells = ["".join(span.text for span in cell) for cell in row]
    assert cells[0] == "发布首份声明\n先完成: 影响评估"
    assert (
        cells[1]
        == "“影响评估”之后\n15 分钟\n约开单后 1 小时 45 分钟\n第 12 分钟预警\n逾期 10 分钟升级"
    )
    assert cells[2] == "公关\n逾期找 高管"
    assert cells[3].endswith("模板: product_quality.holding")


def test_what_is_due_first_comes_first(book: Paged) -> None:
    part = chapter(book, "kind-backlog")
    plan = next(block for block in part if isinstance(block, Table) and len(block.head) == 4)
    titles = [row[0][0].text for row in plan.rows]
    assert titles.index("回到时限内") > titles.index("加派人手") > titles.index("按风险排队")
    assert titles[-2:] == ["结案", "积压复盘"]


def test_statements_are_there_whole(book: Paged, library: Library) -> None:
    letters = {block.text for block in book.blocks if isinstance(block, Letter)}
    assert letters == {template.body for template in library.templates.values()}


def test_every_link_has_its_heading(book: Paged) -> None:
    anchors = {f"#{block.anchor}" for block in book.blocks if isinstance(block, Heading)}
    links = {span.link for block in book.blocks for span in spans_of(block) if span.link}
    assert links <= anchors
    assert len({heading.anchor for heading in book.headings}) == len(book.headings)


def test_the_contents_begin_with_the_twelve_in_their_order(book: Paged, library: Library) -> None:
    chapters = [heading.text for heading in book.headings if heading.level == 1]
    names = [library.scenarios[name].name.zh for name in (*SCENARIOS, UNCLASSIFIED)]
    assert chapters == ["怎么用这本手册", "通用时限", *names, "不属于危机的三类事件", "声明模板"]


def test_english_and_both(library: Library) -> None:
    english, both = handbook(library, Lang.EN), handbook(library, Lang.BOTH)
    assert (english.title, both.title) == ("Crisis handbook", "危机应对手册 Crisis handbook")
    assert english.lang == "en"
    said = library.scenarios["outage"].recognise
    assert said.en is not None
    assert said.zh not in words_of(english)
    assert said.zh in words_of(both)
    assert said.en in words_of(both)


def test_a_tier_that_follows_another_has_a_column_and_no_plan_of_its_own() -> None:
    national = handbook(load_library(overlays=[overlay_folder("national")]), Lang.ZH)
    part = chapter(national, "scenario-outage")
    glance = next(block for block in part if isinstance(block, Table))
    assert glance.head[3:] == (
        "一般（Ⅳ级）",
        "较大（Ⅲ级）",
        "重大（Ⅱ级）",
        "特别重大（Ⅰ级）",
    )
    plans = [block.text for block in part if isinstance(block, Heading) and block.colour]
    assert plans == [
        "处置步骤 · 较大（Ⅲ级）",
        "处置步骤 · 重大（Ⅱ级）",
        "处置步骤 · 特别重大（Ⅰ级）",
    ]
