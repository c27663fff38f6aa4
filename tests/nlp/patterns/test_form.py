"""Forms: slots, gaps and the anchor, read from one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.patterns.form import MAX_GAP, USUAL_GAP, Slot, orders, parse_form


def test_reads_classes_words_gaps_and_the_anchor() -> None:
    assert parse_form("@first ~8 要|打算 @expose*") == (
        Slot("first", (), USUAL_GAP, False),
        Slot(None, ("要", "打算"), 8, False),
        Slot("expose", (), USUAL_GAP, True),
    )


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("@first @expose", "mark one slot"),
        ("@first* @expose*", "mark one slot"),
        ("~4 @expose*", "between two slots"),
        ("@first ~4 ~5 @expose*", "between two slots"),
        ("@expose* ~4", "leads nowhere"),
        (f"@first ~{MAX_GAP + 1} @expose*", "too wide"),
        ("@First @expose*", "is no slot"),
        ("a b c d e f g*", "1 to 6 slots"),
    ],
)
def test_says_what_is_wrong(form: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_form(form)


def test_one_order_unless_any_is_asked_for() -> None:
    slots = parse_form("a ~9 b*")

    assert orders(slots, any_order=False) == (slots,)


def test_any_order_permutes_with_the_widest_gap() -> None:
    found = orders(parse_form("a ~9 b* ~2 c"), any_order=True)

    assert len(found) == 6
    assert {slot.gap for order in found for slot in order} == {9}


def test_any_order_refuses_more_than_it_can_permute() -> None:
    with pytest.raises(ValueError, match="2 to 4 slots"):
        orders(parse_form("a b c d e*"), any_order=True)


@given(st.text(alphabet="@~*|_a要1 ", max_size=40))
def test_any_text_is_read_or_refused(form: str) -> None:
    try:
        slots = parse_form(form)
    except ValueError:
        return
    assert sum(slot.anchor for slot in slots) == 1
