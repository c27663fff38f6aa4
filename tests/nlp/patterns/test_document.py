"""YAML with lines."""

from __future__ import annotations

import pytest

from nlp.patterns.document import Document, read_document


def read(text: str) -> Document:
    return read_document(text.encode(), file="x.yaml")


def test_every_scalar_is_text() -> None:
    assert read("a: [no, 12315, 2020-01-01, ~]").data == {"a": ["no", "12315", "2020-01-01", "~"]}


def test_a_byte_order_mark_is_tolerated() -> None:
    assert read_document(b"\xef\xbb\xbfa: b", file="x.yaml").data == {"a": "b"}


def test_an_issue_stands_at_the_line_of_its_place() -> None:
    document = read("a:\n  - b\n  - c: d\n")

    document.issue(("a", 1, "c"), "no")

    assert str(document.issues[0]) == "x.yaml:3: no"


def test_an_issue_at_a_place_that_is_missing_stands_at_the_nearest_part() -> None:
    document = read("a:\n  b: c\nd:\n  e: f\n")

    document.issue(("d", "nothing", 4), "no")

    assert document.issues[0].line == 3


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "empty"),
        ("a: 1\na: 2", 2, "twice"),
        ("? [a]\n: 2", 1, "a key must be a word"),
        ("a: &x 1\nb: *x", 1, "anchors"),
        ("a: 1\nb: *y", 2, "alias"),
        ("a: 1\nb: [c", 2, "not YAML"),
        ("a: 1\n---\nb: 2", 2, "another document"),
        ("a: \x00", 1, "not YAML"),
    ],
)
def test_what_is_refused(text: str, line: int, said: str) -> None:
    issues = read(text).issues

    assert [issue.line for issue in issues] == [line]
    assert said in issues[0].message


def test_bytes_that_are_not_utf8_are_refused() -> None:
    assert "not UTF-8" in read_document(b"a: \xff", file="x.yaml").issues[0].message


@pytest.mark.parametrize("unit", ["[", "- ", "{a: "])
def test_a_deep_file_is_refused_and_does_not_crash(unit: str) -> None:
    assert "nested too deeply" in read(unit * 100_000).issues[0].message
