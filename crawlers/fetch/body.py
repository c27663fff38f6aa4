"""Reading a body within a limit: bytes on the wire and bytes unpacked both count.

Unpacking is done here in steps with an upper bound each, since a library that unpacks a whole chunk
at once has already filled the memory by the time anybody can count.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Mapping

from crawlers.errors import BodyRefused

ACCEPT_ENCODING = "gzip, deflate"

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_RAW_DEFLATE = -zlib.MAX_WBITS
_STEP = 256 * 1024


async def read_body(
    chunks: AsyncIterator[bytes],
    *,
    headers: Mapping[str, str],
    max_bytes: int,
    cut: bool = False,
) -> bytes:
    """Read `chunks` as they came over the wire, undoing the Content-Encoding in `headers`.

    At most `max_bytes` are read and at most that many come out: more raises BodyRefused, or with
    `cut` ends the reading there. Raises BodyRefused for an encoding that we did not ask for, for
    broken compression, and for a compressed body that ends too early.
    """
    encoding = headers.get("content-encoding", "").strip().lower()
    announced = headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > max_bytes and not cut:
        raise BodyRefused(f"too large: {announced} bytes announced, at most {max_bytes} are taken")
    if encoding in ("", "identity"):
        return await _plain(chunks, max_bytes, cut)
    if encoding in ("gzip", "x-gzip", "deflate"):
        return await _unpacked(chunks, max_bytes, cut)
    raise BodyRefused(f"content-encoding {encoding[:60]!r} was not asked for")


async def _plain(chunks: AsyncIterator[bytes], max_bytes: int, cut: bool) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            if cut:
                break
            raise BodyRefused(f"too large: more than {max_bytes} bytes")
    return bytes(body[:max_bytes])


async def _unpacked(chunks: AsyncIterator[bytes], max_bytes: int, cut: bool) -> bytes:
    unpacker = _Unpacker(max_bytes)
    async for chunk in chunks:
        unpacker.feed(chunk)
        if unpacker.full:
            if cut:
                return bytes(unpacker.body[:max_bytes])
            raise BodyRefused(f"too large: unpacks to more than {max_bytes} bytes")
    if not unpacker.ended and not cut:
        raise BodyRefused("the compressed body ends too early")
    return bytes(unpacker.body)


class _Unpacker:
    """Unpacks gzip (several members too), zlib or raw deflate, never beyond the limit plus one."""

    def __init__(self, max_bytes: int) -> None:
        self.body = bytearray()
        self._limit = max_bytes
        self._read = 0
        self._wbits = _GZIP_OR_ZLIB
        self._inflate = zlib.decompressobj(self._wbits)
        self._fresh = True

    @property
    def full(self) -> bool:
        return max(len(self.body), self._read) > self._limit

    @property
    def ended(self) -> bool:
        return self._fresh or self._inflate.eof

    def feed(self, data: bytes) -> None:
        self._read += len(data)
        while data and not self.full:
            if self._inflate.eof:
                if not data.strip(b"\x00"):
                    return  # padding after the last member
                self._inflate = zlib.decompressobj(self._wbits)
            data = self._step(data)

    def _step(self, data: bytes) -> bytes:
        room = min(_STEP, self._limit + 1 - len(self.body))
        try:
            out = self._inflate.decompress(data, room)
        except zlib.error as error:
            if self._fresh and self._wbits == _GZIP_OR_ZLIB:
                # Some servers mean raw deflate when they say deflate.
                self._wbits = _RAW_DEFLATE
                self._inflate = zlib.decompressobj(self._wbits)
                return data
            raise BodyRefused(f"the compressed body is broken: {error}") from error
        self._fresh = False
        self.body += out
        return self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
