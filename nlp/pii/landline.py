"""Fixed lines: an area code and a line, or a line alone where a telephone is announced."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.pii.digits import Run
from nlp.pii.mobile import with_plus
from nlp.pii.surroundings import Surroundings

_AREA = re.compile(r"(?:(?:00)?86)?0?(?:10|2[0-57-9]|[3-9][0-9]{2})(?=[2-8])")
_ABROAD = re.compile(r"(?:00)?(?:852[23][0-9]{7}|853(?:28|8[0-9])[0-9]{6}|8860?[2-8][0-9]{7,8})")
_LOCAL = re.compile(r"[2-8][0-9]{6,7}")
_LINES = ((8,), (7,), (4, 4), (3, 4))
_EXTENSION = re.compile(r" ?(?:[-*#]|转分?机?|ext\.?) ?[0-9]{1,6}(?![0-9])")


def landlines(run: Run, around: Surroundings) -> Iterator[tuple[int, int]]:
    """Yields the spans of the view that are fixed lines, with their extensions.

    A line without its area code, or one written in one piece with it, needs to be announced as a
    telephone. The service numbers (400, 800, 95, 96, 12345) are no lines of a person and never
    match; neither does a line announced as a hotline.
    """
    if len(run.digits) < 7:
        return
    for first in run.beginnings():
        stop = _national(run, first, around) or _abroad(run, first, around)
        if stop is None:
            stop = _local(run, first, around)
        if stop is None:
            continue
        start, end = run.span(first, stop)
        start = with_plus(around.view, start)
        if (
            around.stands_free(start, end)
            and not around.is_identifier(start)
            and not around.is_hotline(start)
            and not around.is_quantity(start, end)
        ):
            extension = _EXTENSION.match(around.view, end)
            yield start, end if extension is None else extension.end()


def _national(run: Run, first: int, around: Surroundings) -> int | None:
    match = _AREA.match(run.digits, first)
    if match is None or match[0][0] not in "08":
        return None
    if not match[0].startswith("0") and not match[0].startswith("86"):
        return None
    line = match.end()
    for length in (8, 7):
        stop = line + length
        if not run.may_end(stop):
            continue
        start = run.places[first]
        if run.starts[line] and run.shape(line, stop) in _LINES:
            return stop
        return stop if around.is_phone(start) else None
    return None


def _abroad(run: Run, first: int, around: Surroundings) -> int | None:
    match = _ABROAD.match(run.digits, first)
    if match is None or not run.may_end(match.end()):
        return None
    start = run.places[first]
    coded = with_plus(around.view, start) != start or match[0].startswith("00")
    return match.end() if coded or around.is_phone(start) else None


def _local(run: Run, first: int, around: Surroundings) -> int | None:
    match = _LOCAL.match(run.digits, first)
    if match is None or not around.is_phone(run.places[first]):
        return None
    for stop in (first + 8, first + 7):
        if run.may_end(stop) and run.shape(first, stop) in _LINES:
            return None if run.digits.startswith(("400", "800"), first) else stop
    return None
