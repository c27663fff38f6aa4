"""Progress: a line for every twentieth part, a bar on a terminal."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime

import pytest

from service.cli.progress import replay_progress
from service.replay import Progress

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_gets_twenty_lines_whatever_the_length(capsys: pytest.CaptureFixture[str]) -> None:
    with replay_progress(1_000) as tell:
        for done in range(1, 1_001):
            tell(Progress(posts=done, of=1_000, now=NOW))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 20
    assert lines[-1] == "replayed 1000 of 1000 posts, 2026-03-01 12:00 UTC"


def test_nothing_goes_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    with replay_progress(1) as tell:
        tell(Progress(posts=1, of=1, now=NOW))
    assert capsys.readouterr().out == ""


def test_a_terminal_gets_a_bar_with_virtual_time(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with replay_progress(10) as show:
        show(Progress(posts=4, of=10, now=NOW))
        show(Progress(posts=10, of=10, now=NOW))
    assert "100%" in terminal.getvalue()
    assert "2026-03-01 12:00 UTC" in terminal.getvalue()
