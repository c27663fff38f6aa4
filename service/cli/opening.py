"""How commands reach the service: settings of the environment, containers closed again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import click

from service.bootstrap import Container, build
from service.clock import Clock, SystemClock
from service.log import configure_logging
from service.settings import Settings, load_settings, unknown_variables

ResultT = TypeVar("ResultT")


def settings_of_environment() -> Settings:
    """The settings; unknown FENGSUI_ variables are named on stderr. Raises BadSettings."""
    settings = load_settings(os.environ)
    for name in unknown_variables(os.environ):
        click.echo(f"warning: {name} is not a setting of this version and is ignored", err=True)
    configure_logging(log_format=settings.log_format, level=settings.log_level)
    return settings


def run(
    work: Coroutine[Any, Any, ResultT],
    *,
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> ResultT:
    """Run one command's coroutine; an error out of a task group comes out as itself.

    `loop_factory` makes another event loop than that of the standard library.
    """
    try:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            return runner.run(work)
    except BaseExceptionGroup as group:
        raise _first(group) from group


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


@asynccontextmanager
async def opened(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Container]:
    """The service over the databases of the settings. Raises SchemaOutdated."""
    container = await build(settings, clock=clock or SystemClock())
    try:
        yield container
    finally:
        await container.close()
