"""Findings over scenarios and their statement templates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playbooks.issues import Issue, error, warning
from playbooks.library import Library
from playbooks.mistakes import Mistake
from playbooks.schema import Scenario
from playbooks.templates import used_variables

_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMBER = r"[0-9一二两三四五六七八九十百]+"
_PERIOD = re.compile(rf"{_NUMBER} ?(?:分钟|个?小时|个?工作日|日|天|个月)(?:之?内|以内)")
_INTERNAL = re.compile(r"（内部[^（）]*）")


def scenario_issues(library: Library) -> Iterator[Issue]:
    """What a scenario takes, sends on, cites and forbids, against the others and its templates."""
    takers: dict[str, str] = {}
    for name, scenario in library.scenarios.items():
        file = f"scenarios/{name}.yaml"
        for place, taken in enumerate(scenario.takes):
            taker = takers.setdefault(taken.matter, name)
            if taker != name:
                message = f"it takes {taken.matter}, which {taker} takes already"
                yield error(file, Mistake.TAKEN_TWICE, message, path=("takes", place, "matter"))
        for place, other in enumerate(scenario.not_this):
            if other.goes_to == name:
                message = "what is not this scenario goes to itself (`not_this`)"
                path = ("not_this", place, "goes_to")
                yield error(file, Mistake.GOES_TO_ITSELF, message, path=path)
        target = library.playbook(scenario.playbook).scenario
        if target is not None and target != name:
            message = f"its playbook {scenario.playbook} is written for scenario {target}"
            yield warning(file, Mistake.FOREIGN_PLAYBOOK, message, path=("playbook",))
        yield from _notices(scenario, file)
        for place, banned in enumerate(scenario.never_say):
            for template in scenario.templates:
                if banned.zh in library.template(template).body:
                    message = f"template {template} says what must never be said"
                    code = Mistake.SAYS_WHAT_IS_BANNED
                    yield error(file, code, message, path=("never_say", place))


def template_issues(library: Library) -> Iterator[Issue]:
    """Drafts that ask for what they do not use, or are not in the language that they name."""
    for name, template in library.templates.items():
        file = f"templates/{name}.md"
        for variable in sorted(set(template.variables) - used_variables(template)):
            message = f"variable {variable} is never used"
            path = ("variables", variable)
            yield warning(file, Mistake.UNUSED_VARIABLE, message, path=path)
        if template.lang == "zh" and not _HAN.search(template.body):
            message = "`lang: zh`, and there is no Chinese in its text"
            yield error(file, Mistake.TEMPLATE_NOT_CHINESE, message, path=("lang",))


def unused_issues(library: Library) -> Iterator[Issue]:
    """Templates and ladders that nothing names."""
    steps = [step for playbook in library.playbooks.values() for step in playbook.steps]
    templates = {step.template for step in steps}
    for scenario in library.scenarios.values():
        templates.update(scenario.templates)
    for name in library.templates:
        if name not in templates:
            message = "no scenario and no step names it"
            yield warning(f"templates/{name}.md", Mistake.UNUSED_TEMPLATE, message, path=("id",))
    ladders = {name for playbook in library.playbooks.values() for name in playbook.ladders}
    for name in library.ladders:
        if name not in ladders:
            message = "no playbook takes it"
            yield warning(f"ladders/{name}.yaml", Mistake.UNUSED_LADDER, message, path=("id",))


def _notices(scenario: Scenario, file: str) -> Iterator[Issue]:
    """Notices whose words name a period that no clock counts; periods of our own are no law's."""
    for place, notice in enumerate(scenario.notices):
        found = _PERIOD.search(_INTERNAL.sub("", notice.when.zh))
        if notice.within is None and found is not None:
            message = f"its words name a period, {found[0]}: give it to the clock as `within`"
            path = ("notices", place, "when")
            yield error(file, Mistake.NOTICE_WITHOUT_CLOCK, message, path=path)
