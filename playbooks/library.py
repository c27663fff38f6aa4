"""The content, read and resolved: frozen, with every reference known to lead somewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from playbooks.errors import UnknownContent
from playbooks.schema import (
    UNCLASSIFIED,
    Case,
    EmotionMatrix,
    HolidayCalendar,
    Kind,
    Ladder,
    Playbook,
    RiskTable,
    Rule,
    Scenario,
    Template,
    TierTable,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Everything by id. `version` is a hash of the files, whatever folder they were read from."""

    version: str
    tiers: TierTable
    scenarios: Mapping[str, Scenario]
    rules: Mapping[str, Rule]
    ladders: Mapping[str, Ladder]
    playbooks: Mapping[str, Playbook]
    templates: Mapping[str, Template]
    cases: Mapping[str, Case]
    calendars: Mapping[str, HolidayCalendar] = field(default_factory=dict)
    responses: EmotionMatrix | None = None
    """How to answer what people feel; a folder of content need not have it."""
    risk: RiskTable | None = None
    """What the risk score is made of; a folder of content need not have it."""

    def playbook(self, name: str) -> Playbook:
        """The playbook of that id; raises UnknownContent."""
        found = self.playbooks.get(name)
        if found is None:
            raise UnknownContent("playbook", name, known=self.playbooks)
        return found

    def template(self, name: str) -> Template:
        """The statement template of that id; raises UnknownContent."""
        found = self.templates.get(name)
        if found is None:
            raise UnknownContent("template", name, known=self.templates)
        return found

    def playbook_for(self, scenario: str | None, kind: str = Kind.CRISIS) -> Playbook:
        """The playbook that an incident of this scenario and kind runs.

        A crisis whose scenario is None, `unclassified` or not in the content takes the playbook
        `unclassified`; other kinds have playbooks of their own name. Raises UnknownContent when
        the content lacks that one too.
        """
        if kind != Kind.CRISIS:
            return self.playbook(kind)
        known = self.scenarios.get(scenario or UNCLASSIFIED)
        return self.playbook(known.playbook if known else UNCLASSIFIED)
