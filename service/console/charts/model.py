"""What a chart is made of, and how anybody's text becomes a label that can do nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Value = float | None
"""A number, or a gap."""

_LABEL = 40
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MOST_MARKS = 2
"""Combining marks on one letter; stacks of them would run over the chart."""
_BRACES = str.maketrans({"{": "｛", "}": "｝", "|": "｜"})


@dataclass(frozen=True, slots=True)
class Series:
    """A named row of values, one a label; None is a gap."""

    name: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node of a spread graph: `weight` is its size, `group` its colour, 0 to 5."""

    id: str
    label: str
    weight: float = 1.0
    group: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """From whom to whom it spread, by node id."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Point:
    """What somebody pressed. In a heat map `series` is the row and `name` the column; in a spread
    graph `name` is the node's id. `index` counts labels, cells row by row, nodes or stages."""

    series: str
    name: str
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Ready to be shown: options of the drawing library, and the same as a table.

    `points` answers what the place (series, index) of a press means.
    """

    title: str
    options: Mapping[str, Any]
    head: tuple[str, ...]
    body: tuple[tuple[str, ...], ...]
    points: Mapping[tuple[int, int], Point]
    tall: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.body


def label(text: str) -> str:
    """The text as a label: one line, cut, without what is invisible, turns direction or stacks up.

    Braces and bars, which the drawing library reads as its own markup, become their wide forms.
    """
    kept: list[str] = []
    marks = 0
    for character in text[: _LABEL * 20]:
        category = unicodedata.category(character)
        if category in _HIDDEN:
            if character in "\n\t":
                kept.append(" ")
            continue
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    said = "".join(kept).translate(_BRACES).strip()
    return said if len(said) <= _LABEL else f"{said[: _LABEL - 1]}…"


FONT = "window.fengsui.font()"
"""The browser's expression for the page's font: a drawing inherits none."""


def colour(name: str) -> str:
    """The browser's expression for a colour of the theme; its name is ours, never data."""
    return f"window.fengsui.colour('{name}')"
