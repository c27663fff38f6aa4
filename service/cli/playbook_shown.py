"""A planned playbook as lines for a terminal and as JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from playbooks import (
    Kind,
    Library,
    PlannedStep,
    Playbook,
    Scenario,
    Text,
    Tier,
    by_due,
    format_duration,
)

_NONE = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown: a plan and the scenario that it belongs to, if it is a crisis."""

    playbook: Playbook
    scenario: Scenario | None
    tier: Tier
    steps: tuple[PlannedStep, ...]
    opened: datetime
    first_post: datetime
    zone: tzinfo


def listed(library: Library) -> tuple[dict[str, Any], list[str]]:
    """Scenarios and kinds with their playbooks: as data, and as lines."""
    known = [
        (name, scenario.name, scenario.playbook) for name, scenario in library.scenarios.items()
    ]
    known += [
        (kind.value, library.playbook(kind).name, kind.value)
        for kind in Kind
        if kind is not Kind.CRISIS and kind.value in library.playbooks
    ]
    rows = [{"id": name, "name": _both(text), "playbook": book} for name, text, book in known]
    tiers = [{"id": tier.id, "name": _both(tier.name)} for tier in library.tiers.tiers]
    lines = [f"{name:<24} {_padded(text.zh, 24)} {text.en}" for name, text, _ in known]
    lines.append(f"tiers: {', '.join(library.tiers.ids)}")
    return {"scenarios": rows, "tiers": tiers}, lines


def plan_lines(shown: Shown, *, brief: bool = False) -> Iterator[str]:
    """A line a step, the first due first, what to do below it, and what surrounds the plan."""
    name = shown.playbook.name
    yield f"{shown.playbook.id} · {shown.tier.id} · {name.zh} / {name.en} · {shown.tier.name.zh}"
    early = _offset(shown.first_post - shown.opened)
    yield (
        f"opened {shown.opened.astimezone(shown.zone):%Y-%m-%d %H:%M} {shown.zone}, "
        f"first post {shown.first_post.astimezone(shown.zone):%Y-%m-%d %H:%M} ({early})"
    )
    if not brief and shown.scenario is not None:
        yield from _borders(shown.scenario)
    yield ""
    yield (
        f"{'opening':>9} {'1st post':>9}  {'due':<11}  {'warn':<11}  {'escalate':<11}  "
        f"{'who → then':<21}  {'step':<24} "
    ).rstrip()
    for step in by_due(shown.steps):
        yield _line(step, shown)
        if not brief:
            yield from _details(step, shown)
    if not brief and shown.scenario is not None:
        yield from _around(shown.scenario)


def plan_data(shown: Shown) -> dict[str, Any]:
    """The same with instants in UTC and durations in seconds."""
    return {
        "playbook": shown.playbook.id,
        "scenario": None if shown.scenario is None else shown.scenario.id,
        "kind": shown.playbook.kind.value,
        "tier": shown.tier.id,
        "opened_at": _instant(shown.opened),
        "first_post_at": _instant(shown.first_post),
        "version": shown.playbook.version,
        "steps": [_step_data(step, shown) for step in shown.steps],
        "surroundings": None
        if shown.scenario is None
        else shown.scenario.model_dump(mode="json", by_alias=True),
    }


def _line(step: PlannedStep, shown: Shown) -> str:
    after = before = due = warn = escalate = _NONE
    if step.due_at is not None:
        after, before = _offset(step.due_at - shown.opened), _offset(step.due_at - shown.first_post)
        due = _local(step.due_at, shown)
    if step.warn_at is not None:
        warn = _local(step.warn_at, shown)
    if step.escalate_at is not None:
        escalate = _local(step.escalate_at, shown)
    who = step.step.role.value
    if step.due_at is not None:
        who += f" → {step.step.escalate_to.value}"
    return (
        f"{after:>9} {before:>9}  {due:<11}  {warn:<11}  {escalate:<11}  {who:<21}  "
        f"{step.id:<24} {step.step.title.zh} / {step.step.title.en}"
    )


