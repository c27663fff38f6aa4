"""The schema of `apply`: what a brand, monitor, source or channel looks like in a YAML file.

Rules are read by the playbooks themselves: `playbooks.overlay`.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from service.monitors.model import (
    BrandDraft,
    BrandKind,
    ChannelDraft,
    ChannelKind,
    MonitorDraft,
    SourceDraft,
)


class _Row(BaseModel):
    """`name` may be left out: the id serves."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    id: str
    name: str | None = None


class BrandRow(_Row):
    kind: BrandKind = BrandKind.OWN
    aliases: tuple[str, ...] = ()

    def draft(self) -> BrandDraft:
        return BrandDraft(
            id=self.id, name=self.name or self.id, kind=self.kind, aliases=self.aliases
        )


class MonitorRow(_Row):
    query: str
    brand: str | None = None
    enabled: bool = True

    def draft(self) -> MonitorDraft:
        return MonitorDraft(
            id=self.id,
            name=self.name or self.id,
            query=self.query,
            brand_id=self.brand,
            enabled=self.enabled,
        )


class SourceRow(_Row):
    """Left out, `secrets` are kept as they are; `{}` takes them away."""

    kind: str
    settings: dict[str, Any] = Field(default_factory=dict)
    secrets: dict[str, Any] | None = None
    interval_s: int = 300
    enabled: bool = True

    def draft(self) -> SourceDraft:
        return SourceDraft(
            id=self.id,
            kind=self.kind,
            name=self.name or self.id,
            settings=self.settings,
            secrets=self.secrets,
            interval_s=self.interval_s,
            enabled=self.enabled,
        )


class ChannelRow(_Row):
    """Left out, `url` and `secrets` are kept as they are."""

    kind: ChannelKind
    url: str | None = None
    secrets: tuple[str, ...] | None = None
    settings: dict[str, Any] = Field(default_factory=dict)
    events: tuple[str, ...] = ()
    minimum_tier: str | None = None
    drill: bool = False
    enabled: bool = True

    def draft(self) -> ChannelDraft:
        return ChannelDraft(
            id=self.id,
            kind=self.kind,
            name=self.name or self.id,
            url=self.url,
            secrets=self.secrets,
            settings=self.settings,
            events=self.events,
            minimum_tier=self.minimum_tier,
            drill=self.drill,
            enabled=self.enabled,
        )
