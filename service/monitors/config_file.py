"""YAML files of configuration, read into places: what was written, in which file, on which line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from playbooks import Document, read_document
from service.monitors.errors import BadConfig

RULES = "rules"
SECTIONS = (
    *("brands", "monitors", "sources", "channels"),
    *("contacts", "rotas", "duties", "chains", "recurring"),
    *("complaint_rules", "departments", "briefing_schedules"),
    RULES,
)
"""In the order in which they are saved: each names only what stands before it."""
LARGEST_FILE = 1_000_000
DEEPEST = 20
SUFFIXES = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class Written:
    """One entry of a section. `lines` gives the line (from 1) of each of its keys.

    A rule has a `document`, as the playbooks read it, with the column of everything in it too.
    """

    section: str
    data: Any
    file: Path
    line: int
    lines: dict[str, int]
    document: Document | None = None

    def place(self, key: str = "") -> str:
        """`file:line` of a key of the entry, or of the entry where the key is not there."""
        head = key.split(".")[0].split("[")[0]
        return f"{self.file}:{self.lines.get(head, self.line)}"


def read_config(path: Path) -> list[Written]:
    """Every entry of a file, or of all YAML files in a folder, in order of file name.

    Raises BadConfig with every mistake of form at once.
    """
    errors: list[tuple[str, str]] = []
    entries: list[Written] = []
    for file in _files(path):
        try:
            entries += _read(file)
        except BadConfig as error:
            errors += error.errors
    if errors:
        raise BadConfig(errors)
    return entries


def read_rules(path: Path) -> list[Document]:
    """The rules of a file or folder that holds nothing else. Raises BadConfig."""
    entries = read_config(path)
    others = [entry for entry in entries if entry.section != RULES]
    if others:
        raise BadConfig(
            [
                (entry.place(), f"only {RULES} here, and this is one of {entry.section}")
                for entry in others
            ]
        )
    return [entry.document for entry in entries if entry.document is not None]


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        files = sorted(item for item in path.iterdir() if item.suffix in SUFFIXES)
        if not files:
            raise BadConfig([(str(path), "holds no .yaml file")])
        return files
    if not path.exists():
        raise BadConfig([(str(path), "there is no such file or folder")])
    return [path]


def _read(file: Path) -> list[Written]:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise BadConfig([(str(file), f"larger than {LARGEST_FILE:,} bytes; split it")])
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig([(str(file), f"cannot be read: {error}")]) from error
    try:
        _check_form(file, text)
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        return [] if root is None else _with_documents(file, text, _sections(file, loader, root))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadConfig([(_at(file, mark), f"not YAML: {error.problem}")]) from error
    except yaml.YAMLError as error:
        raise BadConfig([(str(file), f"not YAML: {error}")]) from error
    except ValueError as error:  # a number or date that reads well and is none, like 2024-13-45
        raise BadConfig([(str(file), f"not YAML: {error}; put it in quotes")]) from error


def _check_form(file: Path, text: str) -> None:
    """Refuse, while reading on, what could fill the memory: aliases of aliases, endless depth."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise BadConfig([(_at(file, event.start_mark), "write it out: no aliases here")])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise BadConfig([(_at(file, event.start_mark), "nested too deep")])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _sections(file: Path, loader: yaml.SafeLoader, root: yaml.Node) -> list[Written]:
    errors: list[tuple[str, str]] = []
    entries: list[Written] = []
    if not isinstance(root, yaml.MappingNode):
        wanted = ", ".join(SECTIONS)
        raise BadConfig([(_at(file, root.start_mark), f"not sections; there are {wanted}")])
    errors += _twice(file, root)
    for key, value in root.value:
        place = _at(file, key.start_mark)
        if key.value not in SECTIONS:
            errors.append((place, f"no section {key.value!r}; there are {', '.join(SECTIONS)}"))
        elif not isinstance(value, yaml.SequenceNode):
            errors.append((place, f"{key.value} is a list: start each entry with `- id:`"))
        else:
            entries += [_entry(file, loader, key.value, node) for node in value.value]
    if errors:
        raise BadConfig(errors)
    return entries


def _with_documents(file: Path, text: str, entries: list[Written]) -> list[Written]:
    """The entries, rules with their documents. Raises BadConfig for what only playbooks refuse."""
    rules = [entry for entry in entries if entry.section == RULES]
    if not rules:
        return entries
    document, problems = read_document(text, place=str(file))
    if document is None or problems:
        raise BadConfig(
            [(f"{item.file}:{item.line}:{item.column}", item.message) for item in problems]
        )
    parts = iter([document.part((RULES, place)) for place in range(len(rules))])
    return [
        replace(entry, document=next(parts)) if entry.section == RULES else entry
        for entry in entries
    ]


def _entry(file: Path, loader: yaml.SafeLoader, section: str, node: yaml.Node) -> Written:
    lines: dict[str, int] = {}
    if isinstance(node, yaml.MappingNode):
        lines = {str(key.value): key.start_mark.line + 1 for key, _ in node.value}
    data = loader.construct_document(node)
    return Written(section, data, file, node.start_mark.line + 1, lines)


def _twice(file: Path, root: yaml.Node) -> Iterator[tuple[str, str]]:
    """Keys written twice in one mapping: YAML would let the last win without a word."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                name = str(key.value)
                if name in seen:
                    yield _at(file, key.start_mark), f"{name} stands here twice; keep one"
                seen.add(name)
                waiting.append(value)


def _at(file: Path, mark: Any) -> str:
    """`mark` is PyYAML's, of its C or its Python parser."""
    return str(file) if mark is None else f"{file}:{mark.line + 1}"
