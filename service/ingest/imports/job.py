"""The job that stores what was imported, a piece at a time; a restart goes on where it was."""

from __future__ import annotations

import zlib
from collections import Counter
from datetime import datetime

import structlog

from crawlers import BadPost
from service.auth import Undecipherable
from service.clock import Clock
from service.db import Database
from service.ingest.imports.model import VIA
from service.ingest.imports.repository import Imports
from service.ingest.pipeline import Ingest

log = structlog.get_logger(__name__)


class ImportJob:
    """Posts come twice when a process dies between the two databases, which changes nothing."""

    name = "import"

    def __init__(
        self, *, database: Database, clock: Clock, imports: Imports, ingest: Ingest
    ) -> None:
        self._database = database
        self._clock = clock
        self._imports = imports
        self._ingest = ingest
        self._generation = -1
        self._pending = False

    async def next_at(self) -> datetime | None:
        if self._generation != self._database.generation or not self._database.is_sqlite:
            generation = self._database.generation
            self._pending = await self._imports.waiting()
            self._generation = generation
        return self._clock.now() if self._pending else None

    async def run(self, now: datetime) -> int:
        """Store one piece; answers how many posts were in it."""
        piece = await self._imports.next_piece()
        if piece is None:
            return 0
        try:
            posts = self._imports.open(piece)
        except Undecipherable:
            await self._imports.fail(
                piece.run, "its posts were lost with their encryption key; send the file again"
            )
            log.error("import.lost", run=piece.run)
            return 0
        except (BadPost, ValueError, zlib.error) as error:
            # Pieces are stored in their order: one that nobody can read would stop all imports.
            await self._imports.fail(
                piece.run, "posts that waited cannot be read any more; send the file again"
            )
            log.error("import.unreadable", run=piece.run, error=type(error).__name__)
            return 0
        report = await self._ingest.ingest(posts, via=VIA, arriving=False)
        changes = Counter(change.value for change in report.changes.values())
        await self._imports.store(piece, changes)
        log.info("import.stored", run=piece.run, posts=len(posts))
        return len(posts)
