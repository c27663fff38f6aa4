"""What a process holds in memory, by the kernel's own count."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_FIELDS = {"VmRSS": "now", "VmHWM": "peak"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """MiB of resident memory, now and at the most."""

    now: float
    peak: float


def resident(pid: int | None = None) -> Resident:
    """Of the process `pid`, or of this one. Linux only. Raises OSError when it is gone."""
    status = Path("/proc", "self" if pid is None else str(pid), "status").read_text(
        "ascii", "replace"
    )
    found = {}
    for line in status.splitlines():
        name, _, value = line.partition(":")
        if name in _FIELDS:
            found[_FIELDS[name]] = int(value.split()[0]) / 1024
    return Resident(**found)
