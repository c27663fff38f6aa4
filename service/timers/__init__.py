"""Durable deadlines: set where they become known, fired once, watched by an auditor."""

from __future__ import annotations

from service.timers.auditor import DeadlineAuditor
from service.timers.engine import LANES, TimerEngine
from service.timers.model import (
    FiredTimer,
    Stale,
    Timer,
    TimerHandler,
    TimerOutcome,
    TimerSpec,
    TimerState,
    timer_id,
)
from service.timers.repository import Timers

__all__ = [
    "LANES",
    "DeadlineAuditor",
    "FiredTimer",
    "Stale",
    "Timer",
    "TimerEngine",
    "TimerHandler",
    "TimerOutcome",
    "TimerSpec",
    "TimerState",
    "Timers",
    "timer_id",
]
