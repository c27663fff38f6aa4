"""The rules in force: read again whenever an overlay was saved anywhere."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from playbooks import Library
from service.db import Database
from service.db.changes import mark
from service.errors import NotFound
from service.rules import repository
from service.rules.laying import readable
from service.rules.model import Overlay, RuleRecord

KIND = "rule"
"""The kind of the changes that are announced."""

log = structlog.get_logger(__name__)


class RuleDirectory:
    """Follows the saved overlays. One process has one, and rules are evaluated with its library."""

    def __init__(self, database: Database, base: Library) -> None:
        """Until the first refresh it holds what ships."""
        self._database = database
        self._base = base
        self._library = base
        self._overlays: Mapping[str, Overlay] = {}
        self._mark: tuple[int, int] | None = None

    @property
    def base(self) -> Library:
        """What ships."""
        return self._base

    @property
    def library(self) -> Library:
        """What ships with the overlays over it, as of the last refresh."""
        return self._library

    def records(self) -> tuple[RuleRecord, ...]:
        """Every rule by id, overlays that no release can read any more left out."""
        return tuple(self._record(name) for name in sorted(self._library.rules))

    def get(self, rule_id: str) -> RuleRecord:
        """One rule. Raises NotFound."""
        if rule_id not in self._library.rules:
            raise NotFound(f"no rule {rule_id}")
        return self._record(rule_id)

    async def is_behind(self) -> bool:
        """Whether something was saved since the last refresh."""
        async with self._database.read() as connection:
            return await mark(connection, KIND) != self._mark

    async def refresh(self) -> bool:
        """Lay the overlays anew if any was saved; answers whether other rules are in force now."""
        async with self._database.read() as connection:
            current = await mark(connection, KIND)
            if current == self._mark:
                return False
            overlays = await repository.every(connection)
        library, documents = readable(self._base, overlays.values())
        names = {str(document.data["id"]) for document in documents}
        self._overlays = {name: item for name, item in overlays.items() if name in names}
        self._mark = current
        changed = library.version != self._library.version
        self._library = library
        if changed:
            log.info("rules.swapped", version=library.version, overlays=len(self._overlays))
        return changed

    def _record(self, rule_id: str) -> RuleRecord:
        return RuleRecord(
            rule=self._library.rules[rule_id],
            shipped=self._base.rules.get(rule_id),
            overlay=self._overlays.get(rule_id),
        )
