"""The command line inside the test's own process, on a folder of its own."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from service.cli import main
from tests.support.process import Finished, Shell


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder that commands work on; it need not exist."""
    return tmp_path / "data"


@pytest.fixture
def shell(
    data: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Shell]:
    """`shell("user", "add", …)` runs a command and answers how it ended."""
    monkeypatch.setenv("FENGSUI_DATA_DIR", str(data))
    handlers = logging.getLogger().handlers[:]

    def run(*arguments: str | Path, stdin: bytes = b"") -> Finished:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        sys.stdout.flush()
        captured = capfd.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Finished(code, captured.out, captured.err)

    yield run
    logging.getLogger().handlers[:] = handlers
    structlog.reset_defaults()


@pytest.fixture
def installed(shell: Shell) -> Shell:
    """The same after `fengsui migrate`."""
    assert shell("migrate").code == 0
    return shell
