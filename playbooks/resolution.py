"""Cross references: what names what, whether it exists, and playbooks with ladders merged in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from playbooks.cycles import circular
from playbooks.document import Document, Path
from playbooks.errors import ContentProblem
from playbooks.library import Library
from playbooks.merging import PlacedStep, followed, merge_steps
from playbooks.mistakes import Mistake
from playbooks.schema import (
    EVERY_TIER,
    SCENARIOS,
    UNCLASSIFIED,
    Case,
    Content,
    EmotionMatrix,
    HolidayCalendar,
    Ladder,
    Office,
    Playbook,
    PlaybookFile,
    RiskTable,
    Rule,
    Scenario,
    Step,
    StepClock,
    StepOverlay,
    Template,
    TierTable,
)

M = TypeVar("M", bound=Content)

_UNKNOWN = {
    "scenarios": Mistake.UNKNOWN_SCENARIO,
    "rules": Mistake.UNKNOWN_RULE,
    "ladders": Mistake.UNKNOWN_LADDER,
    "playbooks": Mistake.UNKNOWN_PLAYBOOK,
    "templates": Mistake.UNKNOWN_TEMPLATE,
}


@dataclass(frozen=True, slots=True)
class Entry(Generic[M]):
    """A model and the document that it was read from."""

    model: M
    document: Document


@dataclass(slots=True)
class Shelves:
    """What the loader has read, by folder and file stem; `names` has the broken files as well."""

    tiers: Entry[TierTable] | None = None
    scenarios: dict[str, Entry[Scenario]] = field(default_factory=dict)
    rules: dict[str, Entry[Rule]] = field(default_factory=dict)
    ladders: dict[str, Entry[Ladder]] = field(default_factory=dict)
    playbooks: dict[str, Entry[PlaybookFile]] = field(default_factory=dict)
    templates: dict[str, Entry[Template]] = field(default_factory=dict)
    cases: dict[str, Entry[Case]] = field(default_factory=dict)
    calendars: dict[str, Entry[HolidayCalendar]] = field(default_factory=dict)
    responses: Entry[EmotionMatrix] | None = None
    risk: Entry[RiskTable] | None = None
    names: Mapping[str, Collection[str]] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    """What was read, by the name of its file inside the content."""


def resolve(shelves: Shelves, *, version: str) -> tuple[Library | None, list[ContentProblem]]:
    """Check every reference and merge the playbooks; None when there is no tier table."""
    if shelves.tiers is None:
        return None, []
    table = shelves.tiers.model
    resolution = _Resolution(shelves, table.ids)
    playbooks = {
        name: resolution.playbook(entry, table).with_version(version)
        for name, entry in shelves.playbooks.items()
    }
    for ladder in shelves.ladders.values():
        resolution.steps(ladder.model.steps, ladder.document)
    for scenario in shelves.scenarios.values():
        resolution.scenario(scenario)
    for rule in shelves.rules.values():
        resolution.rule(rule)
    for case in shelves.cases.values():
        resolution.case(case)
    library = Library(
        version=version,
        tiers=table,
        scenarios=_models(shelves.scenarios),
        rules=_models(shelves.rules),
        ladders=_models(shelves.ladders),
        playbooks=playbooks,
        templates=_models(shelves.templates),
        cases=_models(shelves.cases),
        calendars=_models(shelves.calendars),
        responses=None if shelves.responses is None else shelves.responses.model,
        risk=None if shelves.risk is None else shelves.risk.model,
    )
    return library, resolution.problems


def rule_problems(
    rule: Rule, document: Document, *, tiers: tuple[str, ...], rules: Collection[str]
) -> list[ContentProblem]:
    """What one rule names and neither the tier table nor the known rules have."""
    resolution = _Resolution(Shelves(names={"rules": rules}), tiers)
    resolution.rule(Entry(rule, document))
    return resolution.problems


def _models(shelf: Mapping[str, Entry[M]]) -> dict[str, M]:
    return {name: entry.model for name, entry in shelf.items()}


class _Resolution:
    """Walks the shelves once and collects problems."""

    def __init__(self, shelves: Shelves, tiers: tuple[str, ...]) -> None:
        self.problems: list[ContentProblem] = []
        self._shelves = shelves
        self._tiers = tiers

    def playbook(self, entry: Entry[PlaybookFile], table: TierTable) -> Playbook:
        written, document = entry.model, entry.document
        if written.scenario is not None:
            known = (*SCENARIOS, UNCLASSIFIED)
            code = Mistake.UNKNOWN_SCENARIO
            self._one_of(known, written.scenario, document, ("scenario",), code=code)
        for place, name in enumerate(written.ladders):
            self._exists("ladders", name, document, ("ladders", place))
        ladders = [
            (found.model, found.document)
            for name in written.ladders
            if (found := self._shelves.ladders.get(name)) is not None
        ]
        self.steps(written.steps, document)
        steps, problems = merge_steps(written, document, ladders=ladders)
        if len(ladders) == len(written.ladders):
            # with a ladder missing, whatever hangs on its steps would be reported as well
            self.problems += problems
            self._links(steps)
        made = Playbook(
            id=written.id,
            name=written.name,
            scenario=written.scenario,
            kind=written.kind,
            ladders=written.ladders,
            steps=tuple(followed(placed.step, table.follows) for placed in steps),
            tiers=self._tiers,
            version="",
        )
        office = self._office(steps, entry, table)
        # what has no office leaves none in the snapshots of its runs
        return made if office is None else made.model_copy(update={"office": office})

    def _office(
        self, steps: tuple[PlacedStep, ...], entry: Entry[PlaybookFile], table: TierTable
    ) -> Office | None:
        by_office = [placed for placed in steps if placed.step.clock is StepClock.BUSINESS]
        if not by_office:
            return None
        name = entry.model.calendar
        calendar = self._shelves.calendars.get(name)
        if calendar is None:
            if name not in self._shelves.names.get("calendars", ()):
                message = f"there is no calendars/{name}"
                code = Mistake.UNKNOWN_CALENDAR
                self.problems.append(by_office[0].problem("clock", message, code=code))
            return None
        return Office.of(calendar.model, tiers=table.office_tiers)

    def steps(self, steps: Iterable[Step | StepOverlay], document: Document) -> None:
        seen: set[str] = set()
        for place, step in enumerate(steps):
            path: Path = ("steps", place)
            if step.id in seen:
                message = f"step {step.id!r} stands here twice"
                code = Mistake.DUPLICATE_STEP
                self.problems.append(document.problem((*path, "id"), message, code=code))
            seen.add(step.id)
            for key in ("due", "do"):
                for tier in getattr(step, key) or ():
                    self._one_of((*self._tiers, EVERY_TIER), tier, document, (*path, key, tier))
            if step.template is not None:
                self._exists("templates", step.template, document, (*path, "template"))

    def scenario(self, entry: Entry[Scenario]) -> None:
        self._exists("playbooks", entry.model.playbook, entry.document, ("playbook",))
        for place, name in enumerate(entry.model.templates):
            self._exists("templates", name, entry.document, ("templates", place))

    def rule(self, entry: Entry[Rule]) -> None:
        self._one_of(self._tiers, entry.model.tier, entry.document, ("tier",))
        for place, name in enumerate(entry.model.inhibited_by):
            self._exists("rules", name, entry.document, ("inhibited_by", place))

    def case(self, entry: Entry[Case]) -> None:
        case, document = entry.model, entry.document
        for place, name in enumerate(case.expect.rules or ()):
            self._exists("rules", name, document, ("expect", "rules", place))
        if case.expect.tier is not None:
            self._one_of(self._tiers, case.expect.tier, document, ("expect", "tier"))
        if case.plan is not None:
            self._one_of(self._tiers, case.plan.tier, document, ("plan", "tier"))
            if case.plan.scenario is None:
                self._exists("playbooks", case.plan.kind, document, ("plan", "kind"))
            else:
                self._exists("scenarios", case.plan.scenario, document, ("plan", "scenario"))

    def _links(self, steps: tuple[PlacedStep, ...]) -> None:
        known = {placed.step.id for placed in steps}
        for placed in steps:
            anchor = placed.step.anchor_step
            if anchor is not None and anchor not in known:
                self._unlinked(placed, "anchor", anchor)
            for need in placed.step.needs:
                if need not in known:
                    self._unlinked(placed, "needs", need)
        by_id = {placed.step.id: placed for placed in steps}
        anchors = {
            name: tuple(filter(None, [placed.step.anchor_step])) for name, placed in by_id.items()
        }
        needs = {name: placed.step.needs for name, placed in by_id.items()}
        for key, graph, code in (
            ("anchor", anchors, Mistake.ANCHOR_CYCLE),
            ("needs", needs, Mistake.NEEDS_CYCLE),
        ):
            for name in circular(graph):
                message = f"step {name!r} waits for itself through its {key}"
                self.problems.append(by_id[name].problem(key, message, code=code))

    def _unlinked(self, placed: PlacedStep, key: str, name: str) -> None:
        message = f"playbook has no step {name!r}"
        self.problems.append(placed.problem(key, message, code=Mistake.UNKNOWN_STEP))

    def _exists(self, folder: str, name: str, document: Document, path: Path) -> None:
        if name not in self._shelves.names.get(folder, ()):
            message = f"there is no {folder}/{name}"
            self.problems.append(document.problem(path, message, code=_UNKNOWN[folder]))

    def _one_of(
        self,
        known: Iterable[str],
        name: str,
        document: Document,
        path: Path,
        *,
        code: Mistake = Mistake.UNKNOWN_TIER,
    ) -> None:
        known = tuple(known)
        if name not in known:
            message = f"{name!r} is none of {', '.join(known)}"
            self.problems.append(document.problem(path, message, code=code))
