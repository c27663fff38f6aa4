"""YAML with line numbers: every scalar is text, so that `no` is a word and 12315 keeps its form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from nlp.errors import TableIssue

# libyaml where the wheel brings it: the shipped files take a second in Python alone.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 20

Place = tuple[str | int, ...]
"""Keys and positions from the top of the file down to a value."""


@dataclass(slots=True)
class Document:
    """What a file says, on which lines, and what is wrong with it as YAML."""

    file: str
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    issues: list[TableIssue] = field(default_factory=list)

    def issue(self, place: Iterable[str | int], message: str) -> None:
        """Notes a mistake at `place`, or at the nearest part of it that is in the file."""
        known: Place = ()
        line = self.lines.get((), 1)
        for part in place:
            if (*known, part) in self.lines:
                known = (*known, part)
                line = self.lines[known]
        self.issues.append(TableIssue(self.file, line, message))


def read_document(content: bytes, *, file: str) -> Document:
    """Reads one YAML document without tags, anchors or double keys; mistakes are in `issues`."""
    document = Document(file)
    try:
        text = content.decode("utf-8-sig")
        if _too_deep(text):
            document.issue((), f"nested too deeply: at most {_DEEPEST} levels")
            return document
        node = yaml.compose(text, Loader=_LOADER)
        if node is None:
            document.issue((), "the file is empty")
        else:
            document.data = _Reader(document).read(node, ())
    except UnicodeDecodeError as error:
        document.issue((), f"byte {error.start} is not UTF-8; save the file as UTF-8")
    except yaml.MarkedYAMLError as error:
        # libyaml may point behind the last line
        last = content.count(b"\n") + 1
        line = min(error.problem_mark.line + 1, last) if error.problem_mark else 1
        said = " ".join(filter(None, (error.context, error.problem)))
        message = f"this is not YAML: {said}; check quotes and indents"
        document.issues.append(TableIssue(file, line, message))
    except yaml.YAMLError as error:
        document.issue((), f"this is not YAML: {' '.join(str(error).split())}")
    return document


def _too_deep(text: str) -> bool:
    """Counted on events, which need no recursion: composing a deep file would crash libyaml."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                return True
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return False


class _Reader:
    """One walk over the node tree."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._seen: set[int] = set()

    def read(self, node: yaml.Node, place: Place) -> Any:
        self._document.lines[place] = node.start_mark.line + 1
        if id(node) in self._seen:
            self._document.issue(place, "anchors and aliases are not allowed: write it out")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, (*place, index)) for index, item in enumerate(node.value)]
        return node.value

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._document.issue(place, "a key must be a word")
            elif key.value in found:
                self._document.lines[(*place, key.value)] = key.start_mark.line + 1
                self._document.issue((*place, key.value), f"`{key.value}` stands here twice")
            else:
                found[key.value] = self.read(value, (*place, key.value))
                self._document.lines[(*place, key.value)] = key.start_mark.line + 1
        return found
