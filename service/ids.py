"""Stable ids: derived from what a thing is, so that doing it twice makes it once."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime


def stable_id(prefix: str, *parts: str | int | datetime) -> str:
    """`prefix_` and 20 hex digits of SHA-256 over the parts; instants count in UTC."""
    digest = hashlib.sha256()
    for part in parts:
        text = part.astimezone(UTC).isoformat() if isinstance(part, datetime) else str(part)
        digest.update(text.encode("utf-8", "surrogatepass"))
        digest.update(b"\x1f")
    return f"{prefix}_{digest.hexdigest()[:20]}"
