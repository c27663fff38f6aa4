"""The page of one incident."""

from __future__ import annotations

from service.console.pages.incident.evidence import safe_address
from service.console.pages.incident.page import register
from service.console.pages.incident.place import PLACE

__all__ = ["PLACE", "register", "safe_address"]
