"""Values of a form, read as what they should be."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from service.console.forms import Values
from service.console.forms.fields import as_instant, as_lines, as_many, as_text
from service.console.i18n import Language, load_words
from service.errors import InvalidInput

ZONE = ZoneInfo("Asia/Shanghai")


def values(**raw: str | bool | list[str]) -> Values:
    return Values(raw, words=load_words(Language.ZH), zone=ZONE, version=3)


def test_text_is_trimmed_and_nothing_is_nothing():
    assert values(name="  晨屿 ").text("name") == "晨屿"
    assert values(name="  ").optional("name") is None
    assert values().text("name") == ""


def test_lines_that_are_empty_are_left_out():
    assert values(aliases="屿咖\n\n  chenyu \n").lines("aliases") == ("屿咖", "chenyu")


def test_ticks_are_read():
    sent = values(on=True, tiers=["red", "orange"])
    assert sent.yes("on")
    assert not sent.yes("off")
    assert sent.many("tiers") == ("red", "orange")


def test_numbers_and_days_are_read():
    sent = values(n="12", share="0.25", day="2026-11-22", at="2026-11-22T06:20")
    assert sent.whole("n") == 12
    assert sent.number("share") == 0.25
    assert sent.day("day") == date(2026, 11, 22)
    assert sent.instant("at") == datetime(2026, 11, 21, 22, 20, tzinfo=UTC)
    empty = values(n="")
    assert (empty.whole("n"), empty.number("n"), empty.day("n"), empty.instant("n")) == (None,) * 4


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        ("whole", "1.5"),
        ("whole", "9" * 5_000),
        ("whole", "x"),
        ("number", "x"),
        ("number", "nan"),
        ("number", "inf"),
        ("number", "1e999"),
        ("day", "22.11.2026"),
        ("instant", "now"),
    ],
)
def test_what_it_cannot_be_is_refused_at_its_path(reader: str, text: str):
    with pytest.raises(InvalidInput) as refused:
        getattr(values(field=text), reader)("field")
    assert [path for path, _ in refused.value.errors] == ["field"]


def test_a_value_of_the_wrong_kind_is_as_none():
    assert values(name=["a"]).text("name") == ""
    assert values(tiers="red").many("tiers") == ()


def test_versions_that_count_and_versions_that_are_named_are_told_apart():
    assert (values().version, values().etag) == (3, None)
    named = Values({}, words=load_words(Language.ZH), zone=ZONE, version="a1")
    assert (named.version, named.etag) == (None, "a1")


def test_what_is_stored_becomes_what_the_browser_has():
    assert as_text(None) == ""
    assert as_text(3) == "3"
    assert as_lines(("a", "b")) == "a\nb"
    assert as_many(("a", "b")) == ["a", "b"]
    instant = datetime(2026, 11, 21, 22, 20, 30, tzinfo=UTC)
    assert as_instant(ZONE)(instant) == "2026-11-22T06:20"
