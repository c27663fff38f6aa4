"""The hash of a frozen post: of what it says, not of how a database orders it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(snapshot: Mapping[str, Any]) -> bytes:
    """The snapshot as JSON in UTF-8: keys sorted, no blanks, nothing escaped that need not be."""
    text = json.dumps(dict(snapshot), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def digest(snapshot: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON, in hexadecimal digits."""
    return hashlib.sha256(canonical(snapshot)).hexdigest()
