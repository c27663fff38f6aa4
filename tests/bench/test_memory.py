"""Resident memory as the kernel counts it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bench.memory import resident

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_a_process_holds_no_more_than_its_peak() -> None:
    held = resident(os.getpid())
    assert 1 < held.now <= held.peak


_TAKING = """
from bench.memory import resident
before = resident().now
taken = b"\\x01" * (64 << 20)
print(resident().now - before)
"""


def test_memory_that_is_taken_shows() -> None:
    """In a process of its own: this one may have room left from other tests."""
    done = subprocess.run([sys.executable, "-c", _TAKING], capture_output=True, check=True)
    assert float(done.stdout) > 32
