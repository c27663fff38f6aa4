"""Parts of a form that there are several of: those that are stored, and one more to fill in."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from service.errors import InvalidInput

PartT = TypeVar("PartT")


def read_parts(
    count: int, read: Callable[[int], PartT | None]
) -> tuple[tuple[PartT, ...], tuple[int, ...]]:
    """The parts that were filled in, and at which places of the form they stand.

    `read` answers None for one that was left empty. Raises InvalidInput with every mistake.
    """
    found: list[PartT] = []
    places: list[int] = []
    wrong: list[tuple[str, str]] = []
    said = ""
    for place in range(count):
        try:
            part = read(place)
        except InvalidInput as error:
            said = said or error.detail
            wrong += error.errors
            continue
        if part is not None:
            found.append(part)
            places.append(place)
    if wrong:
        raise InvalidInput(said, errors=wrong)
    return tuple(found), tuple(places)


def at_places(error: InvalidInput, name: str, places: Sequence[int]) -> InvalidInput:
    """The same mistakes, `name[2]…` said of the place of the form at which the third one stands."""

    def moved(path: str) -> str:
        match = re.match(rf"{re.escape(name)}\[(\d+)\]", path)
        if match is None or int(match[1]) >= len(places):
            return path
        return f"{name}[{places[int(match[1])]}]{path[match.end() :]}"

    errors = [(moved(path), message) for path, message in error.errors]
    return InvalidInput(error.detail, errors=errors)
