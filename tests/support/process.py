"""Processes of their own: the command line run to its end, and workers that are killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

ROOT = Path(__file__).parents[2]
PATIENCE_S = 200


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended."""

    code: int
    out: str
    err: str


class Shell(Protocol):
    """Runs a command inside the test's own process."""

    def __call__(self, *arguments: str | Path, stdin: bytes = b"") -> Finished: ...


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """This process's variables without any of Fengsui's, and those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FENGSUI_")}
    return kept | {"PYTHONPATH": str(ROOT)} | dict(variables)


def fengsui(
    *arguments: str | Path,
    variables: Mapping[str, str] | None = None,
    patience_s: float = PATIENCE_S,
) -> Finished:
    """Run `fengsui ARGUMENTS` as a process and wait for its end."""
    done = subprocess.run(
        [sys.executable, "-m", "service", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment(variables or {}),
        timeout=patience_s,
        check=False,
    )
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())


class Role:
    """A long-running command, such as `work`; its log goes to a file."""

    def __init__(self, arguments: Sequence[str], variables: Mapping[str, str], log: Path) -> None:
        self._log = log.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "service", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env=environment(variables),
        )

    def stop(self) -> int:
        """SIGTERM, and the code that it ends with."""
        self._process.terminate()
        try:
            return self._process.wait(timeout=PATIENCE_S)
        finally:
            self._log.close()

    def wait(self) -> int:
        """The code that it ends with by itself."""
        try:
            return self._process.wait(timeout=PATIENCE_S)
        finally:
            self._log.close()

    def kill(self) -> None:
        """SIGKILL: nothing of it runs any more when this returns."""
        self._process.kill()
        self._process.wait()
        self._log.close()


class Lives:
    """A program that forks lives, one after another or side by side, so that each starts warm.

    See crash_worker.
    """

    def __init__(self, program: Path, variables: Mapping[str, str], log: Path) -> None:
        self._log = log.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, str(program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=environment(variables),
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(timeout=PATIENCE_S)
        self._log.close()

    def begin(self, worker: str = "e2e") -> int:
        """Start a life as the worker of that id; answers its process id."""
        self._write(f"live {worker}")
        return int(self._read())

    def end(self, life: int) -> None:
        """SIGKILL; raises AssertionError when the life had ended by itself before."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(life, signal.SIGKILL)
        self._write(f"bury {life}")
        ended = self._read()
        log = Path(self._log.name).read_text(encoding="utf-8")[-4000:]
        assert ended == f"signal {signal.SIGKILL.value}", f"a life ended by itself: {ended}\n{log}"

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()
