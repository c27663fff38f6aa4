"""The application: API and console on one server, jobs beside it, one orderly stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Sequence
from types import FrameType

import uvicorn
from fastapi import FastAPI

from service.api import Forgetting, mount_api
from service.bootstrap import Container
from service.console import mount_console
from service.jobs import Job
from service.version import VERSION
from service.worker import Worker


def create_app(container: Container, *, jobs: Sequence[Job] = ()) -> FastAPI:
    """The ASGI application; the jobs start and stop with it."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        worker = Worker(jobs, container.clock)
        running = asyncio.create_task(worker.run(), name="worker")
        try:
            yield
        finally:
            worker.stop()
            await running

    app = FastAPI(
        title="Fengsui", version=VERSION, lifespan=lifespan, docs_url=None, redoc_url=None
    )
    app.state.container = container
    mount_api(app, container)
    mount_console(app, container)
    return app


class _Server(uvicorn.Server):
    """Returns when it is told to stop; uvicorn's own raises the signal once more at the end, and
    the process would be gone before the databases are closed."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        del frame
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


async def serve_until_stopped(container: Container, *, with_jobs: bool = True) -> None:
    """Serve on the settings' address until SIGINT or SIGTERM."""
    forgetting = Forgetting(container.database)
    jobs = (
        (*container.line, *container.upkeep, *container.pulls, forgetting)
        if with_jobs
        else (container.lexicon.follower, container.learning.follower)
    )
    settings = container.settings
    server = _Server(
        uvicorn.Config(
            create_app(container, jobs=jobs),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=5,
        )
    )
    await server.serve()
