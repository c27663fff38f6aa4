"""Rules as the service keeps them: what ships, what was laid over it, and what comes of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from playbooks import Mode, Rule


class RuleOrigin(StrEnum):
    """Where a rule comes from."""

    SHIPPED = "shipped"
    CHANGED = "changed"
    ADDED = "added"


class RuleState(StrEnum):
    """What a rule does when its condition holds: open incidents, be written down, nothing."""

    LIVE = "live"
    SHADOW = "shadow"
    OFF = "off"

    @classmethod
    def of(cls, rule: Rule) -> RuleState:
        if not rule.enabled:
            return cls.OFF
        return cls.SHADOW if rule.mode is Mode.SHADOW else cls.LIVE


class OverlayChange(StrEnum):
    """What saving did."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What the installation says of one rule. `data` are the keys that were written, `id` too."""

    id: str
    data: Mapping[str, Any]
    author: str
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRecord:
    """A rule as it is in force, with the overlay that made it so; `shipped` is what is below.

    `problems` say why the overlay is not in force as it was written: this release cannot read it.
    `rule` is None where nothing is left without it.
    """

    id: str
    rule: Rule | None
    shipped: Rule | None
    overlay: Overlay | None
    problems: tuple[str, ...] = ()

    @property
    def origin(self) -> RuleOrigin:
        if self.overlay is None:
            return RuleOrigin.SHIPPED
        return RuleOrigin.ADDED if self.shipped is None else RuleOrigin.CHANGED

    @property
    def state(self) -> RuleState:
        return RuleState.OFF if self.rule is None else RuleState.of(self.rule)

    @property
    def version(self) -> int:
        """That of the overlay; 0 for a rule as it ships."""
        return 0 if self.overlay is None else self.overlay.version


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRule:
    """What became of one saved overlay."""

    record: RuleRecord
    change: OverlayChange

    @property
    def id(self) -> str:
        return self.record.id