def _details(step: PlannedStep, shown: Shown) -> Iterator[str]:
    what = step.step
    marks = [f"from {what.anchor}"]
    if shown.playbook.in_office_hours(what, shown.tier.id) is not None:
        marks.append("office hours")
    if what.done_on is not None:
        marks.append(f"done by {what.done_on.value}")
    if what.needs:
        marks.append(f"needs {', '.join(what.needs)}")
    if not what.mandatory:
        marks.append("may be skipped")
    if what.template is not None:
        marks.append(f"template {what.template}")
    if step.unknown_years:
        years = ", ".join(map(str, step.unknown_years))
        marks.append(f"public holidays of {years} are not known")
    yield f"{'':>21}{' · '.join(marks)}"
    if step.instructions is not None:
        yield f"{'':>21}{step.instructions.zh}"


def _borders(scenario: Scenario) -> Iterator[str]:
    yield f"怎么识别 {scenario.recognise.zh}"
    for taken in scenario.takes:
        yield f"也归这里 {taken.zh}"
    for other in scenario.not_this:
        yield f"不归这里 {other.zh} → {other.goes_to}"


def _around(scenario: Scenario) -> Iterator[str]:
    if scenario.notices:
        yield "\n报告与通知 notices"
        for notice in scenario.notices:
            within = _NONE if notice.within is None else format_duration(notice.within)
            yield f"  {within:>6}  {notice.authority.zh}：{notice.when.zh}"
    if scenario.checks:
        yield "\n发布前逐条核对 checks before anything is published"
        yield from (f"  [ ] {check.zh}" for check in scenario.checks)
    if scenario.never_say:
        yield "\n绝不能说 never say"
        yield from (f"  “{banned.zh}”：{banned.why.zh}" for banned in scenario.never_say)
    if scenario.monitor_afterwards:
        yield "\n事后盯什么 what to watch afterwards"
        for item in scenario.monitor_afterwards:
            yield f"  {format_duration(item.for_):>6}  {item.zh}"


def _step_data(step: PlannedStep, shown: Shown) -> dict[str, Any]:
    what = step.step
    office = shown.playbook.in_office_hours(what, shown.tier.id)
    return {
        "id": step.id,
        "title": _both(what.title),
        "do": None if step.instructions is None else _both(step.instructions),
        "role": what.role.value,
        "escalate_to": what.escalate_to.value,
        "anchor": what.anchor,
        "clock": "wall" if office is None else "business",
        "allowed_s": _seconds(step.offset),
        "due_at": _instant(step.due_at),
        "warn_at": _instant(step.warn_at),
        "escalate_at": _instant(step.escalate_at),
        "after_opening_s": _seconds(None if step.due_at is None else step.due_at - shown.opened),
        "after_first_post_s": _seconds(
            None if step.due_at is None else step.due_at - shown.first_post
        ),
        "mandatory": what.mandatory,
        "done_on": None if what.done_on is None else what.done_on.value,
        "needs": list(what.needs),
        "template": what.template,
        "unknown_years": list(step.unknown_years),
    }


def _both(text: Text) -> dict[str, str | None]:
    return {"zh": text.zh, "en": text.en}


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat().replace("+00:00", "Z")


def _seconds(duration: timedelta | None) -> int | None:
    return None if duration is None else int(duration.total_seconds())


def _local(instant: datetime, shown: Shown) -> str:
    return f"{instant.astimezone(shown.zone):%m-%d %H:%M}"


def _offset(duration: timedelta) -> str:
    if not duration:
        return "+0"
    sign = "−" if duration < timedelta(0) else "+"
    return f"{sign}{format_duration(abs(duration))}"


def _padded(text: str, width: int) -> str:
    """Filled up to that many columns; a Chinese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(char) in "FW" else 1 for char in text)
    return text + " " * max(0, width - taken)
