"""The directory of enabled monitors, compiled once and again whenever one of them was edited."""

from __future__ import annotations

import structlog

from nlp.errors import BadQuery
from nlp.query import MonitorMatcher, Query, QueryDocument, parse_query
from service.db import Database
from service.db.changes import mark
from service.monitors.model import Monitor
from service.monitors.monitors import Monitors

log = structlog.get_logger(__name__)


class MonitorDirectory:
    """Answers which monitors take a post; `refresh` first, once a batch."""

    def __init__(self, database: Database, monitors: Monitors) -> None:
        self._database = database
        self._catalogue = monitors
        self._generation = -1
        self._mark: tuple[int, int] | None = None
        self._queries: dict[str, Query] = {}
        self._monitors: dict[str, Monitor] = {}
        self._matcher = MonitorMatcher({})

    @property
    def monitors(self) -> dict[str, Monitor]:
        """Enabled monitors by id, as of the last refresh."""
        return self._monitors

    def match(self, document: QueryDocument) -> tuple[str, ...]:
        """Ids of the monitors that take the document, sorted."""
        return self._matcher.match(document)

    async def refresh(self) -> bool:
        """Read again what has changed; answers whether anything had.

        On SQLite another process's edit (`fengsui apply`) is seen after this one's next write.
        """
        if self._database.is_sqlite and self._generation == self._database.generation:
            return False
        generation = self._database.generation
        async with self._database.read() as connection:
            current = await mark(connection, "monitor")
        self._generation = generation
        if current == self._mark:
            return False
        self._compile(await self._catalogue.every(enabled_only=True))
        self._mark = current
        return True

    def _compile(self, monitors: tuple[Monitor, ...]) -> None:
        compiled: dict[str, Query] = {}
        for item in monitors:
            before = self._monitors.get(item.id)
            if before is not None and before.query == item.query and item.id in self._queries:
                compiled[item.id] = self._queries[item.id]
                continue
            try:
                compiled[item.id] = parse_query(item.query)
            except BadQuery as error:
                # It was sound when it was saved: the grammar has changed under it.
                log.error("monitor.query_unreadable", monitor=item.id, reason=str(error))
        self._queries = compiled
        self._monitors = {item.id: item for item in monitors}
        self._matcher = MonitorMatcher(compiled)
