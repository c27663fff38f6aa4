"""A web site on loopback whose answers a test writes: header, byte and delay."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it arrived; header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the site says. `delay` seconds before it, `drip` seconds between pieces of the body,
    `cut` closes the connection after that many bytes of it."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0.0
    drip: float = 0.0
    cut: int | None = None


Handler = Callable[[Asked], Answer | Awaitable[Answer]]


class MockSite:
    """Routes are plain functions by path; what was asked is kept in order."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.routes: dict[str, Handler] = {}
        self.active = 0
        self.most_active = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def on(self, path: str, answer: Answer | Handler) -> None:
        """Answer `path` with one answer, or with what a function makes of each request."""
        self.routes[path] = (lambda _: answer) if isinstance(answer, Answer) else answer

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._writers):
            writer.close()
        await self._server.wait_closed()
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ", 2)
        pairs = (line.split(":", 1) for line in lines if ":" in line)
        headers = {name.lower(): value.strip() for name, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        asked = Asked(method, path, headers, body)
        self.asked.append(asked)
        handler = self.routes.get(path.partition("?")[0], _not_found)
        self.active += 1
        self.most_active = max(self.most_active, self.active)
        try:
            answered = handler(asked)
            answer = answered if isinstance(answered, Answer) else await answered
            await asyncio.sleep(answer.delay)
            return await self._send(writer, answer)
        finally:
            self.active -= 1

    async def _send(self, writer: asyncio.StreamWriter, answer: Answer) -> bool:
        headers = {"content-length": str(len(answer.body)), **answer.headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.1 {answer.status} Mock\r\n{head}\r\n".encode("latin-1"))
        body = answer.body if answer.cut is None else answer.body[: answer.cut]
        step = 16 if answer.drip else 65_536
        for start in range(0, len(body), step):
            writer.write(body[start : start + step])
            await writer.drain()
            if answer.drip:
                await asyncio.sleep(answer.drip)
        await writer.drain()
        return answer.cut is None


def _not_found(asked: Asked) -> Answer:
    return Answer(status=404)


@asynccontextmanager
async def mock_site() -> AsyncIterator[MockSite]:
    """A running site, stopped at the end of the block."""
    site = MockSite()
    await site.start()
    try:
        yield site
    finally:
        await site.stop()


def redirect(to: str, *, status: int = 302) -> Answer:
    """A redirect to `to`."""
    return Answer(status=status, headers={"location": to})


def gzip_bomb(size: int) -> Answer:
    """An answer of some kilobytes that unpacks to `size` zero bytes."""
    return Answer(headers={"content-encoding": "gzip"}, body=gzip.compress(bytes(size), 9))


def with_etag(body: bytes, etag: str) -> Handler:
    """A page that answers 304 to whoever gives its ETag back."""

    def handler(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == etag:
            return Answer(status=304, headers={"etag": etag})
        return Answer(headers={"etag": etag}, body=body)

    return handler
