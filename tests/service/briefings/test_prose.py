from __future__ import annotations

import pytest

from service.briefings import Body, Measure, Prose, Section, SectionId, Unit
from service.briefings.content import Measures
from service.briefings.figure import counted
from service.briefings.prose import checked_prose, cut
from service.errors import InvalidInput

BODY = Body(
    sections=(
        Section(
            id=SectionId.VOLUME,
            pieces=(
                Measures(
                    items=(
                        Measure(
                            id="volume.posts",
                            label="indicator.volume",
                            figure=counted(60, Unit.POSTS, "/console/posts"),
                        ),
                    )
                ),
            ),
        ),
        Section(id=SectionId.VOICES, pieces=()),
    )
)


def refused(prose: Prose) -> list[str]:
    with pytest.raises(InvalidInput) as found:
        checked_prose(prose, BODY)
    return [path for path, _ in found.value.errors]


@pytest.mark.parametrize(
    "text",
    [
        "昨日负面达到 300 条",
        "负面占比 45%，较前上升",
        "负面占比 45 ％",
        "声量翻了3倍",
        "涉及 1,200 人次",
        "共 12 起投诉",
        "近八成，约 2.5 万条",
        "there were 300 posts",
        "up 12.5 percent",
        "3x as many",
        "约1,234,567",
        "处理了 4 小时",
        "上涨 2 个百分点",
        "其中3成来自微博",
    ],
)
def test_a_quantity_that_is_typed_is_refused(text: str) -> None:
    assert refused(Prose(lead=text)) == ["lead"]
    assert refused(Prose(comments={SectionId.VOLUME: text})) == ["comments.volume"]


@pytest.mark.parametrize(
    "text",
    [
        "3月1日起，门店恢复供应",
        "2024-03-01 08:30 起观察",
        "云雀 3 号车型的讨论见下",
        "12315 平台的投诉另见专报",
        "A100 与 v2.5 两版并存",
        "声量达到 {volume.posts}，值得留意",
        "第 2 点见附件；3成员已到位",
        "今年 5 月已有先例",
        "",
    ],
)
def test_words_dates_names_and_cited_figures_are_fine(text: str) -> None:
    assert checked_prose(Prose(lead=text), BODY).lead == text


def test_a_figure_that_is_not_there_cannot_be_cited() -> None:
    assert refused(Prose(lead="{volume.reach} 和 {}")) == ["lead", "lead"]


def test_every_mistake_is_told_at_once() -> None:
    prose = Prose(
        lead="x" * 4_001,
        comments={SectionId.AHEAD: "好", SectionId.VOICES: "占 5%"},
        order=(SectionId.VOLUME, SectionId.VOLUME),
    )

    assert refused(prose) == ["lead", "comments.ahead", "comments.voices", "order"]


def test_sections_that_are_not_named_stand_at_the_end() -> None:
    kept = checked_prose(Prose(order=(SectionId.VOICES,)), BODY)

    assert kept.order == (SectionId.VOICES, SectionId.VOLUME)


def test_empty_comments_are_none() -> None:
    kept = checked_prose(Prose(lead=" 早 ", comments={SectionId.VOLUME: "  "}), BODY)

    assert (kept.lead, dict(kept.comments)) == ("早", {})


def test_a_text_is_cut_at_its_citations() -> None:
    assert list(cut("声量 {volume.posts}，{ x }。")) == [
        ("声量 ", None),
        ("{volume.posts}", "volume.posts"),
        ("，", None),
        ("{ x }", "x"),
        ("。", None),
    ]
