"""In which order the lanes of an engine take the timers that are due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row


class FiringQueue:
    """Rows in firing order, of which no two of one incident are out at the same time.

    With one lane that is the order itself. With more, what would wait for another lane's incident
    lets the next one go first.
    """

    def __init__(self, rows: Sequence[Row[Any]]) -> None:
        self._waiting = list(rows)
        self._busy: set[str] = set()

    def take(self) -> Row[Any] | None:
        """The first whose incident no lane is at; None when there is none at this moment."""
        for place, row in enumerate(self._waiting):
            if row.incident_id is None or row.incident_id not in self._busy:
                self._busy.add(row.incident_id or row.id)
                return self._waiting.pop(place)
        return None

    def give_back(self, row: Row[Any]) -> None:
        """Its lane has done with it: the next of its incident may be taken."""
        self._busy.discard(row.incident_id or row.id)
