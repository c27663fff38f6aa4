"""How long a text waits for the state database before it is judged without."""

from __future__ import annotations

import asyncio

PATIENCE_S = 5.0


def patience() -> asyncio.Timeout:
    """A bound for one conversation with the state database; TimeoutError when it is over."""
    return asyncio.timeout(PATIENCE_S)
