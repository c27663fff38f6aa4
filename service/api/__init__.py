"""The HTTP API: resources under /v1, health, metrics."""

from __future__ import annotations

from service.api.identity import SESSION_COOKIE
from service.api.mount import mount_api
from service.api.remembered import Forgetting

__all__ = ["SESSION_COOKIE", "Forgetting", "mount_api"]
