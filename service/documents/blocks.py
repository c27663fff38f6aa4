"""What a document is made of, whatever it is written as. Texts are plain, never mark-up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Words in one line of text; a line break in them is kept.

    `link` is `#anchor` of a heading of the same document, or an address that begins with http.
    """

    text: str
    bold: bool = False
    muted: bool = False
    link: str = ""


Spans = tuple[Span, ...]
Cell = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Level 1 is a chapter and 2 a section of it: both are in the table of contents.

    `colour` is #rrggbb of a mark before it.
    """

    level: int
    text: str
    anchor: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: Spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list; `boxes` are there to be ticked."""

    items: tuple[Spans, ...]
    boxes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`widths` are shares of the page's width; every row has as many cells as the head."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A draft to be copied: set apart, its line breaks kept."""

    text: str


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Bullets | Table | Letter | PageBreak


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """A whole document. `lang` is a language tag, `contents` the title of its table of contents."""

    title: str
    subtitle: str
    lang: str
    contents: str
    blocks: tuple[Block, ...]

    @property
    def headings(self) -> tuple[Heading, ...]:
        """What the table of contents lists."""
        return tuple(
            block for block in self.blocks if isinstance(block, Heading) and block.level <= 2
        )


def plain(text: str, *, bold: bool = False, muted: bool = False, link: str = "") -> Spans:
    """One span."""
    return (Span(text, bold=bold, muted=muted, link=link),)
