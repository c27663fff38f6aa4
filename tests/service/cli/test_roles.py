"""`fengsui migrate`, `doctor`, `work`, `crawl`."""

from __future__ import annotations

import contextlib
import socket
import time
from pathlib import Path

import httpx
import pytest

from tests.support.process import Role, Shell
from tests.support.tiny_model import write_tiny_model


def test_migrating_twice_changes_nothing(shell: Shell, data: Path) -> None:
    first, second = shell("migrate"), shell("migrate")
    assert (first.code, second.code) == (0, 0)
    assert {"state.db", "posts.db"} <= {path.name for path in data.iterdir()}


def test_the_doctor_finds_nothing_wrong_after_migrate(
    installed: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGSUI_ENCODER_PATH", str(write_tiny_model(tmp_path / "tiny")))
    done = installed("doctor")
    assert done.code == 0
    assert all(line.startswith("good") for line in done.out.splitlines())
    assert "good  encoder tiny-1-" in done.out


def test_the_doctor_says_that_only_words_are_read(
    installed: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGSUI_ENCODER", "lexical")
    done = installed("doctor")
    assert done.code == 0
    assert done.out.splitlines()[-2:] == [
        "good  encoder lexical",
        "note  encoder: degraded to words alone: as FENGSUI_ENCODER=lexical says",
    ]


def test_the_doctor_names_a_channel_of_last_resort_that_is_not_there(
    installed: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGSUI_ENCODER", "lexical")
    monkeypatch.setenv("FENGSUI_FALLBACK_CHANNEL", "dutyroom")
    done = installed("doctor")
    assert done.code == 1
    (bad,) = [line for line in done.out.splitlines() if line.startswith("bad")]
    assert "channel of last resort dutyroom: FENGSUI_FALLBACK_CHANNEL: there is no such" in bad


def test_a_model_that_is_not_there_is_a_mistake(
    installed: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FENGSUI_ENCODER_PATH", str(tmp_path / "none"))
    done = installed("doctor")
    assert done.code == 2
    bad = [line for line in done.out.splitlines() if line.startswith("bad")]
    assert [line.split(":")[0] for line in bad] == ["bad   encoder"]
    refused = installed("crawl")
    assert refused.code == 2
    (line,) = refused.err.splitlines()
    assert "FENGSUI_ENCODER_PATH" in line


def test_the_doctor_says_what_is_wrong_and_what_to_do(shell: Shell) -> None:
    done = shell("doctor")
    assert done.code == 1
    bad = [line for line in done.out.splitlines() if line.startswith("bad")]
    assert len(bad) == 2, bad
    assert all("fengsui migrate" in line for line in bad)


@pytest.mark.parametrize("command", ["work", "crawl"])
def test_a_role_refuses_an_old_schema(shell: Shell, command: str) -> None:
    done = shell(command)
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert "run `fengsui migrate`" in line


def test_every_bad_setting_is_named(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGSUI_PORT", "many")
    monkeypatch.setenv("FENGSUI_TIMEZONE", "Mars")
    done = shell("doctor")
    assert done.code == 2
    assert sorted(line.split(":")[0] for line in done.err.splitlines()) == [
        "FENGSUI_PORT",
        "FENGSUI_TIMEZONE",
    ]


def test_a_misspelt_setting_is_warned_of(installed: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGSUI_PROT", "8600")
    done = installed("doctor")
    assert done.code == 0
    assert "FENGSUI_PROT" in done.err


def test_a_folder_that_cannot_be_made_is_one_line(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FENGSUI_DATA_DIR", str(tmp_path / "file" / "data"))
    done = shell("migrate")
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert str(tmp_path / "file") in line


def test_a_file_that_is_no_database_is_one_line(installed: Shell, data: Path) -> None:
    (data / "state.db").write_bytes(b"not a database at all" * 100)
    done = installed("audit", "verify")
    assert done.code == 1
    (line,) = done.err.splitlines()
    assert "not a database" in line


@pytest.mark.slow
@pytest.mark.parametrize("command", ["work", "crawl"])
def test_a_role_runs_until_it_is_told_to_stop(
    installed: Shell, data: Path, tmp_path: Path, command: str
) -> None:
    log = tmp_path / "log"
    role = Role([command], {"FENGSUI_DATA_DIR": str(data)}, log)
    for _ in range(200):
        if "worker.started" in log.read_text():
            break
        time.sleep(0.1)
    assert role.stop() == 0, log.read_text()
    assert "worker.stopped" in log.read_text()


@pytest.mark.slow
def test_serve_needs_no_other_command_first(data: Path, tmp_path: Path) -> None:
    """Databases, first account, API and jobs: all of it out of an empty folder."""
    log = tmp_path / "log"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    variables = {"FENGSUI_DATA_DIR": str(data), "FENGSUI_PORT": str(port)}
    role = Role(["serve"], variables, log)
    answer = None
    for _ in range(200):
        with contextlib.suppress(httpx.TransportError):
            answer = httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5)
            break
        time.sleep(0.1)
    code = role.stop()
    said = log.read_text()
    assert answer is not None, said
    assert answer.status_code == 200
    assert "one-time password" in said
    assert "worker.stopped" in said
    assert code == 0, said


def test_a_schema_can_be_taken_back_and_brought_up_again(shell: Shell) -> None:
    assert shell("migrate").code == 0
    assert shell("migrate", "--back-to", "0006", "--yes").code == 0
    refused = shell("doctor", "--offline")
    assert refused.code == 1
    assert "revision 0006" in refused.out
    assert shell("migrate").code == 0
    assert shell("doctor", "--offline").code == 0


def test_taking_a_schema_back_asks_first(shell: Shell) -> None:
    assert shell("migrate").code == 0
    assert shell("migrate", "--back-to", "0006", stdin=b"n\n").code == 130
    assert shell("doctor", "--offline").code == 0


def test_a_schema_is_not_taken_back_to_what_never_was(shell: Shell) -> None:
    assert shell("migrate").code == 0
    done = shell("migrate", "--back-to", "9999", "--yes")
    assert done.code == 2
    assert "no earlier revision" in done.err
