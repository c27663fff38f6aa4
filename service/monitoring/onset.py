"""When did it begin? The run of unusual time that reaches now, followed bucket by bucket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

QUIET_BUCKETS = 3
"""So many quiet buckets in a row end the run: half an hour of ten-minute buckets."""


@dataclass(slots=True)
class Run:
    """The start of the earliest bucket of the run, None in calm. Mutable."""

    began: datetime | None = None
    quiet: int = 0

    def follow(self, start: datetime, count: float, *, usual: float) -> None:
        """Take the next bucket, with the posts that are usual in it.

        It is unusual when it holds more than one post above that (any post, where nothing is
        usual).
        """
        if count > usual + (1 if usual >= 0.5 else 0):
            self.began = self.began or start
            self.quiet = 0
        elif self.began is not None:
            self.quiet += 1
            if self.quiet >= QUIET_BUCKETS:
                self.began, self.quiet = None, 0
