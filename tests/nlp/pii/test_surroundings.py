"""What stands around a number."""

from __future__ import annotations

import pytest

from nlp.pii.surroundings import Surroundings


def at(marked: str) -> tuple[Surroundings, int, int]:
    start = marked.index("[")
    end = marked.index("]") - 1
    return Surroundings(marked.replace("[", "").replace("]", "")), start, end


@pytest.mark.parametrize(
    ("marked", "free"),
    [
        ("打[123]找", True),
        ("[123]", True),
        ("tel[123]", True),
        ("[123]v", True),
        ("**[123]**", True),
        ("abc[123]", False),
        ("[123]abc", False),
        ("img_[123]", False),
        ("[123].jpg", False),
        ("a**[123]", False),
        ("[123]**4", False),
        ("** ** [123]", False),
        ("http://a.cn/[123]", False),
        ("http://a.cn/ [123]", True),
        ("http://a.cn/?phone=[123]", True),
    ],
)
def test_a_number_of_its_own(marked: str, free: bool) -> None:
    around, start, end = at(marked)
    assert around.stands_free(start, end) is free


@pytest.mark.parametrize(
    ("marked", "quantity"),
    [
        ("[123]元", True),
        ("¥[123]", True),
        ("0.[123]", True),
        ("[123].50", True),
        ("[123]找", False),
    ],
)
def test_quantities(marked: str, quantity: bool) -> None:
    around, start, end = at(marked)
    assert around.is_quantity(start, end) is quantity


@pytest.mark.parametrize(
    ("before", "cues"),
    [
        ("电话:", {"phone"}),
        ("客服热线: ", {"phone", "hotline"}),
        ("订单号", {"identifier"}),
        ("身份证号码是", {"id_card"}),
        ("信用代码", {"credit_code", "identifier"}),
        ("电话费涨到", set()),
        ("hotel ", set()),
    ],
)
def test_announcements_stand_right_before(before: str, cues: set[str]) -> None:
    around, start = Surroundings(before + "123"), len(before)
    said = {
        "phone": around.is_phone(start),
        "hotline": around.is_hotline(start),
        "identifier": around.is_identifier(start),
        "id_card": around.is_id_card(start),
        "credit_code": around.is_credit_code(start),
    }
    assert {cue for cue, is_said in said.items() if is_said} == cues
