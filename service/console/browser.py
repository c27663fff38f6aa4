"""Calls of our own functions in the browser (`assets/*.js`); arguments are only ever data."""

from __future__ import annotations

import json
from typing import Literal

from nicegui import Client

Function = Literal["go", "answered", "fill", "stale", "forget", "address", "scroll"]


def call(client: Client, function: Function, *arguments: object) -> None:
    """Run `fengsui.function(...)` on the page; arguments are anything that is JSON."""
    # ES2019 takes every character of JSON in a literal; a lone surrogate would break the socket.
    encoded = json.dumps(arguments, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
    client.run_javascript(f"window.fengsui.{function}(...{encoded})")
