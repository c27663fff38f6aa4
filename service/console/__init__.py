"""The console: what people see and decide, in the browser, under `/console`."""

from __future__ import annotations

from service.console.app import mount_console

__all__ = ["mount_console"]
