"""Content files → Library, with every problem of all files in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath
from typing import TypeVar

from playbooks.calendar_days import day_problems
from playbooks.content_files import (
    FOLDERS,
    MATRIX_FILE,
    RISK_FILE,
    TEMPLATES,
    TIERS_FILE,
    ContentFile,
    read_files,
    version_of,
)
from playbooks.document import Document, read_document
from playbooks.errors import ContentErrors, ContentProblem
from playbooks.library import Library
from playbooks.mistakes import Mistake
from playbooks.resolution import Entry, Shelves, resolve
from playbooks.schema import (
    Case,
    Content,
    EmotionMatrix,
    HolidayCalendar,
    Ladder,
    PlaybookFile,
    RiskTable,
    Rule,
    Scenario,
    Template,
    TemplateHeader,
    TierTable,
)
from playbooks.templates import body_problems, split_template
from playbooks.validation import validated
from playbooks.written_secrets import secret_problems

M = TypeVar("M", bound=Content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a content folder holds: as much of a library as could be read, and every problem.

    `documents` are the files by their name inside the content; `broken` are the folders, and
    `tiers.yaml`, with problems. The library may be used only where there are no problems.
    """

    library: Library | None
    problems: tuple[ContentProblem, ...]
    documents: Mapping[str, Document]
    broken: frozenset[str]


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
    reading = read_library(path, overlays=overlays)
    if reading.problems or reading.library is None:
        raise ContentErrors(reading.problems)
    return reading.library


def read_library(path: Path | None = None, *, overlays: Iterable[Path] = ()) -> Reading:
    """Read a content folder as `load_library` does, and raise nothing."""
    files, problems = read_files(path, overlays=overlays)
    there = [PurePath(item) for item in (*(file.name for file in files), *_unread(problems))]
    shelves = Shelves(
        names={
            folder: {item.stem for item in there if item.parts[:-1] == (folder,)}
            for folder in FOLDERS
        }
    )
    for file in files:
        _shelve(file, shelves, problems)
    if shelves.tiers is None and not any(item.file.endswith(TIERS_FILE) for item in problems):
        label = "playbooks/content" if path is None else str(path)
        message = f"{TIERS_FILE} is missing"
        problems.append(ContentProblem(label, 0, 0, message, code=Mistake.TIERS_MISSING))
    library, unresolved = resolve(shelves, version=version_of(files))
    problems += unresolved
    for file in files:
        problems += secret_problems(file)
    places = {file.place: file.folder or file.name for file in files}
    return Reading(
        library=library,
        problems=tuple(sorted(set(problems))),
        documents=shelves.documents,
        broken=frozenset(
            places.get(item.file, PurePath(item.file).parent.name) for item in problems
        ),
    )


def _unread(problems: Iterable[ContentProblem]) -> Iterator[str]:
    """Names of files that are there and could not be read: nobody who names one is wrong."""
    return ("/".join(item.file.rsplit("/", 2)[1:]) for item in problems)


def _shelve(file: ContentFile, shelves: Shelves, problems: list[ContentProblem]) -> None:
    if file.folder == TEMPLATES:
        _shelve_template(file, shelves, problems)
        return
    document, found = read_document(file.text, place=file.place)
    problems += found
    if document is None:
        return
    shelves.documents[file.name] = document
    match file.folder:
        case "" if file.name == MATRIX_FILE:
            matrix = validated(EmotionMatrix, document, problems)
            shelves.responses = None if matrix is None else Entry(matrix, document)
        case "" if file.name == RISK_FILE:
            risk = validated(RiskTable, document, problems)
            shelves.risk = None if risk is None else Entry(risk, document)
        case "":
            table = validated(TierTable, document, problems)
            shelves.tiers = None if table is None else Entry(table, document)
        case "scenarios":
            _add(shelves, shelves.scenarios, Scenario, file, document, problems)
        case "rules":
            _add(shelves, shelves.rules, Rule, file, document, problems)
        case "ladders":
            _add(shelves, shelves.ladders, Ladder, file, document, problems)
        case "playbooks":
            _add(shelves, shelves.playbooks, PlaybookFile, file, document, problems)
        case "calendars":
            calendar = _add(shelves, shelves.calendars, HolidayCalendar, file, document, problems)
            problems += [] if calendar is None else day_problems(calendar, document)
        case _:
            _add(shelves, shelves.cases, Case, file, document, problems)


def _shelve_template(file: ContentFile, shelves: Shelves, problems: list[ContentProblem]) -> None:
    parts, found = split_template(file.text, place=file.place)
    problems += found
    if parts is not None:
        shelves.documents[file.name] = parts.header
    if parts is None or validated(TemplateHeader, parts.header, problems) is None:
        return
    template = _add(
        shelves,
        shelves.templates,
        Template,
        file,
        parts.header,
        problems,
        extra={"body": parts.body},
    )
    if template is not None:
        problems += body_problems(template, place=file.place, first_line=parts.body_line)


def _add(
    shelves: Shelves,
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
        taken = name in shelves.names[file.folder]
        message = f"id {name!r} in a file named {file.stem!r}"
        if taken:
            message += f": {file.folder}/{name}{FOLDERS[file.folder]} has that id"
        code = Mistake.DUPLICATE_ID if taken else Mistake.ID_MISMATCH
        problems.append(document.problem(("id",), message, code=code))
    shelf[file.stem] = Entry(found, document)
    return found
