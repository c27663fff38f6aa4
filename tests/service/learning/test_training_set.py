"""The set: the last word on a text, the same bytes for the same words, read back as it was."""

from __future__ import annotations

import hashlib
from random import Random

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.learning import BadSet, Head, Split, content_of, read_set, set_of
from tests.service.learning.rows import row

EARLY = "2026-03-01T08:00:00.000Z"
LATE = "2026-03-02T08:00:00.000Z"


def test_of_one_text_and_question_the_newest_word_stands() -> None:
    found = set_of(
        [row(label="positive", at=LATE, id="b"), row(label="negative", at=EARLY, id="a")]
    )
    assert [item.label for item in found.rows] == ["positive"]


def test_other_questions_and_kinds_of_the_same_text_stay() -> None:
    rows = [row(), row(head=Head.INTENT, label="complaint"), row(kind="advertisement")]
    assert len(set_of(rows).rows) == 3


def test_the_order_in_which_rows_come_changes_nothing() -> None:
    rows = [row(str(number), at=EARLY if number % 2 else LATE) for number in range(20)]
    mixed = rows[:]
    Random(1).shuffle(mixed)
    assert set_of(rows) == set_of(mixed)


def test_the_fingerprint_is_over_the_bytes() -> None:
    found = set_of([row("一"), row("二")])
    assert found.sha256 == hashlib.sha256(content_of(found.rows)).hexdigest()


def test_until_is_the_newest_row() -> None:
    found = set_of([row("一", at=LATE), row("二", at=EARLY)])
    assert found.until is not None
    assert found.until.isoformat() == "2026-03-02T08:00:00+00:00"
    assert set_of([]).until is None


def test_a_part_of_the_set() -> None:
    found = set_of([row(str(number)) for number in range(60)])
    parts = [found.of(split) for split in Split]
    assert sum(map(len, parts)) == len(found.of(None)) == 60
    assert all(item.split is Split.TEST for item in found.of(Split.TEST))


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.text(max_size=30), st.sampled_from(["negative", "positive"])), max_size=8)
)
def test_what_is_written_is_read_back(said: list[tuple[str, str]]) -> None:
    found = set_of(
        row(text, label, id=f"c{number}", versions={"b": "1", "a": "2"}, labels=("fraud",))
        for number, (text, label) in enumerate(said)
    )
    content = content_of(found.rows)
    assert read_set(content, file="set.jsonl").sha256 == found.sha256
    assert content_of(read_set(content, file="set.jsonl").rows) == content


def test_half_a_character_is_written_all_the_same() -> None:
    content = content_of(set_of([row("坏\ud83d了", id="c1")]).rows)
    assert orjson.loads(content)["text"] == "坏?了"


def test_every_bad_line_is_told_with_its_place() -> None:
    good = content_of([row()])
    wrong = orjson.loads(good)
    lines = [
        good,
        b"no json\n",
        orjson.dumps(wrong | {"at": "2026-02-30T08:00:00.000Z"}) + b"\n",
        orjson.dumps(wrong | {"odd": 1}) + b"\n",
        b"\n",
        orjson.dumps(wrong | {"group": "0" * 16}) + b"\n",
    ]
    other = row(group="0" * 16).split
    with pytest.raises(BadSet, match=r"set\.jsonl is no training set") as error:
        read_set(b"".join(lines), file="set.jsonl")
    places = [place for place, _ in error.value.errors]
    expected = ["set.jsonl:2", "set.jsonl:3", "set.jsonl:4"]
    if other is not row().split:
        expected.append("set.jsonl:6")
    assert places == expected
    assert "at:" in error.value.errors[1][1]


def test_an_instant_is_in_ascii_digits() -> None:
    wrong = orjson.loads(content_of([row()])) | {"at": "２026-03-01T08:00:00.000Z"}
    with pytest.raises(BadSet):
        read_set(orjson.dumps(wrong), file="set.jsonl")


def test_more_mistakes_than_anybody_reads_are_counted() -> None:
    with pytest.raises(BadSet, match="and 10 more") as error:
        read_set(b"x\n" * 60, file="s")
    assert len(error.value.errors) == 50
