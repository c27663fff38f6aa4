"""The resources, one module each."""

from __future__ import annotations

from service.api.routes import (
    audit,
    brands,
    channels,
    classify,
    compat,
    coverage,
    deliveries,
    hooks,
    imports,
    incidents,
    keys,
    lexicon,
    me,
    monitors,
    playbooks,
    posts,
    review,
    runs,
    series,
    source_runs,
    sources,
    timers,
    users,
)

ROUTERS = (
    posts.router,
    hooks.router,
    imports.router,
    series.router,
    classify.router,
    compat.router,
    review.router,
    incidents.router,
    runs.router,
    monitors.router,
    brands.router,
    sources.router,
    source_runs.router,
    coverage.router,
    channels.router,
    timers.router,
    deliveries.router,
    playbooks.router,
    lexicon.router,
    audit.router,
    users.router,
    keys.router,
    me.router,
)
"""In the order of the OpenAPI document."""

__all__ = ["ROUTERS"]
