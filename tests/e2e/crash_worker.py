"""A worker that is made to be killed: each line on stdin forks a life that runs every job.

Imports and content are loaded once, before the first fork, so that a life starts in a fraction of
a second. Answers the life's process id at once and how it ended later, one line each.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import timedelta

from nlp import load_analyzer
from playbooks import load_library
from service.bootstrap import build
from service.clock import SystemClock
from service.log import configure_logging
from service.settings import load_settings
from service.worker import Worker


async def live() -> None:
    """Everything that `fengsui serve` runs beside HTTP, until killed."""
    settings = load_settings(os.environ)
    configure_logging(log_format=settings.log_format, level=settings.log_level)
    clock = SystemClock()
    container = await build(settings, clock=clock)
    jobs = (container.crawl, *container.line)
    await Worker(jobs, clock, poll=timedelta(milliseconds=20)).run()


def main() -> None:
    load_analyzer()
    load_library()
    for _ in sys.stdin:
        life = os.fork()
        if life == 0:
            asyncio.run(live())
            os._exit(0)
        print(life, flush=True)  # noqa: T201 - the answer on the pipe
        _, status = os.waitpid(life, 0)
        killed = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "exit"
        print(killed, flush=True)  # noqa: T201


main()
