"""Reading the tables that ship inside the package."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable


def data_file(*parts: str) -> Traversable:
    """The file or folder below nlp/data named by `parts`."""
    folder: Traversable = files("nlp")
    for part in ("data", *parts):
        folder = folder.joinpath(part)
    return folder


def rows(table: Traversable) -> Iterator[tuple[int, list[str]]]:
    """Yields (line number, cells) of a tab separated table; skips its header, blank and `#` lines.

    Line numbers are 1-based. A byte order mark and Windows line ends are tolerated.
    """
    text = table.read_text(encoding="utf-8-sig")
    for number, line in enumerate(text.split("\n"), start=1):
        if number > 1 and line.strip() and not line.startswith("#"):
            yield number, line.rstrip("\r").split("\t")
