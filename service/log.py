"""Logging: events with key-value pairs, for people on a console or as JSON for machines.

Crawled text is hostile: whatever reaches a log is stripped of line breaks and escape sequences, so
that a post cannot write a log line of its own. Secrets and authors' handles are dropped by key.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from service.settings import LogFormat, LogLevel

HIDDEN = "***"
LONGEST = 2_000

_PRIVATE = re.compile(
    r"passw|secret|token|credential|api_?key|authorization|cookie"
    r"|^(handle|author_name|author_id|screen_name|nick_?name|phone|mobile|email|id_card)$",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_USERINFO = re.compile(r"(\w[\w+.-]*://)[^/\s:@]*:[^/\s@]*@")


def configure_logging(
    *, log_format: LogFormat, level: LogLevel, stream: TextIO | None = None
) -> None:
    """Set logging up for the whole process, that of libraries included; writes to stderr."""
    output = sys.stderr if stream is None else stream
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if log_format is LogFormat.JSON
        else structlog.dev.ConsoleRenderer(
            colors=output.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    handler = logging.StreamHandler(output)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.StackInfoRenderer(),
                structlog.processors.format_exc_info,
                clean,
                last,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.value.upper())
    for noisy in (
        "httpx",
        "httpcore",
        "aiosqlite",
        "asyncio",
        "uvicorn.access",
        "alembic",
        "gensim",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def clean(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Hide private values and escape control characters, at any depth.

    A traceback keeps its lines: it is indented as one block and what it quotes is escaped.
    """
    trace = event.pop("exception", None)
    cleaned: MutableMapping[str, Any] = {
        _escape(str(key)): _clean(str(key), value) for key, value in event.items()
    }
    if trace is not None:
        lines = (_escape(line) for line in str(trace).splitlines())
        cleaned["exception"] = "\n".join(f"  {line}" for line in lines)
    return cleaned


def _clean(key: str, value: Any) -> Any:
    if _PRIVATE.search(key):
        return HIDDEN
    if isinstance(value, Mapping):
        return {_escape(str(name)): _clean(str(name), item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean("", item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _escape(str(value))


def _escape(text: str) -> str:
    """On one line, of bounded length, without the password of an address."""
    cut = text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text)} characters)"
    hidden = _USERINFO.sub(rf"\1{HIDDEN}@", cut)
    return _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", hidden)
