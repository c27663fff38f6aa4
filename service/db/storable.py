"""JSON-shaped values without what PostgreSQL cannot keep: NUL and lone surrogates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def storable(value: Any) -> Any:
    """`value` with NULs dropped and lone surrogates turned to `?`, at any depth."""
    if isinstance(value, str):
        if "\x00" not in value and value.isprintable():
            return value
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, Mapping):
        return {storable(str(key)): storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    return value
