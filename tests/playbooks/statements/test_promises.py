from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks.statements import promises
from playbooks.statements.promises import promised_spans


def kinds(text: str) -> list[str]:
    return sorted(item.kind.value for item in promises(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("同批次产品全额退款。", ["refund"]),
        ("可在7个工作日内申请全额退款。", ["date", "refund"]),
        ("我们将承担全部检测费用。", ["compensation"]),
        ("向每位用户赠送50元代金券。", ["gift"]),
        ("免费更换同款，上门取件。", ["remedy"]),
        ("我们将于3月3日18:00通报进展。", ["date"]),
        ("最迟本周五公布结果。", ["date"]),
        ("月底前完成整改。", ["date"]),
        ("We will refund every customer within 7 days.", ["date", "refund"]),
        ("We will replace the bottles and cover the medical costs.", ["compensation", "remedy"]),
        ("Each of you gets a voucher.", ["gift"]),
    ],
)
def test_promises_are_found(text: str, found: list[str]) -> None:
    assert kinds(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "目前不退款。",
        "我们不会赔偿。",
        "已为当事人退款。",
        "用户要求赔偿。",
        "网传全额退款。",
        "我们正在核实原因。",
        "No refund is possible.",
        "3月2日前的订单不受影响" + "的话题",
    ],
)
def test_what_is_denied_done_or_demanded_is_none(text: str) -> None:
    assert [kind for kind in kinds(text) if kind != "date"] == []


def test_of_a_kind_there_is_one_a_sentence() -> None:
    found = promises("全额退款，原路退款。另外也退款。")

    assert [item.clause for item in found] == ["全额退款，原路退款。", "另外也退款。"]


def test_the_place_of_a_promise_reaches_from_comma_to_comma() -> None:
    text = "共38例，每人补偿50元，特此说明。"

    assert [text[start:end] for start, end in promised_spans(text)] == ["每人补偿50元"]


WORDS = st.lists(
    st.sampled_from(
        [
            "退款",
            "不",
            "已",
            "要求",
            "赔偿",
            "将于",
            "3月3日",
            "前",
            "，",
            "。",
            "\n",
            "送上",
            "召回",
            "7天内",
            "x",
            "“",
            "”",
        ]
    ),
    max_size=25,
).map("".join)


@given(WORDS)
@settings(max_examples=200)
def test_places_are_in_the_text(text: str) -> None:
    for item in promises(text):
        assert 0 <= item.start < item.end <= len(text)
        assert item.clause in text
    for start, end in promised_spans(text):
        assert 0 <= start < end <= len(text)
