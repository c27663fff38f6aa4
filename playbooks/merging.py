"""Ladders and a playbook's own steps, laid over each other by step id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from playbooks.document import Document, Path
from playbooks.errors import ContentProblem
from playbooks.mistakes import Mistake
from playbooks.schema import Ladder, PlaybookFile, Step, StepOverlay


@dataclass(frozen=True, slots=True)
class PlacedStep:
    """A merged step and the places that wrote it, the last word first."""

    step: Step
    places: tuple[tuple[Document, Path], ...]

    def problem(self, key: str, message: str, *, code: Mistake) -> ContentProblem:
        """A problem at the last place that wrote this key, or else that wrote the step."""
        wrote = [place for place in self.places if (*place[1], key) in place[0].values]
        document, path = (wrote or self.places)[0]
        return document.problem((*path, key), message, code=code)


def merge_steps(
    written: PlaybookFile, document: Document, *, ladders: Sequence[tuple[Ladder, Document]]
) -> tuple[tuple[PlacedStep, ...], list[ContentProblem]]:
    """Steps in the order of the ladders, then those that only the playbook has.

    A later ladder is laid over an earlier one as the playbook is over both.
    """
    merged: dict[str, PlacedStep] = {}
    problems: list[ContentProblem] = []
    for ladder, source in ladders:
        for place, step in enumerate(ladder.steps):
            _lay(merged, step, (source, ("steps", place)), problems)
    for place, overlay in enumerate(written.steps):
        _lay(merged, overlay, (document, ("steps", place)), problems)
    return tuple(merged.values()), problems


def _lay(
    merged: dict[str, PlacedStep],
    layer: Step | StepOverlay,
    place: tuple[Document, Path],
    problems: list[ContentProblem],
) -> None:
    document, path = place
    below = merged.get(layer.id)
    try:
        if below is None:
            named = {key: getattr(layer, key) for key in layer.model_fields_set}
            merged[layer.id] = PlacedStep(Step.model_validate(named), (place,))
        else:
            merged[layer.id] = PlacedStep(below.step.overlaid(layer), (place, *below.places))
    except ValidationError as error:
        for item in error.errors():
            name = str(item["loc"][0])
            message = (
                f"`{name}` is missing: no ladder of this playbook has a step {layer.id!r}"
                if item["type"] == "missing"
                else f"`{name}` cannot be empty: leave it out"
            )
            code = Mistake.MISSING_KEY if item["type"] == "missing" else Mistake.BAD_VALUE
            problems.append(document.problem((*path, name), message, code=code))


def followed(step: Step, follows: Mapping[str, str]) -> Step:
    """The step with the times and texts that tiers take from the tier which they follow."""
    due, do = dict(step.due), dict(step.do)
    for tier, other in follows.items():
        if tier not in due and other in due:
            due[tier] = due[other]
        if tier not in do and other in do:
            do[tier] = do[other]
    if due == step.due and do == step.do:
        return step
    own = {key: getattr(step, key) for key in step.model_fields_set}
    return Step.model_validate(own | {"due": due, "do": do})
