"""What is allowed and probably a mistake: findings over a library that loads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from playbooks.content_files import RISK_FILE, TIERS_FILE
from playbooks.document import Path
from playbooks.issues import Issue, warning
from playbooks.library import Library
from playbooks.mistakes import Mistake
from playbooks.response_lint import response_issues
from playbooks.rule_lint import coverage_issues, rule_issues
from playbooks.scenario_lint import scenario_issues, template_issues, unused_issues
from playbooks.schema import Content, Text
from playbooks.step_lint import step_issues

_STEPS = ("tiers.yaml", "ladders", "playbooks", "calendars")


def lint(library: Library, *, broken: Iterable[str] = ()) -> tuple[Issue, ...]:
    """Every finding, sorted by place; errors are content that cannot work as it is meant.

    `broken` are folders (and `tiers.yaml`) with files that could not be read: what would be said
    of others only for want of those is left out.
    """
    broken = set(broken)
    found: set[Issue] = set()
    for part, folders in _PARTS:
        if broken.isdisjoint(folders):
            found.update(part(library))
    return tuple(sorted(found))


def _texts(library: Library) -> Iterator[Issue]:
    """Names and titles without an English text; the rest may be Chinese alone."""
    shelves: tuple[tuple[str, dict[str, Content]], ...] = (
        ("scenarios", dict(library.scenarios)),
        ("rules", dict(library.rules)),
        ("ladders", dict(library.ladders)),
        ("playbooks", dict(library.playbooks)),
    )
    yield from _untranslated(library.tiers, TIERS_FILE)
    for place, part in enumerate(library.risk.parts if library.risk else ()):
        yield from _untranslated(part, RISK_FILE, path=("parts", place))
    for folder, shelf in shelves:
        for name, content in shelf.items():
            yield from _untranslated(content, f"{folder}/{name}.yaml")


def _untranslated(
    content: Content, file: str, *, step: str = "", path: Path = ()
) -> Iterator[Issue]:
    for key in ("name", "title"):
        text = getattr(content, key, None)
        if isinstance(text, Text) and text.en is None:
            message = f"{key} {text.zh!r} has no English text (`en`)"
            yield warning(file, Mistake.NO_ENGLISH, message, step=step, path=(*path, key))
    for place, tier in enumerate(getattr(content, "tiers", ())):
        if isinstance(tier, Content):
            yield from _untranslated(tier, file, path=("tiers", place))
    for place, part in enumerate(getattr(content, "steps", ())):
        if file.startswith("playbooks/"):
            yield from _untranslated(part, file, step=part.id)
        else:
            yield from _untranslated(part, file, path=("steps", place))


_PARTS: tuple[tuple[Callable[[Library], Iterator[Issue]], tuple[str, ...]], ...] = (
    (rule_issues, ()),
    (coverage_issues, ("rules", "cases")),
    (step_issues, _STEPS),
    (scenario_issues, ("scenarios", "playbooks", "templates")),
    (template_issues, ()),
    (response_issues, ("tiers.yaml",)),
    (unused_issues, ("scenarios", "playbooks", "ladders", "templates")),
    (_texts, _STEPS),
)
"""Each part, and the folders which it cannot do without."""
