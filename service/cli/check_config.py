"""`fengsui check CONFIG.yaml`: what `fengsui apply` reads, tried out without a database."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from playbooks.content_files import FOLDERS
from service.bootstrap.configuring import try_config
from service.clock import SystemClock
from service.monitors import BadConfig
from service.monitors.config_file import SUFFIXES
from service.trackers.loading import checked, is_tracker

_NUMBERS = re.compile(r":(\d+)(?::(\d+))?$")
"""Line and column at the end of a place."""
_OF_CONTENT = frozenset({"tiers.yaml", "emotion_matrix.yaml"})


def is_config(path: Path) -> bool:
    """Whether that is what `apply` reads: a file, or a folder of files and not of content."""
    if not path.is_dir():
        return path.suffix in SUFFIXES
    if any((path / name).is_dir() for name in FOLDERS):
        return False
    return any(item.suffix in SUFFIXES and item.name not in _OF_CONTENT for item in path.iterdir())


async def counted(path: Path, overlays: tuple[str, ...]) -> str:
    """How many entries of each section there are. Raises BadConfig with every mistake."""
    if is_tracker(path):
        return f"trackers: {', '.join(checked(path))}"
    applied = await try_config(path, overlays=overlays, clock=SystemClock())
    count = Counter(name.partition("/")[0] for name in applied.created)
    return ", ".join(f"{number} {section}" for section, number in count.items()) or "nothing"


def findings(error: BadConfig) -> list[dict[str, object]]:
    """The mistakes in the form of those of content; their code is that of the error."""
    found: list[dict[str, object]] = []
    for place, message in error.errors:
        numbers = _NUMBERS.search(place)
        line, column = (None, None) if numbers is None else numbers.groups()
        found.append(
            {
                "file": _NUMBERS.sub("", place),
                "line": None if line is None else int(line),
                "column": None if column is None else int(column),
                "severity": "error",
                "code": error.code,
                "message": message,
            }
        )
    return found
