"""Inbound webhooks: who may send to a source is asked at a door of its own."""

from __future__ import annotations

from service.api.hooks.door import HookDoor, HookSeal

__all__ = ["HookDoor", "HookSeal"]
