"""YAML with places: plain data, and the line and column of every key and value in it.

Safe by construction: no tags beyond plain scalars, no aliases (an alias bomb is small on disk and
endless in memory), no duplicate keys, keys are strings, and instants stay text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from playbooks.composing import compose
from playbooks.errors import ContentProblem
from playbooks.mistakes import Mistake

Path = tuple[str | int, ...]
Mark = tuple[int, int]
"""Line and column, from 1."""

_TEXT = "tag:yaml.org,2002:str"
_INSTANT = "tag:yaml.org,2002:timestamp"
_MAPPING = "tag:yaml.org,2002:map"
_SEQUENCE = "tag:yaml.org,2002:seq"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a file says, and where it says it."""

    place: str
    data: Any
    keys: Mapping[Path, Mark] = field(default_factory=dict)
    values: Mapping[Path, Mark] = field(default_factory=dict)

    def problem(
        self,
        path: Path,
        message: str,
        *,
        code: Mistake = Mistake.BAD_VALUE,
        at_key: bool = False,
    ) -> ContentProblem:
        """A problem at the value (or key) of `path`, or at the nearest part of it that exists.

        Parts that the file does not have are left out: pydantic names alternatives in its paths.
        """
        marks: Mark = self.values.get((), (1, 1))
        known: Path = ()
        for part in path:
            longer = (*known, part)
            if longer in self.values:
                known = longer
                marks = self.values[longer]
        if at_key:
            marks = self.keys.get(known, marks)
        return ContentProblem(self.place, *marks, message, path=known, code=code)

    def part(self, path: Path) -> Document:
        """What stands at `path`, as a document of its own with the places that it had.

        Raises KeyError, IndexError or TypeError for a path that the document does not have.
        """
        data = self.data
        for step in path:
            data = data[step]

        def inside(marks: Mapping[Path, Mark]) -> dict[Path, Mark]:
            size = len(path)
            return {key[size:]: mark for key, mark in marks.items() if key[:size] == path}

        return Document(
            place=self.place, data=data, keys=inside(self.keys), values=inside(self.values)
        )


def document_of(data: Any, *, place: str) -> Document:
    """A document of data that never was a file: every part of it stands on line 1, column 1."""
    values: dict[Path, Mark] = {}
    waiting: list[tuple[Path, Any]] = [((), data)]
    while waiting:
        path, part = waiting.pop()
        values[path] = (1, 1)
        if isinstance(part, Mapping):
            waiting += [((*path, str(key)), inner) for key, inner in part.items()]
        elif isinstance(part, list):
            waiting += [((*path, index), inner) for index, inner in enumerate(part)]
    return Document(place=place, data=data, values=values)


def read_document(
    text: str, *, place: str, first_line: int = 1
) -> tuple[Document | None, list[ContentProblem]]:
    """Parse one YAML document; the document is None when the text is not YAML at all.

    `first_line` is the line of the file on which `text` starts.
    """
    reader = _Reader(place=place, shift=first_line - 1)
    try:
        node = compose(text)
        data = None if node is None else reader.read(node, ())
    except yaml.MarkedYAMLError as error:
        reader.refuse(error.problem_mark, error.problem or "this is not YAML")
        return None, reader.problems
    except yaml.YAMLError as error:
        reader.refuse(None, f"this is not YAML: {' '.join(str(error).split())}")
        return None, reader.problems
    except RecursionError:
        reader.refuse(None, "nested too deeply")
        return None, reader.problems
    document = Document(place=place, data=data, keys=reader.keys, values=reader.values)
    return document, reader.problems


class _Reader:
    """One walk over the node tree, collecting data, places and problems."""

    def __init__(self, *, place: str, shift: int) -> None:
        self.problems: list[ContentProblem] = []
        self.keys: dict[Path, Mark] = {}
        self.values: dict[Path, Mark] = {}
        self._place = place
        self._shift = shift
        self._seen: set[int] = set()
        self._scalars = yaml.constructor.SafeConstructor()

    def refuse(
        self, mark: yaml.Mark | None, message: str, code: Mistake = Mistake.YAML_SYNTAX
    ) -> None:
        line, column = (1 + self._shift, 1) if mark is None else self._position(mark)
        self.problems.append(ContentProblem(self._place, line, column, message, code=code))

    def read(self, node: yaml.Node, path: Path) -> Any:
        self.values[path] = self._position(node.start_mark)
        if id(node) in self._seen:
            message = "anchors and aliases (&name, *name) are not allowed: write it out"
            self.refuse(node.start_mark, message, Mistake.YAML_ALIAS)
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode) and node.tag == _MAPPING:
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode) and node.tag == _SEQUENCE:
            return [self.read(item, (*path, place)) for place, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._scalar(key_node)
            if not isinstance(key, str):
                message = "a key is a word; put it in quotes"
                self.refuse(key_node.start_mark, message, Mistake.KEY_NOT_TEXT)
            elif key in found:
                message = f"`{key}` stands here twice"
                self.refuse(key_node.start_mark, message, Mistake.DUPLICATE_KEY)
            else:
                self.keys[(*path, key)] = self._position(key_node.start_mark)
                found[key] = self.read(value_node, (*path, key))
        return found

    def _scalar(self, node: yaml.Node) -> Any:
        if node.tag in (_TEXT, _INSTANT) and isinstance(node, yaml.ScalarNode):
            return node.value
        try:
            if not isinstance(node, yaml.ScalarNode):
                raise ValueError(node.tag)
            return self._scalars.construct_object(node)
        except (yaml.YAMLError, ValueError, KeyError):
            message = f"this cannot be read as {node.tag.rpartition(':')[2]}"
            self.refuse(node.start_mark, message, Mistake.BAD_SCALAR)
            return None

    def _position(self, mark: yaml.Mark) -> Mark:
        return mark.line + 1 + self._shift, mark.column + 1
