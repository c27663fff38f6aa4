"""The form of a rule: `@first ~4 要|打算 ~6 @expose* ~8 @target`.

`@name` is a class or an expression, other words are literal alternatives (`_` is a space), `~6`
allows up to six code points between its neighbours (three when nothing is said), and `*` marks the
anchor: the word that must be there for the rule to be looked at, and from which conditions are
measured.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import permutations

USUAL_GAP = 3
MAX_GAP = 60
MAX_SLOTS = 6
MAX_ANY_ORDER = 4
_GAP = re.compile(r"~(\d{1,3})")
_SLOT = re.compile(r"(?:@([a-z][a-z0-9_]*)|([^@~*\s]+))(\*?)")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place to fill: a class by name, or literal words; `gap` is what may stand before it."""

    name: str | None
    words: tuple[str, ...]
    gap: int
    anchor: bool


def parse_form(form: str) -> tuple[Slot, ...]:
    """The slots of a form, with exactly one anchor. Raises ValueError that says what to write."""
    slots: list[Slot] = []
    gap: int | None = None
    for part in form.split():
        width = _GAP.fullmatch(part)
        if width is not None:
            if gap is not None or not slots:
                raise ValueError(f"{part} must stand between two slots")
            gap = int(width[1])
            if gap > MAX_GAP:
                raise ValueError(f"{part} is too wide: at most ~{MAX_GAP}")
            continue
        found = _SLOT.fullmatch(part)
        if found is None:
            raise ValueError(f"{part!r} is no slot: write @class, word|word or ~number")
        words = tuple(word for word in (found[2] or "").split("|") if word)
        slots.append(Slot(found[1], words, USUAL_GAP if gap is None else gap, bool(found[3])))
        gap = None
    if gap is not None:
        raise ValueError("a gap at the end leads nowhere: put a slot behind it")
    if not 1 <= len(slots) <= MAX_SLOTS:
        raise ValueError(f"a form has 1 to {MAX_SLOTS} slots, not {len(slots)}")
    if sum(slot.anchor for slot in slots) != 1:
        raise ValueError("mark one slot, and only one, as the anchor: @name*")
    return tuple(slots)


def orders(slots: tuple[Slot, ...], *, any_order: bool) -> tuple[tuple[Slot, ...], ...]:
    """The sequences a form stands for; in any order, each gap is the widest of the form.

    Raises ValueError when there are too many slots to permute.
    """
    if not any_order:
        return (slots,)
    if not 2 <= len(slots) <= MAX_ANY_ORDER:
        raise ValueError(f"any_order takes 2 to {MAX_ANY_ORDER} slots, not {len(slots)}")
    widest = max(slot.gap for slot in slots[1:])
    return tuple(permutations(replace(slot, gap=widest) for slot in slots))
