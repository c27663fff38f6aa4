"""Numbers as people write them to be read by people: in groups, in Chinese, with look-alikes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.text.characters import TranslateTable
from nlp.text.normalizer import NormalText

_SPELLED = {
    "0": "〇○零⓿",
    "1": "一壹幺弌❶➀➊",
    "2": "二贰弍❷➁➋",
    "3": "三叁弎❸➂➌",
    "4": "四肆❹➃➍",
    "5": "五伍❺➄➎",
    "6": "六陆❻➅➏",
    "7": "七柒❼➆➐",
    "8": "八捌❽➇➑",
    "9": "九玖❾➈➒",
}
_FORMS = {ord(form): ord(digit) for digit, forms in _SPELLED.items() for form in forms}
_VIEW = TranslateTable(_FORMS)
_TWICE = re.compile(f"([{''.join(_SPELLED.values())}])\\1")
_READ = str.maketrans("oil×", "011x")
# A letter counts as a digit between digits, or at an end where no word goes on.
_GROUP = re.compile(
    r"(?:(?<![a-z0-9])[il](?=[0-9]{2}))?[0-9](?:[oil]{0,2}[0-9])*(?:[oilx×](?![a-z0-9]))?"
)
# What may stand inside one number: no more than three blanks, dashes, dots, brackets, emoji.
_GAP = re.compile(r"(?:[^\w*:;/%$¥€£+=@#&<>?!]|_){1,3}")
_ENOUGH = re.compile(r"[0-9](?:[^0-9]{0,3}[0-9]){4}")


def digit_view(normal: str) -> str:
    """The normal form with every way to write a digit as that digit, character for character."""
    return normal.translate(_VIEW)


def unfolded(normal: NormalText) -> NormalText:
    """The normal form with runs of spelled digits whole: it keeps but two of 八八八八."""
    if normal.starts is None or normal.ends is None or _TWICE.search(normal.text) is None:
        return normal
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for character, start, end in zip(normal.text, normal.starts, normal.ends, strict=True):
        if ends and ord(character) in _FORMS and text[-1] == character:
            for place in range(ends[-1], start):
                if normal.original[place] == character:
                    text.append(character)
                    starts.append(place)
                    ends.append(place + 1)
        text.append(character)
        starts.append(start)
        ends.append(end)
    return NormalText(normal.original, "".join(text), tuple(starts), tuple(ends))


@dataclass(frozen=True, slots=True)
class Run:
    """Groups of digits that may be one number, or several.

    `digits` are 0-9 and x; digit i stands at `places[i]` of the view. A number may begin where
    `starts` is set and end before an index where `ends` is set.
    """

    digits: str
    places: tuple[int, ...]
    starts: bytes
    ends: bytes

    def span(self, first: int, stop: int) -> tuple[int, int]:
        """The half-open span in the view of the digits first to stop."""
        return self.places[first], self.places[stop - 1] + 1

    def shape(self, first: int, stop: int) -> tuple[int, ...]:
        """How many digits stand together in each group of the number."""
        sizes = [1]
        for index in range(first + 1, stop):
            if self.places[index] == self.places[index - 1] + 1:
                sizes[-1] += 1
            else:
                sizes.append(1)
        return tuple(sizes)

    def beginnings(self) -> Iterator[int]:
        """The indices at which a number may begin."""
        return (index for index, may in enumerate(self.starts) if may)

    def may_end(self, stop: int) -> bool:
        """Whether a number may end before digit `stop`."""
        return stop < len(self.ends) and self.ends[stop] == 1


def digit_runs(view: str) -> tuple[Run, ...]:
    """The runs of a digit view that hold five digits or more, in order; linear in its length."""
    if _ENOUGH.search(view) is None:
        return ()
    runs: list[Run] = []
    spans: list[tuple[int, int]] = []
    for match in _GROUP.finditer(view):
        if spans:
            gap = _GAP.match(view, spans[-1][1])
            if gap is None or gap.end() != match.start():
                _close(view, spans, runs)
                spans = []
        spans.append(match.span())
    _close(view, spans, runs)
    return tuple(runs)


def _close(view: str, spans: list[tuple[int, int]], runs: list[Run]) -> None:
    places = tuple(place for start, end in spans for place in range(start, end))
    if len(places) < 5:
        return
    starts, ends = bytearray(len(places)), bytearray(len(places) + 1)
    done = 0
    for start, end in spans:
        starts[done] = 1
        if view[start] in "il" and end - start > 1:
            starts[done + 1] = 1
        done += end - start
        ends[done] = 1
        if view[end - 1] in "oilx×":
            ends[done - 1] = 1
    digits = "".join(view[place] for place in places).translate(_READ)
    runs.append(Run(digits, places, bytes(starts), bytes(ends)))
