"""`fengsui backup` and `fengsui restore`."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.support.process import Shell


def test_what_was_backed_up_comes_back(installed: Shell, data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    installed("user", "add", "lin", "--role", "lead")
    done = installed("backup", copy)
    assert done.code == 0
    assert {"copied state.db", "copied posts.db"} <= set(done.out.splitlines())
    installed("user", "add", "late", "--role", "lead")
    assert installed("restore", copy, "--yes").code == 0
    assert installed("user", "reset", "lin").code == 0
    assert installed("user", "reset", "late").code == 2, "made after the copy was taken"


def test_the_keys_come_along_readable_by_the_owner_only(
    installed: Shell, data: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    installed("user", "add", "lin", "--role", "lead")
    original = (data / "keys.json").read_bytes()
    installed("backup", copy)
    (data / "keys.json").unlink()
    installed("restore", copy, "--yes")
    assert (data / "keys.json").read_bytes() == original
    for folder in (copy, data):
        assert stat.S_IMODE((folder / "keys.json").stat().st_mode) == 0o600


def test_a_restore_moves_an_installation_to_an_empty_folder(
    installed: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy"
    installed("user", "add", "lin", "--role", "lead")
    installed("backup", copy)
    monkeypatch.setenv("FENGSUI_DATA_DIR", str(tmp_path / "elsewhere"))
    assert installed("restore", copy, "--yes").code == 0
    assert installed("doctor").code == 0
    assert installed("user", "reset", "lin").code == 0


def test_a_restore_asks_first(installed: Shell, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    installed("backup", copy)
    installed("user", "add", "lin", "--role", "lead")
    assert installed("restore", copy, stdin=b"n\n").code == 130
    assert installed("user", "reset", "lin").code == 0, "nothing was replaced"


def test_a_backup_needs_an_empty_folder(installed: Shell, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    done = installed("backup", tmp_path)
    assert done.code == 2
    assert "is not empty" in done.err


def test_a_backup_of_nothing_is_refused(shell: Shell, tmp_path: Path) -> None:
    done = shell("backup", tmp_path / "copy")
    assert done.code == 2
    assert "state.db" in done.err


def test_a_restore_of_half_a_backup_changes_nothing(
    installed: Shell, data: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    installed("backup", copy)
    (copy / "posts.db").unlink()
    before = (data / "state.db").read_bytes()
    done = installed("restore", copy, "--yes")
    assert done.code == 2
    assert "lacks posts.db" in done.err
    assert (data / "state.db").read_bytes() == before


def test_on_postgresql_it_says_what_to_use(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGSUI_DATABASE_URL", "postgresql://a:b@127.0.0.1/fengsui")
    done = shell("backup", tmp_path / "copy")
    assert done.code == 2
    assert "pg_dump" in done.err
