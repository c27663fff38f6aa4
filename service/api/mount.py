"""The API put onto the application: middleware from the outside in, then the routes."""

from __future__ import annotations

from fastapi import FastAPI

from service.api import health, problems
from service.api.body import Bodies, JsonBodies
from service.api.classification import Classification
from service.api.compat.door import CompatDoor
from service.api.envelope import Envelope
from service.api.hooks import HookDoor, HookSeal
from service.api.idempotency import Idempotency
from service.api.identity import Identity
from service.api.lane import ClassifyLane
from service.api.openapi import document_of
from service.api.quota import Quota
from service.api.remembered import Remembered
from service.api.routes import ROUTERS
from service.bootstrap import Container


def mount_api(app: FastAPI, container: Container) -> None:
    """Add /v1, /healthz, /readyz, /metrics and the handling of errors."""
    app.state.container = container
    quota = Quota(container.settings.classify_per_minute, monotonic=container.clock.monotonic)
    app.state.classification = Classification(
        container.reader, quota=quota, judge=container.judgement
    )
    problems.install(app)
    remembered = Remembered(container.database, container.clock, container.keyring)
    # The last one added is the outermost.
    app.add_middleware(ClassifyLane)
    app.add_middleware(Idempotency, remembered=remembered)
    app.add_middleware(JsonBodies)
    app.add_middleware(HookSeal, container=container)
    app.add_middleware(Bodies, limit=container.settings.max_body_bytes)
    app.add_middleware(HookDoor, container=container)
    app.add_middleware(CompatDoor)
    app.add_middleware(Identity, container=container)
    app.add_middleware(Envelope, monotonic=container.clock.monotonic)
    app.include_router(health.router)
    for router in ROUTERS:
        app.include_router(router)
    app.openapi = document_of(app)  # type: ignore[method-assign]  # FastAPI's documented way
