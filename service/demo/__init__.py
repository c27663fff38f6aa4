"""The bundled demo: a synthetic stream of a fictional brand, and the config to watch it with."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

__all__ = ["config_path", "drill_script_path", "stream_path"]


def stream_path() -> Path:
    """The gzip JSONL stream, in the post-on-a-line format; instants have a +08:00 offset."""
    return _resource("stream.jsonl.gz")


def config_path() -> Path:
    """The folder of YAML files (brands, monitors) in the schema of `fengsui apply`."""
    return _resource("config")


def drill_script_path() -> Path:
    """The YAML script of a team that works the demo's crises, for `fengsui drill`."""
    return _resource("drill.yaml")


def _resource(name: str) -> Path:
    return Path(str(files("service.demo").joinpath(name)))
