"""Standard input as a source: what another program pipes in, as it comes."""

from __future__ import annotations

import asyncio
import logging
import queue
import sys
import threading
import uuid
import zlib
from typing import IO

from crawlers.jsonl import Line, lines_of, read_batch, unpacked
from crawlers.source import Cursor, Fetcher, FetchResult

log = logging.getLogger(__name__)

_WAIT_SECONDS = 1.0
_QUEUE = 2_000


class StdinSource:
    """Reads a stream that cannot be read twice.

    So lines stay here until a cursor proves that their posts were stored; after a failure of the
    sink they are handed out again. A blocking read cannot be cancelled: it has a thread of its own,
    and a pull takes what has arrived. Cursors of another run do not count.
    """

    def __init__(self, name: str, *, batch: int, stream: IO[bytes] | None = None) -> None:
        self._name = name
        self._batch = batch
        self._stream = stream
        self._run = uuid.uuid4().hex
        self._arrived: queue.Queue[Line | None] = queue.Queue(maxsize=_QUEUE)
        self._unstored: list[Line] = []
        self._stored = 0
        self._reader: threading.Thread | None = None

    @property
    def name(self) -> str:
        return self._name

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        """Take what has arrived, at most a batch; waits a second for the first line."""
        self._start()
        if cursor and cursor.get("run") == self._run:
            self._stored = int(cursor.get("offset", 0))
        self._unstored = [line for line in self._unstored if line.end > self._stored]
        if not self._unstored:
            await asyncio.to_thread(self._receive)
        lines = self._unstored
        offset = lines[-1].end if lines else self._stored
        return read_batch(
            lines,
            name="stdin",
            cursor={"run": self._run, "offset": offset},
            more=len(lines) >= self._batch,
        )

    def _start(self) -> None:
        if self._reader is None:
            self._reader = threading.Thread(target=self._read, name="stdin", daemon=True)
            self._reader.start()

    def _read(self) -> None:
        try:
            for line in lines_of(unpacked(self._stream or sys.stdin.buffer)):
                self._arrived.put(line)
        except (OSError, EOFError, ValueError, zlib.error) as error:
            log.warning("stdin.broken", extra={"source": self._name, "error": str(error)})
        finally:
            self._arrived.put(None)

    def _receive(self) -> None:
        """Move lines from the reader's queue to those handed out.

        A pull that is given up on loses none of them: they wait in `_unstored`.
        """
        try:
            line = self._arrived.get(timeout=_WAIT_SECONDS)
            while line is not None:
                self._unstored.append(line)
                if len(self._unstored) >= self._batch:
                    return
                line = self._arrived.get_nowait()
            self._arrived.put(None)  # the end is seen by every later pull too
        except queue.Empty:
            return
