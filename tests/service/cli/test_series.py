"""`fengsui series import FILE`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.process import Shell


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_stored_and_again_changes_nothing(installed: Shell, tmp_path: Path) -> None:
    path = write(
        tmp_path / "s.csv", "name,at,value,unit\norders,2026-01-01,12,单\ntemp,2026-01-01,-3,°C\n"
    )
    assert installed("series", "import", path).out.strip() == (
        "2 new, 0 changed, 0 unchanged; 0 rows left out"
    )
    assert installed("series", "import", path).out.strip() == (
        "0 new, 0 changed, 2 unchanged; 0 rows left out"
    )


def test_one_series_of_two_columns(installed: Shell, tmp_path: Path) -> None:
    path = write(tmp_path / "s.csv", '日期,订单\n2026-01-01,"1,200"\n2026-01-02,1300\n')
    done = installed("series", "import", path, "--name", "orders", "--unit", "单")
    assert done.out.startswith("2 new")


def test_more_points_than_one_write_takes(installed: Shell, tmp_path: Path) -> None:
    rows = "".join(f"{1_767_225_600 + n * 60},{n}\n" for n in range(10_500))
    path = write(tmp_path / "s.csv", "at,value\n" + rows)
    done = installed("series", "import", path, "--name", "dense")
    assert done.out.startswith("10500 new")


def test_rows_that_are_no_points_are_named_and_the_end_is_1(
    installed: Shell, tmp_path: Path
) -> None:
    path = write(tmp_path / "s.csv", "at,value\n2026-01-01,nan\n2026-01-02,inf\n2026-01-03,1\n")
    done = installed("series", "import", path, "--name", "orders")
    assert done.code == 1
    assert done.out.strip() == "1 new, 0 changed, 0 unchanged; 2 rows left out"
    assert f"{path}:2:2: value: 'nan' is no number" in done.err
    assert f"{path}:3:2: value: 'inf' is no number" in done.err


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        ("at,value\n2026-01-01,1\n", (), "no column of name"),
        ("at,value\n2026-01-01,1\n", ("--name", "Bad Name"), "name: a small letter"),
        ("at,value\n2026-01-01,1\n", ("--name", "x", "--timezone", "Mars"), "'Mars' is no zone"),
        ("", ("--name", "x"), "is empty"),
    ],
)
def test_a_mistake_is_exit_2(
    installed: Shell, tmp_path: Path, text: str, arguments: tuple[str, ...], said: str
) -> None:
    done = installed("series", "import", write(tmp_path / "s.csv", text), *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err
