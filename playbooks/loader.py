"""Content files → Library, with every problem of all files in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from playbooks.content_files import (
    FOLDERS,
    TEMPLATES,
    TIERS_FILE,
    ContentFile,
    read_files,
    version_of,
)
from playbooks.document import Document, read_document
from playbooks.errors import ContentErrors, ContentProblem
from playbooks.library import Library
from playbooks.resolution import Entry, Shelves, resolve
from playbooks.schema import (
    Case,
    Content,
    Ladder,
    PlaybookFile,
    Rule,
    Scenario,
    Template,
    TemplateHeader,
    TierTable,
)
from playbooks.templates import body_problems, split_template

M = TypeVar("M", bound=Content)


def load_library(path: Path | None = None, *, overlays: Iterable[Path] = ()) -> Library:
    """Read a content folder (None: the one of this package), with overlays on top.

    A file of an overlay replaces the file of the same folder and name, or adds one.
    The package's own content is read once a process. Raises ContentErrors with every problem, each
    with file, line and column.
    """
    added = tuple(overlays)
    return _read(path, added) if path is not None or added else _shipped()


@cache
def _shipped() -> Library:
    return _read(None, ())


def _read(path: Path | None, overlays: tuple[Path, ...]) -> Library:
    files, problems = read_files(path, overlays=overlays)
    shelves = Shelves(
        names={folder: {file.stem for file in files if file.folder == folder} for folder in FOLDERS}
    )
    for file in files:
        _shelve(file, shelves, problems)
    if shelves.tiers is None and not any(item.file.endswith(TIERS_FILE) for item in problems):
        label = "playbooks/content" if path is None else str(path)
        problems.append(ContentProblem(label, 0, 0, f"{TIERS_FILE} is missing"))
    library, unresolved = resolve(shelves, version=version_of(files))
    problems += unresolved
    if problems or library is None:
        raise ContentErrors(problems)
    return library


def validated(
    model: type[M],
    document: Document,
    problems: list[ContentProblem],
    *,
    extra: Mapping[str, str] | None = None,
) -> M | None:
    """The document as that model, with the `extra` keys; None, with its problems added, if not."""
    data = document.data
    if not isinstance(data, dict):
        problems.append(document.problem((), "expected `key: value` lines"))
        return None
    try:
        return model.model_validate({**data, **(extra or {})})
    except ValidationError as error:
        problems += explained(error, document)
        return None


def explained(error: ValidationError, document: Document) -> list[ContentProblem]:
    """What pydantic says, in our words and with the places of the file."""
    problems = []
    for item in error.errors():
        path = item["loc"]
        name = next((str(part) for part in reversed(path) if isinstance(part, str)), "the file")
        if item["type"] == "missing":
            message = f"`{name}` is missing"
        elif item["type"] == "extra_forbidden":
            message = f"unknown key `{name}`"
        else:
            message = f"`{name}`: {item['msg'].removeprefix('Value error, ')}"
        problems.append(document.problem(path, message, at_key=item["type"] == "extra_forbidden"))
    return problems


def _shelve(file: ContentFile, shelves: Shelves, problems: list[ContentProblem]) -> None:
    if file.folder == TEMPLATES:
        _shelve_template(file, shelves, problems)
        return
    document, found = read_document(file.text, place=file.place)
    problems += found
    if document is None:
        return
    match file.folder:
        case "":
            table = validated(TierTable, document, problems)
            shelves.tiers = None if table is None else Entry(table, document)
        case "scenarios":
            _add(shelves.scenarios, Scenario, file, document, problems)
        case "rules":
            _add(shelves.rules, Rule, file, document, problems)
        case "ladders":
            _add(shelves.ladders, Ladder, file, document, problems)
        case "playbooks":
            _add(shelves.playbooks, PlaybookFile, file, document, problems)
        case _:
            _add(shelves.cases, Case, file, document, problems)


def _shelve_template(file: ContentFile, shelves: Shelves, problems: list[ContentProblem]) -> None:
    parts, found = split_template(file.text, place=file.place)
    problems += found
    if parts is None or validated(TemplateHeader, parts.header, problems) is None:
        return
    template = _add(
        shelves.templates, Template, file, parts.header, problems, extra={"body": parts.body}
    )
    if template is not None:
        problems += body_problems(template, place=file.place, first_line=parts.body_line)


def _add(
    shelf: dict[str, Entry[M]],
    model: type[M],
    file: ContentFile,
    document: Document,
    problems: list[ContentProblem],
    *,
    extra: Mapping[str, str] | None = None,
) -> M | None:
    # kept under the name of the file, so that a broken id does not break those who refer to it
    found = validated(model, document, problems, extra=extra)
    if found is None:
        return None
    name = getattr(found, "id", None)
    if name != file.stem:
        problems.append(document.problem(("id",), f"id {name!r} in a file named {file.stem!r}"))
    shelf[file.stem] = Entry(found, document)
    return found
