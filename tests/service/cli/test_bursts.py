"""`fengsui bursts COUNTS.csv`."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.cli.bursts import Count, Problem, parsed
from tests.support.process import Shell

BEGIN = datetime.fromisoformat("2026-02-26 21:42:53")


def table(counts: Sequence[object], *, step: timedelta = timedelta(minutes=5)) -> str:
    rows = (f"{BEGIN + step * place},{count}\n" for place, count in enumerate(counts))
    return "timestamp,value\n" + "".join(rows)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def rows_of(out: str) -> list[list[str]]:
    header, *rows = csv.reader(io.StringIO(out))
    assert header == ["timestamp", "value", "score"]
    return rows


def test_each_row_comes_back_with_its_score(shell: Shell, tmp_path: Path) -> None:
    counts = [20 + place % 5 for place in range(300)] + [400]
    done = shell("bursts", write(tmp_path / "c.csv", table(counts)))
    assert done.code == 0
    rows = rows_of(done.out)
    assert [f"{stamp},{value}" for stamp, value, _ in rows] == table(counts).splitlines()[1:]
    scores = [float(score) for *_, score in rows]
    assert all(0.0 <= score <= 1.0 for score in scores)
    assert scores[-1] == max(scores) > 0.99


def test_timestamps_are_copied_as_they_were_written(shell: Shell, tmp_path: Path) -> None:
    stamps = [
        "2026-03-01T00:00:00Z",
        "2026-03-01 08:05:00+08:00",
        "2026-03-01 00:10:00",
        "2026-03-01T00:15:00.250",
        "2026-03-01 00:15:00",
        "2026-03-01 00:05:00",
    ]
    text = "timestamp,value\n" + "".join(f"{stamp},3\n" for stamp in stamps)
    done = shell("bursts", write(tmp_path / "c.csv", text))
    assert [stamp for stamp, *_ in rows_of(done.out)] == stamps


def test_the_beginning_of_a_file_has_the_same_answer_byte_for_byte(
    shell: Shell, tmp_path: Path
) -> None:
    counts = [place * 7 % 23 + (300 if place == 60 else 0) for place in range(120)]
    lines = table(counts).splitlines(keepends=True)
    whole = shell("bursts", write(tmp_path / "whole.csv", "".join(lines))).out
    for rows in (1, 2, 61, 100):
        part = shell("bursts", write(tmp_path / "part.csv", "".join(lines[: rows + 1]))).out
        assert part == "".join(whole.splitlines(keepends=True)[: rows + 1])


def test_bad_rows_are_named_and_nothing_is_scored(shell: Shell, tmp_path: Path) -> None:
    text = (
        "timestamp,value\n2026-03-01 00:00:00,1\nyesterday,2\n2026-03-01 00:10:00,-1\n"
        "2026-03-01 00:15:00,nan\n2026-03-01 00:20:00\n2026-03-01 00:25:00,x\n"
    )
    path = write(tmp_path / "c.csv", text)
    done = shell("bursts", path)
    assert (done.code, done.out) == (2, "")
    assert [line.split(": ")[0] for line in done.err.splitlines()] == [
        f"{path}:{line}" for line in (3, 4, 5, 6, 7)
    ]
    assert "write YYYY-MM-DD HH:MM:SS or ISO 8601" in done.err


@pytest.mark.parametrize("text", ["", "2026-03-01 00:00:00,1\n", "time,count\n", "value,value\n"])
def test_without_its_header_a_file_is_refused(shell: Shell, tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "c.csv", text)
    done = shell("bursts", path)
    assert done.code == 2
    assert done.err.startswith(f"{path}:1: the first line must name the columns")


def test_a_header_alone_is_answered_by_one(shell: Shell, tmp_path: Path) -> None:
    done = shell("bursts", write(tmp_path / "c.csv", "timestamp,value\n"))
    assert (done.code, done.out) == (0, "timestamp,value,score\n")


def test_other_columns_and_ends_of_lines_do_no_harm(shell: Shell, tmp_path: Path) -> None:
    text = '\ufeffValue,note,Timestamp\r\n3,"a,b",2026-03-01 00:00:00\r\n\r\n4,,2026-03-01 00:05:00'
    done = shell("bursts", write(tmp_path / "c.csv", text))
    assert [row[:2] for row in rows_of(done.out)] == [
        ["2026-03-01 00:00:00", "3"],
        ["2026-03-01 00:05:00", "4"],
    ]


def test_stdin_is_read_too(shell: Shell) -> None:
    assert len(rows_of(shell("bursts", "-", stdin=table([1, 2, 3]).encode()).out)) == 3


def test_a_missing_file_and_one_that_is_no_text_are_named(shell: Shell, tmp_path: Path) -> None:
    missing = shell("bursts", tmp_path / "none.csv")
    assert missing.code == 2
    assert "none.csv" in missing.err
    path = tmp_path / "b.csv"
    path.write_bytes(b"timestamp,value\n\xff\xfe,1\n")
    done = shell("bursts", path)
    assert done.code == 2
    assert done.err.startswith(f"{path}:2: this is no UTF-8")


def test_of_very_many_bad_rows_the_rest_is_counted(shell: Shell, tmp_path: Path) -> None:
    done = shell("bursts", write(tmp_path / "c.csv", table(["x"] * 1_200)))
    assert len(done.err.splitlines()) == 1_001
    assert done.err.endswith("200 more bad rows\n")


@pytest.mark.parametrize(
    "stamp", ["0001-01-01 00:00:00", "9999-12-31 23:59:59", "0001-01-01T00:00:00+14:00"]
)
def test_the_ends_of_the_calendar_are_read(stamp: str) -> None:
    (row,) = parsed(f"timestamp,value\n{stamp},1\n")
    assert isinstance(row, Count)


def test_a_quote_that_never_ends_is_named() -> None:
    *_, last = parsed('timestamp,value\n"2026-03-01 00:00:00,1\n')
    assert isinstance(last, Problem)
    assert "no CSV" in last.message


@settings(max_examples=100)
@given(st.text(max_size=80))
def test_any_text_below_a_header_is_read_or_refused(text: str) -> None:
    for row in parsed("timestamp,value\n" + text):
        assert isinstance(row, Count | Problem)
