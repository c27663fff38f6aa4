"""A worker that is made to be killed: lines on stdin fork lives that run every job, and bury them.

Imports and content are loaded once, before the first fork, so that a life starts in a fraction of
a second. `live WORKER` answers the life's process id, `bury LIFE` waits and answers how it ended.
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


async def live(worker: str) -> None:
    """Everything that `fengsui serve` runs beside HTTP, until killed."""
    settings = load_settings(os.environ | {"FENGSUI_WORKER_ID": worker})
    configure_logging(log_format=settings.log_format, level=settings.log_level)
    clock = SystemClock()
    container = await build(settings, clock=clock)
    jobs = (container.crawl, *container.line)
    poll = timedelta(milliseconds=int(os.environ.get("FENGSUI_TEST_POLL_MS", "20")))
    await Worker(jobs, clock, poll=poll).run()


def main() -> None:
    load_analyzer()
    load_library()
    for line in sys.stdin:
        order, named = line.split()
        if order == "bury":
            print(bury(int(named)), flush=True)  # noqa: T201 - the answer on the pipe
            continue
        life = os.fork()
        if life == 0:
            asyncio.run(live(named))
            os._exit(0)
        print(life, flush=True)  # noqa: T201


def bury(life: int) -> str:
    """How it ended."""
    _, status = os.waitpid(life, 0)
    return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "exit"


main()
