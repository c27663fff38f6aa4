"""About us, about somebody else, or nobody knows."""

from __future__ import annotations

import pytest

from nlp.targeted import Entity, Verdict, about

_OURS = [Entity("露屿", ("luyu",))]
_OTHERS = ["星岑", "墨砚"]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("从星岑换到luyu之后再也没修过车", Verdict.OTHERS),
        ("从露屿换到星岑之后再也没修过车", Verdict.OURS),
        ("露屿、星岑都涉嫌诈骗,跑路了", Verdict.BOTH),
        ("感谢露屿,幸好露屿主动退款", Verdict.NEITHER),
        ("客服态度太差了", Verdict.UNNAMED),
        ("墨砚充电起火", Verdict.OTHERS),
        ("向露屿投诉了三次都没人理", Verdict.OURS),
    ],
)
def test_whom_it_is_about(text: str, verdict: Verdict) -> None:
    assert about(text, ours=_OURS, others=_OTHERS).verdict is verdict


def test_a_side_that_is_not_named_has_no_probability() -> None:
    found = about("星岑坏了", ours=_OURS, others=_OTHERS)

    assert found.ours is None
    assert found.others is not None


def test_a_side_is_as_guilty_as_its_worst() -> None:
    text = "墨砚真香,星岑涉嫌诈骗跑路"
    both = about(text, ours=[], others=_OTHERS).others

    assert both == about(text, ours=["墨砚"], others=["星岑"]).others


def test_a_shared_name_is_ours() -> None:
    found = about("小云坏了", ours=[Entity("露屿", ("小云",))], others=["小云"])

    assert found.verdict is Verdict.OURS
    assert found.others is None
