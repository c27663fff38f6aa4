"""`fengsui lexicon`."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from nlp import load_lexicon
from nlp.lexicon import COLUMNS, parse_tables
from service.cli.lexicon_shown import printable
from tests.support.process import Shell

HEADER = "\t".join(COLUMNS)


def row(term: str, **given: str) -> str:
    cells = {
        **dict.fromkeys(COLUMNS, ""),
        "id": "lex_cli_one",
        "term": term,
        "category": "complaint",
        "severity": "3",
        "hits": f"这家{term}，当心",
        "misses": "今天天气不错",
        **given,
    }
    return "\t".join(cells[column] for column in COLUMNS)


def table(folder: Path, *rows: str) -> Path:
    file = folder / "entries.tsv"
    file.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return file


def test_figures_have_the_shape_of_the_contract(shell: Shell) -> None:
    done = shell("lexicon", "stats", "--json")
    assert json.loads(done.out) == load_lexicon().stats()
    assert list(json.loads(done.out)) == ["version", "active", "categories"]


def test_figures_for_people(shell: Shell) -> None:
    assert "abuse " in shell("lexicon", "stats").out


def test_a_sound_file(shell: Shell, tmp_path: Path) -> None:
    done = shell("lexicon", "lint", table(tmp_path, row("黑店宰客人")))
    assert (done.code, done.out) == (0, "1 entries, nothing wrong\n")


def test_every_fault_has_file_and_line(shell: Shell, tmp_path: Path) -> None:
    file = table(
        tmp_path,
        row("你好"),
        "# a comment",
        row("黑店宰客人", id="lex_cli_two", misses="黑店宰客人"),
    )
    done = shell("lexicon", "lint", file)
    assert done.code == 2
    assert f"{file}:2: lex_cli_one: common:" in done.err
    assert f"{file}:4: lex_cli_two: must not hit" in done.err


def test_a_table_that_cannot_be_read(shell: Shell, tmp_path: Path) -> None:
    done = shell("lexicon", "lint", table(tmp_path, row("黑", category="weather")))
    assert done.code == 2
    assert done.err.count(":2: ") == 2


def test_a_file_that_is_not_there(shell: Shell, tmp_path: Path) -> None:
    done = shell("lexicon", "lint", tmp_path / "none.tsv")
    assert done.code == 2
    assert "none.tsv" in done.err


def test_a_scan(shell: Shell) -> None:
    line = shell("lexicon", "scan", "这傻*逼").out.splitlines()[0].split("\t")
    assert line[:2] == ["1-4", "傻*逼"]
    assert line[5:] == ["inserted", "-"]


def test_a_scan_of_stdin_as_json(shell: Shell) -> None:
    done = shell("lexicon", "scan", "--json", stdin="这傻逼".encode())
    found = json.loads(done.out)
    assert [hit["term"] for hit in found["hits"] if hit["suppressed_by"] is None] == ["傻逼"]
    assert found["version"] == load_lexicon().version


def test_what_is_shown_cannot_move_the_cursor() -> None:
    assert printable("好\x1b[2J\n\u202e坏") == "好\\x1b[2J\\n\\u202e坏"


def test_an_export_is_taken_back(shell: Shell) -> None:
    done = shell("lexicon", "export", "--category", "abuse")
    entries = parse_tables([("export", done.out.encode())])
    assert entries == tuple(item for item in load_lexicon().entries if item.category == "abuse")


def test_an_import_is_tried_then_saved(installed: Shell, tmp_path: Path) -> None:
    file = table(tmp_path, row("黑店宰客人"))
    tried = installed("lexicon", "import", file)
    assert (tried.code, tried.out) == (
        0,
        "1 would be added, 0 would be changed, 0 unchanged, 0 skipped\n",
    )
    done = installed("lexicon", "import", file, "--confirm", "--reason", "a list")
    assert "saved as version 1" in done.out
    assert installed("lexicon", "scan", "黑店宰客人").out.split("\t")[4] == "lex_cli_one"
    stats = json.loads(installed("lexicon", "stats", "--json").out)
    assert stats["active"] == load_lexicon().stats()["active"] + 1


def test_saving_needs_a_reason(installed: Shell, tmp_path: Path) -> None:
    done = installed("lexicon", "import", table(tmp_path, row("黑店宰客人")), "--confirm")
    assert done.code == 2
    assert "--reason" in done.err


def test_bad_lines_keep_an_import_out(installed: Shell, tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("黑店宰客人\n黑\n", encoding="utf-8")
    options = ("--category", "complaint", "--severity", "2")
    done = installed("lexicon", "import", file, *options, "--confirm", "--reason", "r")
    assert done.code == 2
    assert f"{file}:2: term" in done.err
    double = table(tmp_path, row("黑店宰客人"), row("黑店宰客人", id="lex_cli_two", hits="没有"))
    assert installed("lexicon", "import", double).code == 2
    wrong = table(tmp_path, row("黑店宰客人", hits="没有"))
    refused = installed("lexicon", "import", wrong, "--confirm", "--reason", "r")
    assert (refused.code, refused.err.count(f"{wrong}:2: hits")) == (2, 1)


def test_an_import_needs_the_schema(shell: Shell, tmp_path: Path) -> None:
    done = shell("lexicon", "import", table(tmp_path, row("黑店宰客人")))
    assert done.code == 2
    assert "fengsui migrate" in done.err


@pytest.mark.parametrize("option", [(), ("--json",)])
def test_a_preview(installed: Shell, tmp_path: Path, option: tuple[str, ...]) -> None:
    done = installed("lexicon", "preview", table(tmp_path, row("黑店宰客人")), *option)
    assert done.code == 0
    if option:
        assert json.loads(done.out)["hits"] == 0
    else:
        assert "0 of 0 posts" in done.out


def test_what_was_saved_is_placed_at_its_version(installed: Shell, tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("黑店宰客人\n", encoding="utf-8")
    options = ("--category", "complaint", "--severity", "2", "--confirm", "--reason", "r")
    assert installed("lexicon", "import", file, *options).code == 0
    done = installed("lexicon", "lint")
    assert done.code == 2
    assert "lexicon version 1:0: lex_import_" in done.err


def test_a_database_of_another_schema_is_not_read(installed: Shell, data: Path) -> None:
    with closing(sqlite3.connect(data / "state.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
    done = installed("lexicon", "stats", "--json")
    assert json.loads(done.out) == load_lexicon().stats()
    assert "fengsui migrate" in done.err


def test_an_empty_database_is_what_ships(shell: Shell, data: Path) -> None:
    data.mkdir()
    sqlite3.connect(data / "state.db").close()
    assert json.loads(shell("lexicon", "stats", "--json").out) == load_lexicon().stats()
