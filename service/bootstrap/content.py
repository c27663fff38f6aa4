"""The content of an installation: what ships, and the overlays that the settings name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from playbooks import Library, load_library, overlay_folder
from service.settings import Settings


def overlays_of(names: Iterable[str]) -> tuple[Path, ...]:
    """The folders of overlays by name or path, the lowest first."""
    return tuple(overlay_folder(name) for name in names)


def library_of(settings: Settings) -> Library:
    """The library with the overlays of the settings. Raises ContentErrors."""
    return load_library(overlays=overlays_of(settings.content_overlays))
