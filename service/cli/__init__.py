"""The command line: `fengsui COMMAND`. Results go to stdout, progress and logs to stderr."""

from __future__ import annotations

from service.cli.root import main

__all__ = ["main"]
