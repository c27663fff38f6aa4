"""`fengsui backup` and `fengsui restore`."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from tests.support.process import Shell

Move = Callable[[], Path]


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """No command here reads a text; loading what could would take most of the time."""
    monkeypatch.setenv("FENGSUI_ENCODER", "lexical")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where a backup goes; nothing is there."""
    return tmp_path / "copy"


@pytest.fixture
def move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Move:
    """Let later commands work on another system, which holds nothing."""

    def moved() -> Path:
        monkeypatch.setenv("FENGSUI_DATA_DIR", str(tmp_path / "elsewhere"))
        return tmp_path / "elsewhere"

    return moved


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
def test_a_backup_comes_back_in_an_empty_system(
    installed: Shell, move: Move, tmp_path: Path, name: str
) -> None:
    installed("user", "add", "lin", "--role", "lead")
    assert installed("backup", tmp_path / name, "--with-keys").code == 0
    move()
    done = installed("restore", tmp_path / name)
    assert (done.code, "audit chain: " in done.out) == (0, True)
    assert installed("doctor").code == 0
    assert installed("user", "reset", "lin").code == 0


def test_how_long_it_takes_is_told(installed: Shell, copy: Path) -> None:
    done = installed("backup", copy, "--with-keys")
    assert "state: " in done.err
    assert done.err.count(" s\n") == 2


def test_a_system_that_holds_something_is_not_overwritten(installed: Shell, copy: Path) -> None:
    installed("user", "add", "lin", "--role", "lead")
    installed("backup", copy, "--with-keys")
    installed("user", "add", "late", "--role", "lead")
    done = installed("restore", copy)
    assert done.code == 2
    assert "--replace" in done.err
    assert installed("user", "reset", "late").code == 0


def test_replacing_brings_back_what_was(installed: Shell, copy: Path) -> None:
    installed("user", "add", "lin", "--role", "lead")
    installed("backup", copy, "--with-keys")
    installed("user", "add", "late", "--role", "lead")
    assert installed("restore", copy, "--replace", "--yes").code == 0
    assert installed("user", "reset", "lin").code == 0
    assert installed("user", "reset", "late").code == 2, "made after the backup"


def test_replacing_asks_first(installed: Shell, copy: Path) -> None:
    installed("user", "add", "lin", "--role", "lead")
    installed("backup", copy, "--with-keys")
    installed("user", "add", "late", "--role", "lead")
    assert installed("restore", copy, "--replace", stdin=b"n\n").code == 130
    assert installed("user", "reset", "late").code == 0, "nothing was replaced"


def test_whether_keys_go_along_must_be_said(installed: Shell, copy: Path) -> None:
    installed("user", "add", "lin", "--role", "lead")
    done = installed("backup", copy)
    assert (done.code, copy.exists()) == (2, False)
    assert "--with-keys or --without-keys" in done.err


def test_the_keys_are_for_their_owner_alone(installed: Shell, copy: Path, move: Move) -> None:
    installed("user", "add", "lin", "--role", "lead")
    installed("backup", copy, "--with-keys")
    folder = move()
    installed("restore", copy)
    assert (folder / "keys.json").read_bytes() == (copy / "keys.json").read_bytes()
    for place in (copy, folder):
        assert stat.S_IMODE((place / "keys.json").stat().st_mode) == 0o600


def test_without_its_keys_a_backup_is_refused(installed: Shell, copy: Path, move: Move) -> None:
    installed("user", "add", "lin", "--role", "lead")
    done = installed("backup", copy, "--without-keys")
    assert "without keys" in done.out
    assert not (copy / "keys.json").exists()
    move()
    refused = installed("restore", copy)
    assert refused.code == 2
    assert "keys.json" in refused.err


def test_keys_kept_apart_open_it(installed: Shell, data: Path, copy: Path, move: Move) -> None:
    installed("user", "add", "lin", "--role", "lead")
    installed("backup", copy, "--without-keys")
    folder = move()
    folder.mkdir()
    (folder / "keys.json").write_bytes((data / "keys.json").read_bytes())
    assert installed("restore", copy).code == 0
    assert installed("user", "reset", "lin").code == 0


def test_other_keys_that_were_there_are_set_aside(installed: Shell, copy: Path, move: Move) -> None:
    installed("user", "add", "lin", "--role", "lead")
    installed("backup", copy, "--with-keys")
    folder = move()
    installed("migrate")
    installed("user", "add", "rui", "--role", "lead")
    theirs = (folder / "keys.json").read_bytes()
    assert installed("restore", copy, "--replace", "--yes").code == 0
    (aside,) = folder.glob("keys.json.before-*")
    assert aside.read_bytes() == theirs


def test_a_key_in_a_variable_is_never_written(
    installed: Shell, copy: Path, move: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGSUI_SECRET_KEY", "k" * 40)
    installed("user", "add", "lin", "--role", "lead")
    assert installed("backup", copy, "--with-keys").code == 2
    assert installed("backup", copy).code == 0
    assert "FENGSUI_SECRET_KEY" in installed("backup", copy.with_suffix(".tar")).out
    assert all(b"k" * 40 not in path.read_bytes() for path in copy.iterdir())
    move()
    assert installed("restore", copy).code == 0
    monkeypatch.setenv("FENGSUI_SECRET_KEY", "o" * 40)
    assert installed("restore", copy, "--replace", "--yes").code == 2


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
def test_what_is_there_is_not_overwritten(installed: Shell, tmp_path: Path, name: str) -> None:
    assert installed("backup", tmp_path / name, "--with-keys").code == 0
    assert installed("backup", tmp_path / name, "--with-keys").code == 2


def test_a_backup_of_nothing_is_refused(shell: Shell, copy: Path) -> None:
    done = shell("backup", copy, "--with-keys")
    assert done.code == 2
    assert "fengsui migrate" in done.err


def test_a_damaged_backup_changes_nothing(installed: Shell, copy: Path, data: Path) -> None:
    installed("user", "add", "lin", "--role", "lead")
    installed("backup", copy, "--with-keys")
    damaged = bytearray((copy / "state.jsonl.gz").read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (copy / "state.jsonl.gz").write_bytes(damaged)
    before = (data / "keys.json").read_bytes()
    done = installed("restore", copy, "--replace", "--yes")
    assert done.code == 2
    assert "state.jsonl.gz is not what was written" in done.err
    assert installed("user", "reset", "lin").code == 0
    assert (data / "keys.json").read_bytes() == before


def test_a_backup_of_a_newer_version_is_refused(installed: Shell, copy: Path, move: Move) -> None:
    installed("backup", copy, "--with-keys")
    manifest = orjson.loads((copy / "manifest.json").read_bytes())
    (copy / "manifest.json").write_bytes(orjson.dumps(manifest | {"revision": "9999"}))
    move()
    done = installed("restore", copy)
    assert done.code == 2
    assert "install that one" in done.err
