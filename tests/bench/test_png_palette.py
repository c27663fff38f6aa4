"""Pictures with few colours come out as they are, others with 256 of their own."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.png_palette import palette_png


def shown(data: bytes) -> NDArray[np.uint8]:
    """What a viewer shows of an indexed PNG without filters."""
    chunks: dict[bytes, bytes] = {}
    at = 8
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        (sum_,) = struct.unpack(">I", data[at + 8 + size : at + 12 + size])
        assert sum_ == zlib.crc32(kind + body)
        chunks[kind] = body
        at += 12 + size
    width, height, depth, colour, *_ = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert (depth, colour) == (8, 3)
    palette = np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    return palette[rows[:, 1:]]


def noise(height: int, width: int) -> NDArray[np.uint8]:
    drawn = np.random.default_rng(7).integers(0, 256, (height, width, 3))
    return drawn.astype(np.uint8)


def test_a_picture_of_256_colours_is_kept_to_the_last_bit() -> None:
    pixels = np.stack([np.arange(256, dtype=np.uint8)] * 3, axis=1).reshape(16, 16, 3)

    assert np.array_equal(shown(palette_png(pixels)), pixels)
    assert np.array_equal(shown(palette_png(pixels[:1, :1])), pixels[:1, :1])


def test_a_picture_of_many_colours_keeps_its_flat_ground_and_comes_near_elsewhere() -> None:
    ground = (242, 244, 246)
    pixels = noise(120, 160)
    pixels[:90] = ground

    found = shown(palette_png(pixels))

    assert (found[:90] == ground).all()
    assert len(np.unique(found.reshape(-1, 3), axis=0)) == 256
    away = np.abs(found[90:].astype(int) - pixels[90:].astype(int)).mean()
    assert away < 20, f"{away:.0f} of 255 away on average"
    assert len(palette_png(pixels)) < pixels.nbytes / 5


def test_a_picture_with_an_alpha_channel_is_refused() -> None:
    with pytest.raises(ValueError, match="was given"):
        palette_png(np.zeros((2, 2, 4), dtype=np.uint8))
