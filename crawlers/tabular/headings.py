"""Which fields of a post a column's heading may stand for: exports name the same things anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

REQUIRED = ("source", "published_at", "text")
"""What every post needs; a file without ids of its own is given stable ones."""

_TABLE = Path(__file__).with_name("headings.tsv")
_LOOSE = re.compile(r"[\s_\-:：()（）\[\]【】*#]+")


def _read() -> dict[str, tuple[str, ...]]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return {field: tuple(headings.split()) for field, headings in rows}


HEADINGS: Mapping[str, tuple[str, ...]] = _read()
"""The headings that each field goes by, the likeliest first."""

FIELDS = frozenset(HEADINGS)


def folded(heading: str) -> str:
    """A heading without case, spaces and marks, so that `发布时间 *` and `发布时间` are one."""
    return _LOOSE.sub("", heading).casefold()
