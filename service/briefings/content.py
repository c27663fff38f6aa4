"""What a briefing is made of: sections of typed pieces. Labels are words of `words.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import chain
from typing import Any, Literal

from pydantic import TypeAdapter

from service.briefings.figure import Cited, Figure


class SectionId(StrEnum):
    """In the order in which they stand unless an editor says otherwise."""

    HOUSE = "house"
    VOLUME = "volume"
    MOVED = "moved"
    INCIDENTS = "incidents"
    STORIES = "stories"
    VOICES = "voices"
    COVERAGE = "coverage"
    COMPLAINTS = "complaints"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure with a name of its own, by which prose may cite it: `{volume.posts}`.

    `of` is what it is of, such as a monitor; `before` is the same of the period before.
    """

    id: str
    label: str
    figure: Figure
    of: str = ""
    before: Figure | None = None
    change: Figure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    items: tuple[Measure, ...]
    type: Literal["measures"] = "measures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant:
    """When; `link` leads to what happened then."""

    at: datetime
    link: str = ""
    type: Literal["instant"] = "instant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What something is called: by people, or, with `word`, by ourselves."""

    text: str = ""
    word: str = ""
    link: str = ""
    type: Literal["named"] = "named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    figure: Figure
    type: Literal["number"] = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """The beginning of a post, in a cell."""

    cited: Cited
    type: Literal["quoted"] = "quoted"


Cell = Instant | Named | Number | Quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A table; `head` are words, `title` one too. `more` is how many rows are left out."""

    title: str
    head: tuple[str, ...]
    items: tuple[tuple[Cell, ...], ...]
    more: Figure | None = None
    type: Literal["rows"] = "rows"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    items: tuple[Cited, ...]
    type: Literal["voices"] = "voices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A sentence without a number in it."""

    word: str
    type: Literal["note"] = "note"


Piece = Measures | Rows | Voices | Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    id: SectionId
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What was counted. `headlines` are ids of measures: what a short message says."""

    sections: tuple[Section, ...] = ()
    headlines: tuple[str, ...] = ()

    def measures(self) -> dict[str, Measure]:
        """Every one by its id."""
        return {
            item.id: item
            for section in self.sections
            for piece in section.pieces
            if isinstance(piece, Measures)
            for item in piece.items
        }

    def cited(self) -> Iterator[Cited]:
        """Every post that is quoted."""
        for section in self.sections:
            for piece in section.pieces:
                if isinstance(piece, Voices):
                    yield from piece.items
                if isinstance(piece, Rows):
                    cells = chain.from_iterable(piece.items)
                    yield from (cell.cited for cell in cells if isinstance(cell, Quoted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """What people write: a lead, a comment a section; the order of sections, and which to hide."""

    lead: str = ""
    comments: Mapping[SectionId, str] = field(default_factory=dict)
    order: tuple[SectionId, ...] = tuple(SectionId)
    hidden: tuple[SectionId, ...] = ()


_BODY: TypeAdapter[Body] = TypeAdapter(Body)
_PROSE: TypeAdapter[Prose] = TypeAdapter(Prose)


def body_json(body: Body) -> dict[str, Any]:
    """For the database."""
    plain: dict[str, Any] = _BODY.dump_python(body, mode="json")
    return plain


def body_of(data: Any) -> Body:
    """Raises ValidationError for what no version of ours has written."""
    return _BODY.validate_python(data)


def prose_json(prose: Prose) -> dict[str, Any]:
    """For the database, and for the trail of what has changed."""
    plain: dict[str, Any] = _PROSE.dump_python(prose, mode="json")
    return plain


def prose_of(data: Any) -> Prose:
    """As it was kept."""
    return _PROSE.validate_python(data)
