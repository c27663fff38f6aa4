"""A webhook receiver on loopback that keeps what it gets and answers as it is told."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request; header names are in lower case."""

    method: str = "POST"
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to answer. `drop` closes the connection instead, `hang` says nothing until the end.

    `stall` sends the head, promises more body than it sends, and then hangs. `delay` is seconds
    before the answer, `late` before the request is taken: not at all if the sender is gone by then.
    """

    status: int = 200
    body: bytes = b"ok"
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    hang: bool = False
    stall: bool = False
    delay: float = 0.0
    late: float = 0.0


class WebhookReceiver:
    """`replies` are used up one a request; then `judge` answers, if there is one, else `default`.

    Waits for nothing by itself.
    """

    def __init__(self, judge: Callable[[Received], Reply] | None = None) -> None:
        self.judge = judge
        self.received: list[Received] = []
        self.replies: deque[Reply] = deque()
        self.default = Reply()
        self.arrived = asyncio.Event()
        self._closing = asyncio.Event()
        self._port = 0

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self._port}{path}"

    @property
    def ids(self) -> list[str]:
        """The webhook-ids in order of arrival."""
        return [request.headers["webhook-id"] for request in self.received]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in head[1:] if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        method, path = head[0].split()[:2]
        request = Received(method=method, path=path, headers=headers, body=body)
        reply = self._reply(request)
        await asyncio.sleep(reply.late)
        if reply.late and reader.at_eof():
            return False
        self.received.append(request)
        self.arrived.set()
        if reply.drop:
            return False
        await asyncio.sleep(reply.delay)
        if not reply.hang:
            promised = len(reply.body) + (100 if reply.stall else 0)
            lines = [f"HTTP/1.1 {reply.status} Reply", f"content-length: {promised}"]
            lines += [f"{name}: {value}" for name, value in reply.headers.items()]
            writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + reply.body)
            await writer.drain()
        if reply.hang or reply.stall:
            await self._closing.wait()
            return False
        return True

    def _reply(self, request: Received) -> Reply:
        if self.replies:
            return self.replies.popleft()
        return self.judge(request) if self.judge else self.default

    @asynccontextmanager
    async def _listen(self) -> AsyncIterator[WebhookReceiver]:
        tasks: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(self._serve(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        server = await asyncio.start_server(accept, "127.0.0.1", 0)
        self._port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            self._closing.set()
            server.close()
            for task in list(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await server.wait_closed()


@asynccontextmanager
async def webhook_receiver(
    judge: Callable[[Received], Reply] | None = None,
) -> AsyncIterator[WebhookReceiver]:
    """A receiver that listens until the block ends; `judge` answers where nothing else is told."""
    async with WebhookReceiver(judge)._listen() as receiver:
        yield receiver
