"""Resident memory as the kernel counts it."""

from __future__ import annotations

import os
import sys

import pytest

from bench.memory import resident

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_a_process_holds_no_more_than_its_peak() -> None:
    held = resident(os.getpid())
    assert 1 < held.now <= held.peak


def test_memory_that_is_taken_shows() -> None:
    before = resident().now
    taken = b"\x01" * (64 << 20)
    assert resident().now - before > 32
    assert len(taken) == 64 << 20
