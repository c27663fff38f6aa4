"""PNG of at most 256 colours, for pictures of screens: flat areas keep their very colour."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

MOST = 256
Bytes = NDArray[np.uint8]


def palette_png(pixels: Bytes) -> bytes:
    """A PNG of `pixels`, shape (height, width, 3), red, green, blue.

    Up to 256 colours come out as they are. More are cut at their medians into 256 boxes, and each
    pixel takes the most frequent colour of its box. Raises ValueError for another shape.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 3:
        raise ValueError(f"(height, width, 3) is wanted, {pixels.shape} was given")
    height, width, _ = pixels.shape
    colours, places, counts = np.unique(
        pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True
    )
    boxes = _boxes(colours, counts)
    palette = np.empty((len(boxes), 3), dtype=np.uint8)
    box_of = np.empty(len(colours), dtype=np.uint8)
    for number, members in enumerate(boxes):
        palette[number] = colours[members[np.argmax(counts[members])]]
        box_of[members] = number
    rows = np.zeros((height, width + 1), dtype=np.uint8)  # each row begins with filter 0: none
    rows[:, 1:] = box_of[places.reshape(-1)].reshape(height, width)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", palette.tobytes()),
            _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _boxes(colours: Bytes, counts: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Colours, by number, in at most 256 boxes: what is widest, weighed by pixels, is cut first."""
    boxes = [np.arange(len(colours))]
    weights = np.sqrt(counts)  # the rare colours of a photograph still count beside the ground
    while len(boxes) < min(MOST, len(colours)):
        worth = [_spread(colours[box]).max() * weights[box].sum() for box in boxes]
        box = boxes.pop(int(np.argmax(worth)))
        axis = int(np.argmax(_spread(colours[box])))
        ordered = box[np.argsort(colours[box, axis], kind="stable")]
        halves = np.cumsum(weights[ordered])
        cut = int(np.searchsorted(halves, halves[-1] / 2)) + 1
        cut = min(max(cut, 1), len(ordered) - 1)
        boxes += [ordered[:cut], ordered[cut:]]
    return boxes


def _spread(colours: Bytes) -> NDArray[np.int64]:
    """Greatest less least, by channel; 0 of a single colour, which is never cut."""
    wide = colours.astype(np.int64)
    spread: NDArray[np.int64] = wide.max(axis=0) - wide.min(axis=0)
    return spread


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
