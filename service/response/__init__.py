"""Playbooks at work: runs, steps, deadlines."""

from __future__ import annotations

from service.response.desk import ResponseDesk, RunFile
from service.response.effects import Effects, timer_kind
from service.response.repository import StepRow, StoredRun
from service.response.service import Responses

__all__ = [
    "Effects",
    "ResponseDesk",
    "Responses",
    "RunFile",
    "StepRow",
    "StoredRun",
    "timer_kind",
]
