"""`fengsui import FILE`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.crawlers.tabular.tables import workbook
from tests.support.process import Shell

HEAD = "id,发布时间,正文,昵称,备注\n"
ROWS = HEAD + "1,2026-01-01 08:00,打 13812345678 找我,小满,x\n2,2026-01-01 09:00,好,小美,y\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "posts.csv"
    path.write_bytes(ROWS.encode("gbk"))
    return path


def test_a_preview_shows_what_would_be_read_and_stores_nothing(shell: Shell, table: Path) -> None:
    done = shell("import", table, "--source", "weibo", "--preview")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0] == "csv: gb18030, comma"
    assert "  published_at         = 发布时间" in lines
    assert "  left out: 备注" in lines
    assert "2026-01-01 00:00 UTC" in done.out
    assert "13812345678" not in done.out


def test_a_preview_says_what_is_missing(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("正文,标题\n好,坏\n", encoding="utf-8")
    done = shell("import", path, "--preview")
    assert done.code == 1
    assert f"{path}: source is missing: --source NAME, or --map source=COLUMN" in done.err
    assert f"{path}: published_at is missing: --map published_at=COLUMN" in done.err


def test_a_preview_names_bad_rows(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(HEAD + "1,昨天,好,,\n", encoding="utf-8")
    done = shell("import", path, "--source", "w", "--preview", "--map", "published_at=发布时间")
    assert (done.code, f"{path}:2:2: 发布时间" in done.err) == (1, True)


def test_a_file_is_stored_and_again_changes_nothing(installed: Shell, table: Path) -> None:
    command = ("import", table, "--source", "weibo", "--timezone", "UTC", "--channel", "news")
    assert installed(*command).out.strip() == "2 posts: 2 new; 0 rows left out"
    assert installed(*command).out.strip() == "2 posts: 2 unchanged; 0 rows left out"


def test_bad_rows_are_named_and_the_end_is_1(installed: Shell, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(ROWS + "3,昨天,好,,\n4,2026-01-01,,,\n", encoding="utf-8")
    done = installed("import", path, "--source", "weibo")
    assert done.code == 1
    assert done.out.strip() == "2 posts: 2 new; 2 rows left out"
    assert f"{path}:4:2: 发布时间: '昨天' is no time" in done.err
    assert f"{path}:5:3: 正文: is required" in done.err


def test_rows_with_the_id_of_an_earlier_one_are_counted(installed: Shell, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(ROWS + "1,2026-01-01 10:00,改了,小满,\n" * 2, encoding="utf-8")
    done = installed("import", path, "--source", "weibo")
    assert (done.code, "2 posts: 2 new; 0 rows left out" in done.out) == (0, True)
    assert "2 rows have the id of an earlier row" in done.err


def test_a_flood_of_mistakes_is_cut(installed: Shell, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(ROWS + "3,昨天,好,,\n" * 1_002, encoding="utf-8")
    done = installed("import", path, "--source", "weibo", "--map", "published_at=#2")
    assert "… and 2 more mistakes" in done.err
    assert "1002 rows left out" in done.out


def test_a_workbook_and_a_sheet(installed: Shell, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    sheets = [("a",)], [("日期", "内容"), (46023.5, "好")]
    path.write_bytes(workbook(*sheets, names=("空", "数据")))
    done = installed("import", path, "--source", "weibo", "--sheet", "数据")
    assert done.out.strip() == "1 posts: 1 new; 0 rows left out"


def test_lines_of_posts_need_no_mapping(installed: Shell, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    post = {"source": "w", "native_id": "1", "published_at": "2026-01-01T00:00:00Z", "text": "好"}
    path.write_text(json.dumps(post) + "\n", encoding="utf-8")
    assert "no mapping is needed" in installed("import", path, "--preview").out
    assert installed("import", path).out.strip() == "1 posts: 1 new; 0 rows left out"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("none.csv",), "does not exist"),
        (("{table}", "--timezone", "Mars"), "timezone: 'Mars' is no zone"),
        (("{table}", "--map", "x=y", "--source", "w"), "no such field"),
        (("{table}",), "source: say which platform"),
        (("{table}", "--sheet", "S", "--source", "w"), "has no sheets"),
        (("{table}", "--channel", "pigeon"), "'pigeon' is not one of"),
    ],
)
def test_a_mistake_is_exit_2(
    installed: Shell, table: Path, arguments: tuple[str, ...], said: str
) -> None:
    filled = [item.format(table=table) for item in arguments]
    done = installed("import", *filled)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err
