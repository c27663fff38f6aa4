"""Findings over the steps of playbooks: who must do what by when, in every tier."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from playbooks.issues import Issue, error, warning
from playbooks.library import Library
from playbooks.mistakes import Mistake
from playbooks.planner import Anchors, plan
from playbooks.schema import Playbook, Role, Step, StepClock

_OPENING = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""A Monday at nine in Shanghai, when offices open: what is too late then is late on any day."""

_ELSEWHERE = re.compile(r"(?:^|(?<=[，。；：]))同[上前](?=[，。；]|并|述)|\b[Aa]s above\b")


def step_issues(library: Library) -> Iterator[Issue]:
    """Steps that some tier cannot do as they are written."""
    for name, playbook in library.playbooks.items():
        file = f"playbooks/{name}.yaml"
        for step in playbook.steps:
            yield from _text(step, playbook, file)
            yield from _deadline(step, playbook, file)
            yield from _links(step, playbook, file)
        yield from _late(playbook, file)


def _text(step: Step, playbook: Playbook, file: str) -> Iterator[Issue]:
    tiers = [tier for tier in playbook.tiers if step.in_tier(tier)]
    if step.done_on is None and any(step.instructions(tier) is None for tier in tiers):
        message = "it does not say what to do (`do`) in every tier"
        yield warning(file, Mistake.NO_INSTRUCTIONS, message, step=step.id, path=("do",))
    for tier, text in step.do.items():
        for language, words in (("zh", text.zh), ("en", text.en or "")):
            found = _ELSEWHERE.search(words)
            if found is not None:
                message = f"{found[0]!r} leads nowhere: only one text is shown, write it out"
                code = Mistake.INSTRUCTIONS_ELSEWHERE
                path = ("do", tier, language)
                yield error(file, code, message, step=step.id, path=path)


def _deadline(step: Step, playbook: Playbook, file: str) -> Iterator[Issue]:
    tiers = [tier for tier in playbook.tiers if step.in_tier(tier)]
    if not tiers:
        message = "no tier has it: its `due` is empty"
        yield warning(file, Mistake.STEP_WITHOUT_TIER, message, step=step.id, path=("due",))
    if step.done_on is None and any(step.offset(tier) is None for tier in tiers):
        message = "a step that people do has no deadline"
        yield warning(file, Mistake.NO_DEADLINE, message, step=step.id, path=("due",))
    if step.escalate_to is step.role and any(step.offset(tier) is not None for tier in tiers):
        also = " (the default)" if step.role is Role.EXECUTIVE else ""
        message = f"it escalates to its own role, {step.role.value}{also}"
        path = ("escalate_to",)
        yield warning(file, Mistake.ESCALATES_TO_ITSELF, message, step=step.id, path=path)
    office = {tier: playbook.in_office_hours(step, tier) for tier in tiers}
    if step.clock is StepClock.BUSINESS and not any(office.values()):
        message = "`clock: business` changes nothing: its tiers keep the wall clock"
        code = Mistake.OFFICE_HOURS_UNUSED
        yield warning(file, code, message, step=step.id, path=("clock",))
    for lower, higher in pairwise(playbook.tiers):
        if step.in_tier(lower) and not step.in_tier(higher):
            message = f"{higher} lacks it although {lower} has it: what is worse has no less to do"
            code = Mistake.STEP_MISSING_IN_TIER
            yield error(file, code, message, step=step.id, path=("due",))
    for lower, higher in pairwise(tiers):
        if office[lower] != office[higher]:
            continue  # an hour of the office is longer than an hour
        # a tier without a deadline is the longest of all
        first, second = (step.offset(tier) or timedelta.max for tier in (lower, higher))
        if first < second:
            message = f"{lower} has a shorter deadline than {higher}"
            code = Mistake.LOWER_TIER_SOONER
            yield warning(file, code, message, step=step.id, path=("due",))


def _links(step: Step, playbook: Playbook, file: str) -> Iterator[Issue]:
    by_id = playbook.by_id()
    for tier in playbook.tiers:
        if not step.in_tier(tier):
            continue
        anchor = step.anchor_step
        if anchor is not None and not by_id[anchor].in_tier(tier):
            message = f"in tier {tier} it has no anchor: {anchor} is not in that tier"
            code = Mistake.ANCHOR_NOT_IN_TIER
            yield error(file, code, message, step=step.id, path=("anchor",))
        for need in step.needs:
            if not by_id[need].in_tier(tier):
                message = f"in tier {tier} it needs {need}, which that tier lacks"
                code = Mistake.NEEDS_NOT_IN_TIER
                yield warning(file, code, message, step=step.id, path=("needs",))


def _late(playbook: Playbook, file: str) -> Iterator[Issue]:
    """Steps that are due before what they need is."""
    late: dict[tuple[str, str], list[str]] = {}
    for tier in playbook.tiers:
        anchors = Anchors.at_opening(tier=tier, opened=_OPENING)
        dues = {step.id: step.due_at for step in plan(playbook, anchors) if step.due_at is not None}
        for step in playbook.steps:
            for need in step.needs:
                if step.id in dues and need in dues and dues[step.id] < dues[need]:
                    late.setdefault((step.id, need), []).append(tier)
    for (name, need), tiers in late.items():
        message = f"in {', '.join(tiers)} it is due before {need}, which it needs"
        yield error(file, Mistake.NEEDS_TOO_LATE, message, step=name, path=("needs",))
