"""YAML text to its tree of nodes: by libyaml where it says what Python's parser says.

libyaml is ten times faster. It tells of mistakes in other words and places, takes some texts that
Python refuses (tabs, above all), and crashes on deep ones; whatever may be such a text is left to
Python.
"""

from __future__ import annotations

import re

import yaml

_LIBYAML = getattr(yaml, "CSafeLoader", None)
_ODD = re.compile("[^\n -~\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|[!?]|[|>][-+0-9]*#")
"""Tabs, control characters, rare line ends, what is beyond two bytes; the marks of tags and of long
keys, and a comment that touches the mark of a block."""
_DEEPEST = 500


def compose(text: str) -> yaml.Node | None:
    """The top node, None for an empty document.

    Raises YAMLError with a mark for what is not YAML, RecursionError for what is too deep.
    """
    if _LIBYAML is not None and _ODD.search(text) is None and _depth(text) <= _DEEPEST:
        try:
            node: yaml.Node | None = yaml.compose(text, Loader=_LIBYAML)
        except yaml.YAMLError:
            pass  # Python says what is wrong
        else:
            if not _says_nothing_somewhere(node):
                return node
    return yaml.compose(text, Loader=yaml.SafeLoader)


def _depth(text: str) -> int:
    """No less than the depth of the tree: each bracket may hold all that follows, each space of an
    indent and each dash of a line a level."""
    steps = (
        len(line) - len(line.lstrip(" ")) + line.count("- ") + line.count("? ") + 1
        for line in text.split("\n")
    )
    return text.count("[") + text.count("{") + max(steps)


def _says_nothing_somewhere(top: yaml.Node | None) -> bool:
    """Whether a value is left out: the two parsers differ on where that is."""
    seen: set[int] = set()  # an alias is the node that it names
    waiting = [] if top is None else [top]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            if not node.value and not node.style:
                return True
        elif isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]
        else:
            waiting += node.value
    return False
