"""What is watched: brands, monitors (监测方案), sources and channels, editable at run time."""

from __future__ import annotations

from service.monitors.apply import Applied, Importer, saver
from service.monitors.brands import Brands
from service.monitors.channels import Channels
from service.monitors.checkpoints import DurableCheckpoints
from service.monitors.config_file import read_rules
from service.monitors.errors import BadConfig
from service.monitors.matcher import MonitorDirectory
from service.monitors.model import (
    Brand,
    BrandDraft,
    BrandKind,
    ChannelConfig,
    ChannelDraft,
    ChannelKind,
    Monitor,
    MonitorDraft,
    SaveChange,
    Saved,
    SourceConfig,
    SourceDraft,
)
from service.monitors.monitors import BackfillProgress, Monitors
from service.monitors.sides import BrandDirectory, Sides
from service.monitors.sources import Sources

__all__ = [
    "Applied",
    "BackfillProgress",
    "BadConfig",
    "Brand",
    "BrandDirectory",
    "BrandDraft",
    "BrandKind",
    "Brands",
    "ChannelConfig",
    "ChannelDraft",
    "ChannelKind",
    "Channels",
    "DurableCheckpoints",
    "Importer",
    "Monitor",
    "MonitorDirectory",
    "MonitorDraft",
    "Monitors",
    "SaveChange",
    "Saved",
    "Sides",
    "SourceConfig",
    "SourceDraft",
    "Sources",
    "read_rules",
    "saver",
]
