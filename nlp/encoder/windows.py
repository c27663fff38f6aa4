"""Texts to token ids to windows that fit the model; nothing is cut away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from nlp.encoder.backend import Prepared, Window
from nlp.text.encodable import encodable

# Padded tokens of one pass. Measured on 6 layers of 384 in int8: 57 us a token from 300 tokens to
# 900, 64 us at 2,048, where the activations have left the cache.
BATCH_TOKENS = 1024
# Beginning another pass cost as much as this many tokens there: padding beyond it is dearer.
PASS_TOKENS = 16


def spans(tokens: int, *, longest: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Half-open spans of at most `longest` that cover [0, tokens), in order; one (0, 0) of none.

    Neighbours share at least `overlap` tokens: the last is moved back to be full rather than
    left as a stump that has lost its context. Raises ValueError unless 0 <= overlap < longest.
    """
    if not 0 <= overlap < longest:
        raise ValueError(f"an overlap of {overlap} in windows of {longest} never ends")
    start = 0
    while start + longest < tokens:
        yield start, start + longest
        start += longest - overlap
    yield max(0, min(start, tokens - longest)), tokens


@dataclass(frozen=True, slots=True, eq=False)
class Cutter:
    """A tokenizer with what it puts before and after each text, and the length that fits.

    The tokenizer must neither truncate nor pad: `cutter` makes one so. Safe from many threads.
    """

    tokenizer: Tokenizer
    before: tuple[int, ...]
    after: tuple[int, ...]
    longest: int
    overlap: int
    pad_id: int

    def prepare(self, texts: Sequence[str]) -> list[Prepared]:
        """One Prepared a text, in order; lone surrogates are U+FFFD to the model only."""
        return [Prepared(text, self._windows(self._ids(text))) for text in texts]

    def _ids(self, text: str) -> list[int]:
        # One text at a time: the library's own batching wakes a pool of threads for every call.
        ids: list[int] = self.tokenizer.encode(encodable(text), add_special_tokens=False).ids
        return ids

    def _windows(self, ids: Sequence[int]) -> tuple[Window, ...]:
        room = self.longest - len(self.before) - len(self.after)
        if len(ids) <= room:
            return (self._window(ids),)
        cuts = spans(len(ids), longest=room, overlap=self.overlap)
        return tuple(self._window(ids[start:end]) for start, end in cuts)

    def _window(self, ids: Sequence[int]) -> Window:
        # A tokenizer without ends makes nothing of an empty text, and no model runs on nothing.
        whole = (*self.before, *ids, *self.after) or (self.pad_id,)
        return Window(np.array(whole, np.int64))


def cutter(tokenizer: Tokenizer, *, longest: int, overlap: int, pad_id: int) -> Cutter:
    """A cutter around `tokenizer`, whose truncation and padding are switched off for good.

    Raises ValueError when the ends and the overlap leave no room in `longest` tokens.
    """
    tokenizer.no_truncation()
    tokenizer.no_padding()
    before, after = _ends(tokenizer)
    if longest - len(before) - len(after) <= overlap:
        raise ValueError(f"windows of {longest} tokens have no room beside an overlap of {overlap}")
    return Cutter(tokenizer, before, after, longest, overlap, pad_id)


def pad(windows: Sequence[Window], *, pad_id: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Ids and mask (windows, longest of them), int64."""
    width = max(window.tokens for window in windows)
    ids = np.full((len(windows), width), pad_id, np.int64)
    mask = np.zeros((len(windows), width), np.int64)
    for row, window in enumerate(windows):
        ids[row, : window.tokens] = window.ids
        mask[row, : window.tokens] = 1
    return ids, mask


def batches(lengths: Sequence[int], *, budget: int, spare: int) -> list[list[int]]:
    """Places of `lengths` in groups of like length, each place once, the short groups first.

    A group holds at most `budget` padded tokens (or one place), of which at most `spare` are
    padding, so that few passes and little padding are had together.
    """
    groups: list[list[int]] = []
    held = 0
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        length = lengths[place]
        padded = (len(groups[-1]) + 1) * length if groups else 0
        if not groups or padded > budget or padded - held - length > spare:
            groups.append([])
            held = 0
        groups[-1].append(place)
        held += length
    return groups


def _ends(tokenizer: Tokenizer) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The ids put before and after a text by the tokenizer's template."""
    encoding = tokenizer.encode("a", add_special_tokens=True)
    marks = encoding.special_tokens_mask
    first = marks.index(0) if 0 in marks else len(marks)
    last = len(marks) - marks[::-1].index(0) if 0 in marks else len(marks)
    return tuple(encoding.ids[:first]), tuple(encoding.ids[last:])
