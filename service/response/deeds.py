"""Deeds that a run announces to nobody, as the timeline tells them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playbooks import (
    DeadlineKind,
    DeadlinePassed,
    DelayAsked,
    DelayDecided,
    DelayRequest,
    Event,
    Run,
    StepReopened,
    StepResumed,
    StepSkipped,
)

Deed = tuple[str, str, Mapping[str, Any]]


def deed_of(event: Event, before: Run, after: Run) -> Deed | None:
    """Step, word and particulars of what somebody must answer for later: who said so, and why?"""
    if isinstance(event, StepSkipped | StepReopened):
        word = "skipped" if isinstance(event, StepSkipped) else "reopened"
        return event.step, word, {"note": after.step(event.step).note}
    if isinstance(event, DelayAsked):
        return event.step, "delay_asked", _asked(after.step(event.step).request)
    if isinstance(event, DelayDecided):
        word = "delay_granted" if event.granted else "delay_refused"
        asked = _asked(before.step(event.step).request)
        return event.step, word, {**asked, "note": event.note}
    if isinstance(event, StepResumed):
        return event.step, "resumed", {}
    if isinstance(event, DeadlinePassed) and event.kind is DeadlineKind.RESUME:
        return event.step, "resumed", {}
    return None


def _asked(request: DelayRequest | None) -> dict[str, Any]:
    if request is None:
        return {}
    return {
        "kind": request.kind.value,
        "lasting_s": request.lasting.total_seconds(),
        "reason": request.reason,
        "asked_by": request.by,
    }
