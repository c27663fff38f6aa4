"""Imports of files: what is asked for, what was read of one, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawlers import Channel, Post, RejectedLine
from crawlers.tabular import Given
from service.errors import InvalidInput

VIA = "import"
"""The configured source that an imported post counts as brought by."""
PIECE = 500
"""Posts that are stored together."""
MOST_PROBLEMS = 100
"""Mistakes that are kept and shown; all are counted."""
_LONGEST_NAME = 200
_LONGEST_SOURCE = 200


class ImportState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How a file is to be read: `pairs` are `FIELD=COLUMN`, `given` what it does not say."""

    name: str
    pairs: tuple[str, ...]
    given: Given
    sheet: str | None = None

    @classmethod
    def of(
        cls,
        *,
        name: str,
        pairs: Sequence[str] = (),
        source: str | None = None,
        channel: str | None = None,
        timezone: str | None = None,
        sheet: str | None = None,
        zone: ZoneInfo,
    ) -> ImportOptions:
        """Options as people write them; `zone` is meant without a `timezone`.

        Raises InvalidInput with every mistake.
        """
        wrong: list[tuple[str, str]] = []
        if source is not None and not 0 < len(source.strip()) <= _LONGEST_SOURCE:
            wrong.append(("source", f"1 to {_LONGEST_SOURCE} characters, such as weibo"))
        if channel is not None and channel not in set(Channel):
            wrong.append(("channel", f"one of {', '.join(Channel)}"))
        if timezone is not None:
            try:
                zone = ZoneInfo(timezone)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                wrong.append(("timezone", f"{timezone[:60]!r} is no zone such as Asia/Shanghai"))
        if wrong:
            said = "; ".join(f"{path}: {message}" for path, message in wrong)
            raise InvalidInput(f"the file cannot be read so: {said}", errors=wrong)
        shown = "".join(char for char in name if char.isprintable())[:_LONGEST_NAME].strip()
        return cls(
            name=shown or "file",
            pairs=tuple(pairs),
            given=Given(
                source=None if source is None else source.strip(),
                channel=None if channel is None else Channel(channel),
                zone=zone,
            ),
            sheet=sheet,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """All of a file: its posts, how many rows are none, and the first of their mistakes."""

    posts: tuple[Post, ...]
    rejected: int
    problems: tuple[RejectedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """One import. `posts` were read, `done` of them are stored, `rejected` rows were no posts;
    `changes` counts what storing did."""

    id: str
    file: str
    state: ImportState
    posts: int
    done: int
    rejected: int
    changes: Mapping[str, int]
    problems: tuple[tuple[str, str], ...]
    reason: str | None
    created_by: str
    created_at: datetime
    finished_at: datetime | None
