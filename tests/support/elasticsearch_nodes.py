"""Clusters of a test's own, started from the archive beside the checkout and deleted after."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ARCHIVE = Path(__file__).parents[3] / "shared" / "elasticsearch"


@dataclass(frozen=True, slots=True)
class Nodes:
    """A cluster by its name; `urls` hold the password where there is one."""

    name: str
    urls: tuple[str, ...]

    @property
    def ca_file(self) -> Path:
        """The certificate of a secured cluster."""
        root = os.environ.get("FENGSUI_ELASTICSEARCH_DIR", "/var/tmp/fengsui-elasticsearch")
        return Path(root) / "clusters" / self.name / "http.crt"

    def kill(self, node: str) -> None:
        """SIGKILL."""
        _run("stop", "--cluster", self.name, "--node", node, "--kill")

    def start(self, node: str) -> None:
        """Again, with its data."""
        _run("start", "--cluster", self.name, "--node", node)


@contextmanager
def nodes(kind: str, *options: str) -> Iterator[Nodes]:
    """A fresh cluster; the test is skipped where the archive is not."""
    if not (ARCHIVE / "start").exists():
        pytest.skip(f"no Elasticsearch archive at {ARCHIVE}")
    name = f"fengsui-{kind}-{os.getpid()}"
    try:
        printed = _run("start", "--cluster", name, *options)
        yield Nodes(name, tuple(printed.split()))
    finally:
        _run("stop", "--cluster", name, "--delete")


def _run(command: str, *arguments: str) -> str:
    done = subprocess.run(
        [str(ARCHIVE / command), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
