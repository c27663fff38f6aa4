"""Policy files → policies, with every mistake of all files in one go."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from nlp import TableIssue
from nlp.patterns.document import Document, Place, read_document
from service.errors import InvalidInput
from service.moderation.policies.compiling import compiled
from service.moderation.policies.errors import BadPolicies
from service.moderation.policies.model import Policy
from service.moderation.policies.schema import PolicyFile

DEFAULT = "default"
_NEVER_SILENCED = "self_harm is never blocked or held: a person has to reach the author"
_SILENCING: tuple[tuple[tuple[str, ...], Callable[[Any], bool]], ...] = (
    (("categories", "self_harm", "block"), lambda value: value != "never"),
    (("patterns", "self_harm", "suggestion"), lambda value: value == "block"),
    (("model", "review_only"), lambda value: "self_harm" not in value),
    (("holds", "patterns"), lambda value: "self_harm" in value),
    (("holds", "categories"), lambda value: "self_harm" in value),
)


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies that callers may name."""

    by_name: Mapping[str, Policy]

    def named(self, name: str | None) -> Policy:
        """The policy of a name; None is the default. Raises InvalidInput naming those known."""
        found = self.by_name.get(DEFAULT if name is None else name)
        if found is None:
            known = ", ".join(sorted(self.by_name))
            raise InvalidInput(
                f"policy: {str(name)[:64]!r} is not known; known: {known}",
                errors=[("policy", f"not known; known: {known}")],
            )
        return found


def load_policies(folder: Path | None = None) -> Policies:
    """The policy that ships, and those of *.yaml in `folder`.

    A file named `default` in the folder takes the place of the one that ships. Raises BadPolicies
    with every mistake, and OSError when the folder cannot be read.
    """
    files: list[tuple[str, bytes]] = []
    if folder is not None:
        if not folder.is_dir():
            message = "this is no folder; FENGSUI_POLICIES_DIR names one with *.yaml files"
            raise BadPolicies([TableIssue(str(folder), 0, message)])
        paths = sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".yml"})
        files = [(str(path), path.read_bytes()) for path in paths]
    return read_policies(files)


@cache
def default_policy() -> Policy:
    """The policy that ships."""
    return read_policies(()).named(DEFAULT)


def read_policies(files: Iterable[tuple[str, bytes]]) -> Policies:
    """The policies of (file name, content) pairs over the shipped default.

    Raises BadPolicies with every mistake.
    """
    shipped = read_document(_shipped(), file="default.yaml")
    found: dict[str, Policy] = {}
    issues: list[TableIssue] = list(shipped.issues)
    _add(found, issues, shipped, data=shipped.data)
    own: dict[str, str] = {}
    for file, content in files:
        document = read_document(content, file=file)
        if not document.issues and not isinstance(document.data, dict):
            document.issue((), "a policy is a mapping: `name: …`, `categories: …`")
        elif not document.issues and "name" not in document.data:
            document.issue((), "`name` is missing: it is what callers write in `policy`")
        issues += document.issues
        if document.issues:
            continue
        name = str(document.data["name"])
        if name in own:
            document.issue(("name",), f"{own[name]} is called {name!r} too; rename one of them")
            issues += document.issues
            continue
        own[name] = file
        _add(found, issues, document, data=_merged(shipped.data, document.data))
    if issues:
        raise BadPolicies(issues)
    return Policies(found)


def _add(
    found: dict[str, Policy], issues: list[TableIssue], document: Document, *, data: Any
) -> None:
    """The policy of a completed document, or the mistakes in it."""
    before = len(document.issues)
    _never_silences(data, document)
    try:
        spec = PolicyFile.model_validate(data)
    except ValidationError as error:
        told: set[Place] = set()
        for item in error.errors(include_input=False, include_url=False):
            place = _within(data, item["loc"])
            # Of a union that fits nowhere each branch complains: once is enough.
            if place not in told:
                told.add(place)
                message = item["msg"].removeprefix("Value error, ")
                document.issue(place, ": ".join((".".join(map(str, place)), message)))
    else:
        if len(document.issues) == before:
            digest = hashlib.sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest()
            found[spec.name] = compiled(spec, version=f"{spec.name}@{digest[:12]}")
    issues += sorted(document.issues[before:], key=lambda issue: issue.line)


def _within(data: Any, place: Sequence[str | int]) -> Place:
    """The part of a place that is in the file or is missing from it: no names of the schema's."""
    walked: Place = ()
    for part in place:
        if part == "[key]":
            break
        if isinstance(data, dict):
            walked, data = (*walked, part), data.get(part)
        elif isinstance(data, list) and isinstance(part, int):
            walked, data = (*walked, part), data[part]
    return walked


def _never_silences(data: Mapping[str, Any], document: Document) -> None:
    """Self-harm is answered by a person, never by a block or a hold, under any policy."""
    for place, forbidden in _SILENCING:
        value: Any = data
        for part in place:
            value = value.get(part) if isinstance(value, Mapping) else None
        if value is not None and forbidden(value):
            document.issue(place, f"{'.'.join(place)}: {_NEVER_SILENCED}")


def _merged(base: Any, given: Any) -> Any:
    """`given` over `base`: mappings key by key, anything else whole."""
    if not isinstance(base, dict) or not isinstance(given, dict):
        return given
    merged = dict(base)
    for key, value in given.items():
        merged[key] = _merged(base[key], value) if key in base else value
    return merged


def _shipped() -> bytes:
    return resources.files("service.moderation.policies").joinpath("default.yaml").read_bytes()
