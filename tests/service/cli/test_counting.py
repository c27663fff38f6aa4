"""Progress without a known end."""

from __future__ import annotations

import io
from contextlib import redirect_stderr

import pytest

from service.cli.counting import counting
from tests.support.clock import SteppingClock


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_it_says_how_many_and_how_fast_twice_a_second() -> None:
    clock = SteppingClock()
    terminal = Terminal()
    with (
        redirect_stderr(terminal),
        counting("classified", unit="lines", monotonic=clock.monotonic) as count,
    ):
        for _ in range(10):
            clock.step(seconds=0.25)
            count(500)
    told = terminal.getvalue().split("\r")[1:]
    assert told[0].startswith("classified 500 lines, 2,000 a second")
    assert told[-1].startswith("classified 5,000 lines, 2,000 a second")
    assert len(told) == 6
    assert told[-1].endswith("\n")


def test_it_ends_its_line_when_the_work_fails() -> None:
    terminal = Terminal()
    with (
        pytest.raises(ValueError, match="no"),
        redirect_stderr(terminal),
        counting("read", unit="lines", monotonic=SteppingClock().monotonic),
    ):
        raise ValueError("no")
    assert terminal.getvalue().endswith("\n")


def test_it_is_silent_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with counting("read", unit="lines", monotonic=SteppingClock().monotonic) as count:
        count(5)
    assert capsys.readouterr().err == ""
