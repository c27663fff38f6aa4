"""Ids of stories: made of what they began with, so that the same posts give the same ids."""

from __future__ import annotations

import hashlib


def story_id(*parts: str | int) -> str:
    """`sto_` and 20 hex digits of SHA-256 over the parts."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass"))
    return f"sto_{digest.hexdigest()[:20]}"
