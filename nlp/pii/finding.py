"""All kinds together: what is found in a text, without overlaps."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator

from nlp.pii.account import qqs, wechats
from nlp.pii.address import addresses
from nlp.pii.bank_card import bank_cards
from nlp.pii.digits import digit_runs, digit_view, unfolded
from nlp.pii.email_address import email_addresses
from nlp.pii.id_card import id_cards
from nlp.pii.kind import Pii, PiiKind
from nlp.pii.landline import landlines
from nlp.pii.mobile import mobiles
from nlp.pii.person import names
from nlp.pii.plate import plates
from nlp.pii.surroundings import Surroundings
from nlp.text.normalizer import NormalText

VERSION = "pii-1"

_NUMBERS = (
    (PiiKind.ID_CARD, id_cards),
    (PiiKind.BANK_CARD, bank_cards),
    (PiiKind.MOBILE, mobiles),
    (PiiKind.LANDLINE, landlines),
)
_RANKS = {kind: rank for rank, kind in enumerate(PiiKind)}


def find_pii(normal: NormalText) -> tuple[Pii, ...]:
    """What points to a person, in text order, never overlapping; linear in the text's length.

    Where two overlap, the kind that stands first in PiiKind keeps its span, then the longer, then
    the first; of another kind what sticks out remains. Never raises, whatever the text.
    """
    normal = unfolded(normal)
    order = sorted(_all(normal), key=lambda item: (_RANKS[item[0]], item[1] - item[2], item[1]))
    found: list[Pii] = []
    for kind, first, stop in order:
        start, end = normal.original_span(first, stop)
        rivals = _overlapping(found, start, end)
        if any(rival.kind is kind for rival in rivals):
            continue
        if not rivals:
            insort(found, Pii(kind, start, end), key=_start)
            continue
        for low, high in _outside(rivals, start, end):
            legible = [at for at in range(low, high) if normal.original[at].isalnum()]
            if legible:
                insort(found, Pii(kind, legible[0], legible[-1] + 1), key=_start)
    return tuple(found)


def _start(item: Pii) -> int:
    return item.start


def _overlapping(found: list[Pii], start: int, end: int) -> list[Pii]:
    """Those of the sorted, disjoint finds that overlap the span."""
    first = bisect_right(found, start, key=_start)
    if first > 0 and found[first - 1].end > start:
        first -= 1
    return found[first : bisect_left(found, end, key=_start)]


def _outside(rivals: list[Pii], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The pieces of the span that no rival covers; the rivals are in order."""
    for rival in rivals:
        if start < rival.start:
            yield start, rival.start
        start = rival.end
    if start < end:
        yield start, end


def _all(normal: NormalText) -> Iterator[tuple[PiiKind, int, int]]:
    """Every find of every kind, in code points of the normal form."""
    text = normal.text
    view = digit_view(text)
    around = Surroundings(view)
    for run in digit_runs(view):
        for kind, finder in _NUMBERS:
            for start, end in finder(run, around):
                yield kind, start, end
    for kind, pairs in (
        (PiiKind.EMAIL, email_addresses(text)),
        (PiiKind.PLATE, plates(normal)),
        (PiiKind.QQ, qqs(around)),
        (PiiKind.WECHAT, wechats(around)),
        (PiiKind.ADDRESS, addresses(text)),
        (PiiKind.NAME, names(normal)),
    ):
        for start, end in pairs:
            yield kind, start, end
