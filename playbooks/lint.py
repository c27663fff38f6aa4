"""What is allowed and probably a mistake: findings over a library that loads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise

from playbooks.content_files import TIERS_FILE
from playbooks.library import Library
from playbooks.reachability import contradictions
from playbooks.schema import Content, Playbook, Role, Step, Text
from playbooks.templates import used_variables


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Issue:
    """One finding. `place` is the file, and the step in it where there is one."""

    place: str
    severity: Severity
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.severity.value}: {self.message}"


def lint(library: Library) -> tuple[Issue, ...]:
    """Every finding, sorted by place; errors are content that cannot work as it is meant."""
    found: set[Issue] = set()
    for part in (_rules, _playbooks, _unused, _scenarios, _templates, _texts):
        found.update(part(library))
    return tuple(sorted(found))


def _rules(library: Library) -> Iterator[Issue]:
    covered = {name for case in library.cases.values() for name in case.expect.rules or ()}
    for name, rule in library.rules.items():
        place = f"rules/{name}.yaml"
        for contradiction in contradictions(rule.when):
            yield _error(place, f"can never match: {contradiction}")
        if name not in covered:
            yield _warning(place, "no case expects it to match")
        if name in rule.inhibited_by:
            yield _error(place, "it is inhibited by itself and can never match")


def _playbooks(library: Library) -> Iterator[Issue]:
    for name, playbook in library.playbooks.items():
        for step in playbook.steps:
            place = f"playbooks/{name}.yaml step {step.id}"
            yield from _step(step, playbook, place)
            yield from _links(step, playbook, place)


def _step(step: Step, playbook: Playbook, place: str) -> Iterator[Issue]:
    tiers = [tier for tier in playbook.tiers if step.in_tier(tier)]
    if not tiers:
        yield _warning(place, "no tier has it: its `due` is empty")
    if step.done_on is None:
        if any(step.offset(tier) is None for tier in tiers):
            yield _warning(place, "a step that people do has no deadline")
        if any(step.instructions(tier) is None for tier in tiers):
            yield _warning(place, "it does not say what to do (`do`) in every tier")
    if step.escalate_to is step.role and any(step.offset(tier) is not None for tier in tiers):
        also = " (the default)" if step.role is Role.EXECUTIVE else ""
        yield _warning(place, f"it escalates to its own role, {step.role.value}{also}")
    for lower, higher in pairwise(tiers):
        # a tier without a deadline is the longest of all
        first, second = (step.offset(tier) or timedelta.max for tier in (lower, higher))
        if first < second:
            yield _warning(place, f"{lower} has a shorter deadline than {higher}")


def _links(step: Step, playbook: Playbook, place: str) -> Iterator[Issue]:
    by_id = playbook.by_id()
    for tier in playbook.tiers:
        if not step.in_tier(tier):
            continue
        anchor = step.anchor_step
        if anchor is not None and not by_id[anchor].in_tier(tier):
            yield _error(place, f"in tier {tier} it has no anchor: {anchor} is not in that tier")
        for need in step.needs:
            if not by_id[need].in_tier(tier):
                yield _warning(place, f"in tier {tier} it needs {need}, which that tier lacks")


def _unused(library: Library) -> Iterator[Issue]:
    steps = [step for playbook in library.playbooks.values() for step in playbook.steps]
    templates = {step.template for step in steps}
    for scenario in library.scenarios.values():
        templates.update(scenario.templates)
    for name in library.templates:
        if name not in templates:
            yield _warning(f"templates/{name}.md", "no scenario and no step names it")
    ladders = {name for playbook in library.playbooks.values() for name in playbook.ladders}
    for name in library.ladders:
        if name not in ladders:
            yield _warning(f"ladders/{name}.yaml", "no playbook takes it")


def _scenarios(library: Library) -> Iterator[Issue]:
    for name, scenario in library.scenarios.items():
        place = f"scenarios/{name}.yaml"
        target = library.playbook(scenario.playbook).scenario
        if target is not None and target != name:
            message = f"its playbook {scenario.playbook} is written for scenario {target}"
            yield _warning(place, message)
        for banned in scenario.never_say:
            for template in scenario.templates:
                if banned.zh in library.template(template).body:
                    yield _error(place, f"template {template} says what must never be said")


def _templates(library: Library) -> Iterator[Issue]:
    for name, template in library.templates.items():
        for variable in sorted(set(template.variables) - used_variables(template)):
            yield _warning(f"templates/{name}.md", f"variable {variable} is never used")


def _texts(library: Library) -> Iterator[Issue]:
    shelves: tuple[tuple[str, dict[str, Content]], ...] = (
        ("scenarios", dict(library.scenarios)),
        ("rules", dict(library.rules)),
        ("ladders", dict(library.ladders)),
        ("playbooks", dict(library.playbooks)),
    )
    yield from _untranslated(library.tiers, TIERS_FILE)
    for folder, shelf in shelves:
        for name, content in shelf.items():
            yield from _untranslated(content, f"{folder}/{name}.yaml")


def _untranslated(content: Content, place: str) -> Iterator[Issue]:
    """Names and titles without an English text; the rest may be Chinese alone."""
    for key in ("name", "title"):
        text = getattr(content, key, None)
        if isinstance(text, Text) and text.en is None:
            yield _warning(place, f"{key} {text.zh!r} has no English text (`en`)")
    for key in ("tiers", "steps"):
        for part in getattr(content, key, ()):
            if isinstance(part, Content):
                yield from _untranslated(part, place)


def _error(place: str, message: str) -> Issue:
    return Issue(place=place, severity=Severity.ERROR, message=message)


def _warning(place: str, message: str) -> Issue:
    return Issue(place=place, severity=Severity.WARNING, message=message)
