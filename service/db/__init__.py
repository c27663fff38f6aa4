"""The state database: engine and tables."""

from __future__ import annotations

from service.db.engine import Database

__all__ = ["Database"]
