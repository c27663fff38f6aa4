"""Content files → Library, with every problem of all files in one go."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

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
    Raises ContentErrors with every problem, each with file, line and column.
    """
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
    model: type[M], document: Document, problems: list[ContentProblem], *, extra: Any = None
) -> M | None:
    """The document as that model, or None with its problems added; `extra` adds keys to the data."""
    data = document.data
    if not isinstance(data, dict):
        problems.append(document.problem((), "expected `key: value` lines"))
        return None
    try:
        return model.model_validate(data if extra is None else data | extra)
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
            shelves.tiers = table and Entry(table, document)
        case "scenarios":
            _add(
                shelves.scenarios, validated(Scenario, document, problems), file, document, problems
            )
        case "rules":
            _add(shelves.rules, validated(Rule, document, problems), file, document, problems)
        case "ladders":
            _add(shelves.ladders, validated(Ladder, document, problems), file, document, problems)
        case "playbooks":
            _add(
                shelves.playbooks,
                validated(PlaybookFile, document, problems),
                file,
                document,
                problems,
            )
        case _:
            _add(shelves.cases, validated(Case, document, problems), file, document, problems)


def _shelve_template(file: ContentFile, shelves: Shelves, problems: list[ContentProblem]) -> None:
    parts, found = split_template(file.text, place=file.place)
    problems += found
    if parts is None or validated(TemplateHeader, parts.header, problems) is None:
        return
    template = validated(Template, parts.header, problems, extra={"body": parts.body})
    if template is not None:
        problems += body_problems(template, place=file.place, first_line=parts.body_line)
    _add(shelves.templates, template, file, parts.header, problems)


def _add(
    shelf: dict[str, Entry[M]],
    model: M | None,
    file: ContentFile,
    document: Document,
    problems: list[ContentProblem],
) -> None:
    # kept under the name of the file, so that a broken id does not break those who refer to it
    if model is None:
        return
    name = getattr(model, "id", "")
    if name != file.stem:
        problems.append(document.problem(("id",), f"id {name!r} in a file named {file.stem!r}"))
    shelf[file.stem] = Entry(model, document)
