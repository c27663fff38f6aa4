from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.errors import BodyRefused
from crawlers.fetch.body import read_body

TEXT = b"hello, beacon " * 100
PACKED = gzip.compress(TEXT, mtime=0)


async def chunks(data: bytes, size: int = 50) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def read(
    data: bytes, encoding: str = "", *, limit: int = 10_000, cut: bool = False, **headers: str
) -> bytes:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await read_body(
        chunks(data), headers={"content-encoding": encoding, **named}, max_bytes=limit, cut=cut
    )


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", PACKED),
        ("X-GZIP", PACKED),
        ("gzip", gzip.compress(TEXT[:700], mtime=0) + gzip.compress(TEXT[700:], mtime=0)),
        ("gzip", PACKED + bytes(64)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
    ],
)
async def test_a_body_is_read_in_any_encoding_we_ask_for(encoding: str, data: bytes) -> None:
    assert await read(data, encoding) == TEXT


async def test_an_empty_compressed_body_is_empty() -> None:
    assert await read(b"", "gzip") == b""


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd"])
async def test_an_encoding_nobody_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(BodyRefused, match="was not asked for"):
        await read(TEXT, encoding)


@pytest.mark.parametrize("data", [PACKED[:-9], b"not gzip at all", PACKED + b"junk behind"])
async def test_broken_compression_is_refused(data: bytes) -> None:
    with pytest.raises(BodyRefused, match="compressed body"):
        await read(data, "gzip")


async def test_a_plain_body_above_the_limit_is_refused() -> None:
    with pytest.raises(BodyRefused, match="too large: more than 100"):
        await read(TEXT, limit=100)


async def test_an_announced_length_above_the_limit_is_refused_unread() -> None:
    with pytest.raises(BodyRefused, match="5000 bytes announced"):
        await read(b"", limit=100, content_length="5000")


async def test_a_bomb_is_stopped_by_what_it_unpacks_to() -> None:
    with pytest.raises(BodyRefused, match="unpacks to more than 5000"):
        await read(gzip.compress(bytes(50_000_000)), "gzip", limit=5_000)


async def test_many_members_that_hold_nothing_are_bounded_too() -> None:
    with pytest.raises(BodyRefused, match="too large"):
        await read(gzip.compress(b"") * 1_000, "gzip", limit=5_000)


@pytest.mark.parametrize(("encoding", "data"), [("", TEXT), ("gzip", PACKED)])
async def test_a_body_may_be_cut_instead(encoding: str, data: bytes) -> None:
    assert await read(data, encoding, limit=100, cut=True) == TEXT[:100]


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", ""]))
async def test_any_bytes_end_in_a_body_or_a_refusal(data: bytes, encoding: str) -> None:
    try:
        body = await read(data, encoding, limit=1_000)
    except BodyRefused:
        return
    assert len(body) <= 1_000
