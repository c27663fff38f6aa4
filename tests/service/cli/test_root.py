"""How commands end, as a process and inside one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from service.cli.root import cli
from service.version import VERSION
from tests.support.process import Shell, environment, fengsui

COMMANDS = [
    "serve",
    "work",
    "crawl",
    "migrate",
    "doctor",
    "demo",
    "apply",
    "check",
    "audit",
    "user",
    "backup",
    "restore",
    "classify",
    "replay",
    "source",
    "channel",
    "playbook",
    "lexicon",
]


def test_every_command_of_the_contract_is_there() -> None:
    assert set(COMMANDS) <= set(cli.commands)


def test_every_command_explains_itself() -> None:
    unexplained = [name for name, command in cli.commands.items() if not command.help]
    assert unexplained == []


def test_the_version(shell: Shell) -> None:
    done = shell("--version")
    assert (done.code, done.out.strip()) == (0, f"fengsui, version {VERSION}")


def test_help_is_a_result(shell: Shell) -> None:
    done = shell("replay", "--help")
    assert done.code == 0
    assert "STREAM" in done.out


@pytest.mark.parametrize("arguments", [("frobnicate",), ("replay",), ("user", "add", "--no")])
def test_a_usage_error_is_exit_2_on_stderr(shell: Shell, arguments: tuple[str, ...]) -> None:
    done = shell(*arguments)
    assert (done.code, done.out) == (2, "")
    assert "Error: " in done.err


def test_as_a_process_a_mistake_leaves_no_traceback(tmp_path: Path) -> None:
    done = fengsui("audit", "verify", variables={"FENGSUI_DATA_DIR": str(tmp_path)})
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert "fengsui migrate" in line


def test_a_reader_who_has_seen_enough_hears_no_complaint(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "classify"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment({"FENGSUI_DATA_DIR": str(tmp_path), "FENGSUI_ENCODER": "lexical"}),
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(b'{"id": "1", "text": "a"}\n' * 50)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=20) == 1
