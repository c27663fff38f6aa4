"""One migration at a time: a document says whose turn it is, and until when if that one dies."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from service.clock import Clock
from service.stores.elastic.cluster import Cluster
from service.stores.elastic.schema import Names
from service.stores.errors import StoreBusy, StoreError

HELD_FOR = timedelta(seconds=60)
"""How long others wait for a migration that was killed."""
_RENEWED_EVERY_S = 15.0
_DOCUMENT = "migration"
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """The document: who migrates, since when and until when, in microseconds since 1970."""

    owner: str
    since_us: int
    until_us: int
    seq_no: int | None = None
    primary_term: int | None = None


class TurnLost(StoreBusy):
    """This migration was held up for so long that another one has begun."""


class MigrationTurn:
    """What keeps two migrations from taking each other's copies for leftovers."""

    def __init__(self, cluster: Cluster, names: Names, *, clock: Clock) -> None:
        self._cluster = cluster
        self._names = names
        self._path = f"/{names.control}/_doc/{_DOCUMENT}"
        self._clock = clock
        self._owner = secrets.token_hex(8)

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Have the turn while the block runs. Raises StoreBusy where another migration has it."""
        await self._take()
        keeper = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError, StoreError):
                await keeper
            with suppress(StoreError):  # it ends by itself
                await self._renew(HELD_FOR * 0)

    async def require(self) -> None:
        """Hold it for longer. Raises TurnLost where another migration has begun."""
        if not await self._renew(HELD_FOR):
            raise TurnLost(
                f"this migration of {self._names.prefix}-* was held up for so long that another "
                "one has begun: nothing was lost; run `fengsui store migrate` again when it is done"
            )

    async def _take(self) -> None:
        found = await self._read()
        now_us = self._now_us()
        if found is not None and found.until_us > now_us and found.owner != self._owner:
            raise self._refusal(found, now_us)
        mine = _State(
            owner=self._owner,
            since_us=now_us,
            until_us=now_us + HELD_FOR // _MICROSECOND,
            seq_no=None if found is None else found.seq_no,
            primary_term=None if found is None else found.primary_term,
        )
        if not await self._write(mine):
            raise self._refusal(await self._read() or mine, now_us)

    async def _renew(self, more: timedelta) -> bool:
        """Hold the turn for `more` from now; False where it is another's."""
        found = await self._read()
        if found is None or found.owner != self._owner:
            return False
        return await self._write(replace(found, until_us=self._now_us() + more // _MICROSECOND))

    async def _keep(self) -> None:
        """Renew in real time: a copy may take hours."""
        while True:
            await asyncio.sleep(_RENEWED_EVERY_S)
            with suppress(StoreError):  # who moves a month asks once more before it does
                await self._renew(HELD_FOR)

    async def _read(self) -> _State | None:
        answer = await self._cluster.call("GET", self._path, accept=(404,))
        if answer.status == 404:
            return None
        return _State(
            **answer.body["_source"]["state"],
            seq_no=answer.body["_seq_no"],
            primary_term=answer.body["_primary_term"],
        )

    async def _write(self, state: _State) -> bool:
        """Replace the document that was read; False when somebody was faster."""
        params: dict[str, Any] = {"op_type": "create"}
        if state.seq_no is not None:
            params = {"if_seq_no": state.seq_no, "if_primary_term": state.primary_term}
        answer = await self._cluster.call(
            "PUT",
            self._path,
            params=params,
            body={
                "state": {
                    "owner": state.owner,
                    "since_us": state.since_us,
                    "until_us": state.until_us,
                }
            },
            accept=(409,),
        )
        return answer.status != 409

    def _refusal(self, found: _State, now_us: int) -> StoreBusy:
        since = max(0, now_us - found.since_us) // 1_000_000
        left = max(1, -(-(found.until_us - now_us) // 1_000_000))
        return StoreBusy(
            f"another migration of {self._names.prefix}-* in Elasticsearch at "
            f"{self._cluster.where} has been at work for {since} s: wait until it is done; if it "
            f"was killed, try again in {left} s",
            retry_after=left,
        )

    def _now_us(self) -> int:
        return int(self._clock.now().timestamp() * 1_000_000)
