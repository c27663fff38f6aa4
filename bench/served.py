"""A server to measure: `fengsui serve` on loopback with an empty data folder and a key."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_START_S = 90.0
_STOP_S = 30.0


class NoServer(Exception):
    """The server did not start; the message ends with what it said last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Where it listens, the key of a classifier, its process, and its data."""

    port: int
    token: str
    pid: int
    folder: Path


@contextmanager
def served(variables: dict[str, str]) -> Iterator[Served]:
    """Start, wait until it is ready, stop at the end. Raises NoServer."""
    with tempfile.TemporaryDirectory(prefix="fengsui-bench-") as folder:
        port = _free_port()
        environ = {
            **{
                name: value for name, value in os.environ.items() if not name.startswith("FENGSUI_")
            },
            "PYTHONPATH": str(ROOT),
            "FENGSUI_DATA_DIR": folder,
            "FENGSUI_PORT": str(port),
            "FENGSUI_LOG_LEVEL": "warning",
            **variables,
        }
        _command("migrate", environ=environ)
        token = _command("key", "add", "bench", "--role", "classifier", environ=environ).strip()
        log = Path(folder, "serve.log")
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "service", "serve"],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=environ,
            )
        try:
            _wait(process, port, log)
            yield Served(port=port, token=token, pid=process.pid, folder=Path(folder))
        finally:
            process.terminate()
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _without_ours(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if not name.startswith("FENGSUI_")}


def _command(*arguments: str, environ: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=_START_S,
    )
    if done.returncode != 0:
        raise NoServer(f"fengsui {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end and process.poll() is None:
        if _ready(port):
            return
        time.sleep(0.1)
    raise NoServer(f"fengsui serve did not become ready:\n{log.read_text('utf-8')[-2000:]}")


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
