"""The resources, one module each."""

from __future__ import annotations

from service.api.routes import incidents, posts

ROUTERS = (
    posts.router,
    incidents.router,
)

__all__ = ["ROUTERS"]
