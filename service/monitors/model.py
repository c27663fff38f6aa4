"""What is watched and how: brands, monitors, sources and channels as the service sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

ItemT = TypeVar("ItemT")

NAME_PATTERN = r"[a-z0-9][a-z0-9_.-]{0,63}"
"""Ids that people choose: short enough to type, safe in a path, a label and a file name."""


class BrandKind(StrEnum):
    OWN = "own"
    COMPETITOR = "competitor"


class ChannelKind(StrEnum):
    """`recording` keeps what it is sent and tells nobody: replay, drills, trying things out.

    `json` fills a template of the receiver's own form; the others are what they are called.
    """

    WEBHOOK = "webhook"
    RECORDING = "recording"
    JSON = "json"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WECOM = "wecom"
    SLACK = "slack"
    PAGERDUTY = "pagerduty"
    EMAIL = "email"


class SaveChange(StrEnum):
    """What saving did."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved(Generic[ItemT]):
    """The thing as it is now. `new_secret` is shown this once, where saving made one."""

    item: ItemT
    change: SaveChange
    new_secret: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandDraft:
    """A brand as somebody wants it. `aliases` are other names under which people write of it."""

    id: str
    name: str
    kind: BrandKind = BrandKind.OWN
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand(BrandDraft):
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorDraft:
    """A monitor (监测方案): which posts belong together, by the query grammar of `nlp.query`."""

    id: str
    name: str
    query: str
    brand_id: str | None = None
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor(MonitorDraft):
    """`backfill` tells how far a changed query has been applied to stored posts."""

    backfill: Mapping[str, Any] | None
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDraft:
    """A place to pull posts from. `secrets` are settings that nobody may read; None keeps them.

    `kept` names stored secrets that stay beside new ones.
    """

    id: str
    kind: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, Any] | None = field(default=None, repr=False)
    kept: tuple[str, ...] = ()
    interval_s: int = 300
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConfig:
    """`secret_names` says which secrets are kept, not what they are. `interval_s` in seconds."""

    id: str
    kind: str
    name: str
    settings: Mapping[str, Any]
    secret_names: tuple[str, ...]
    interval_s: int
    enabled: bool
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelDraft:
    """Somewhere to page people. `url` and `secrets` (newest first) of None keep what is stored."""

    id: str
    kind: ChannelKind
    name: str
    url: str | None = field(default=None, repr=False)
    secrets: tuple[str, ...] | None = field(default=None, repr=False)
    settings: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    minimum_tier: str | None = None
    drill: bool = False
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelConfig:
    """A channel without its address: `url_host` is all that is shown of it."""

    id: str
    kind: ChannelKind
    name: str
    url_host: str | None
    signed: bool
    settings: Mapping[str, Any]
    events: tuple[str, ...]
    minimum_tier: str | None
    drill: bool
    enabled: bool
    created_at: datetime
    updated_at: datetime
    version: int
