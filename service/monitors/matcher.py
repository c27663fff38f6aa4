"""The directory of enabled monitors, compiled once and again whenever one of them was edited."""

from __future__ import annotations

from functools import partial

import structlog

from nlp.errors import BadQuery
from nlp.query import MonitorMatcher, Query, QueryDocument, parse_query
from service.db import Database
from service.monitors.edits import Edits
from service.monitors.model import Monitor
from service.monitors.monitors import Monitors

log = structlog.get_logger(__name__)


class MonitorDirectory:
    """Answers which monitors take a post; `refresh` first, once a batch."""

    def __init__(self, database: Database, monitors: Monitors) -> None:
        self._read = partial(monitors.every, enabled_only=True)
        self._edits = Edits(database, "monitor")
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

    def brand_of(self, monitor_id: str) -> str | None:
        """The brand of an enabled monitor, if it has one."""
        monitor = self._monitors.get(monitor_id)
        return None if monitor is None else monitor.brand_id

    async def refresh(self) -> bool:
        """Read again what has changed; answers whether anything had."""
        monitors = await self._edits.fresh(self._read)
        if monitors is None:
            return False
        self._compile(monitors)
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
