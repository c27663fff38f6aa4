"""The rules in force: read again whenever an overlay was saved anywhere."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from playbooks import Library
from service.db import Database
from service.db.changes import mark
from service.errors import NotFound
from service.rules import repository
from service.rules.laying import RulesInForce, rules_in_force
from service.rules.model import Overlay, RuleRecord

KIND = "rule"
"""The kind of the changes that are announced."""

log = structlog.get_logger(__name__)


class RuleDirectory:
    """Follows the saved overlays. One process has one, and rules are evaluated with its library."""

    def __init__(self, database: Database, base: Library) -> None:
        """Until the first refresh it holds what ships."""
        self._database = database
        self._in_force = RulesInForce.shipped(base)
        self._overlays: Mapping[str, Overlay] = {}
        self._mark: tuple[int, int] | None = None

    @property
    def base(self) -> Library:
        """What ships."""
        return self._in_force.base

    @property
    def library(self) -> Library:
        """What ships with the overlays over it, as of the last refresh."""
        return self._in_force.library

    @property
    def in_force(self) -> RulesInForce:
        """The same with its parts: what a change of rules is worked out from."""
        return self._in_force

    def records(self) -> tuple[RuleRecord, ...]:
        """Every rule by id, and every overlay, those that this release cannot read too."""
        return tuple(
            self._record(name) for name in sorted(self.library.rules.keys() | self._overlays)
        )

    def get(self, rule_id: str) -> RuleRecord:
        """One rule. Raises NotFound."""
        if rule_id not in self.library.rules and rule_id not in self._overlays:
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
        in_force = rules_in_force(self.base, overlays.values())
        for rule_id, problems in in_force.unreadable.items():
            log.error("rules.overlay_unreadable", rule=rule_id, problems=list(problems))
        changed = in_force.library.version != self.library.version
        self._in_force, self._overlays, self._mark = in_force, overlays, current
        if changed:
            log.info("rules.swapped", version=self.library.version, overlays=len(overlays))
        return changed

    def _record(self, rule_id: str) -> RuleRecord:
        return RuleRecord(
            id=rule_id,
            rule=self.library.rules.get(rule_id),
            shipped=self.base.rules.get(rule_id),
            overlay=self._overlays.get(rule_id),
            problems=self._in_force.unreadable.get(rule_id, ()),
        )
