"""The command line inside the test's own process, on a folder of its own."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from service.bootstrap import open_database, open_store, prepare
from service.cli import main
from service.cli.opening import run, settings_of_environment
from service.settings import Settings
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
    """The same on databases that are up to date, as `fengsui migrate` leaves them, but sooner."""
    run(_laid(settings_of_environment()))
    return shell


async def _laid(settings: Settings) -> None:
    database, store = open_database(settings), open_store(settings)
    try:
        await prepare(database, store, virtual=True)
    finally:
        await store.close()
        await database.close()
