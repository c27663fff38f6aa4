"""Words of the wall screen that code makes up."""

from __future__ import annotations

FORMED = {"wall": {"unacknowledged", "overdue"}}
