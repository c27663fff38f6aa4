"""Errors of timers.

ServiceError
└── UnknownTimerKind    a timer of a kind that this process has no handler for
"""

from __future__ import annotations

from service.errors import ServiceError


class UnknownTimerKind(ServiceError):
    """No handler takes timers of that kind; tried again, in case a newer worker knows it."""

    code = "unknown_timer_kind"
