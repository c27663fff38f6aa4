"""Is the process alive, can it work, and what does it count."""

from __future__ import annotations

from ipaddress import ip_address

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from service.api.answer import Json
from service.api.deps import Service
from service.api.identity import identify
from service.coverage.canary import read_canary
from service.db import migrate
from service.errors import ServiceError
from service.incidents import format_instant
from service.ingest.gate import paused
from service.version import VERSION

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="The process answers")
async def healthz() -> Response:
    return Json({"status": "ok", "version": VERSION})


@router.get("/readyz", summary="State database, post store and their schemas are usable")
async def readyz(service: Service) -> Response:
    checks = {
        "state": await _state(service),
        "posts": await _posts(service),
    }
    ready = all(word == "ok" for word in checks.values())
    # Not a check: a line that stands still is not mended by sending requests elsewhere.
    canary = await _canary(service) if checks["state"] == "ok" else "unknown"
    ingest = await _ingest(service) if checks["state"] == "ok" else "unknown"
    return Json(
        {
            "status": "ready" if ready else "not_ready",
            "checks": checks,
            "canary": canary,
            "ingest": ingest,
        },
        status=200 if ready else 503,
        headers={} if ready else {"Retry-After": "5"},
    )


async def _state(service: Service) -> str:
    try:
        await migrate.check(service.database)
    except ServiceError as error:
        return error.code
    except (SQLAlchemyError, OSError):
        return "unavailable"
    return "ok"


async def _posts(service: Service) -> str:
    try:
        await service.store.check()
    except ServiceError as error:
        return error.code
    return "ok"


async def _ingest(service: Service) -> str:
    """`open`, or `paused` since when: posts are not stored, and crawling waits."""
    try:
        pause = await paused(service.database, now=service.clock.now())
    except (SQLAlchemyError, OSError):
        return "unknown"
    if pause is None:
        return "open"
    # No reason here: it may name addresses, and nobody has signed in.
    return f"paused since {format_instant(pause.since)}"


async def _canary(service: Service) -> str:
    """How the synthetic post fares that walks the whole line."""
    try:
        async with service.database.read() as connection:
            state = await read_canary(connection)
    except (SQLAlchemyError, OSError):
        return "unknown"
    return state.health(service.clock.now()).value


@router.get("/metrics", summary="Prometheus metrics, for this machine or with a key")
async def metrics(request: Request, service: Service) -> Response:
    if not _is_loopback(request):
        await identify(service, request.scope)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _is_loopback(request: Request) -> bool:
    """A proxy on this machine speaks for others, so a forwarded request is nobody's neighbour."""
    if request.client is None or "x-forwarded-for" in request.headers:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
