"""The order of commits: who stores hands out `stored_at`, so that a watermark passes nothing by.

Batches of several processes may be on their way at once. Each takes its stamps from one document
and is listed there until it is visible; readers go no further than the first that is listed.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from service.clock import Clock
from service.stores.elastic.cluster import Cluster
from service.stores.elastic.schema import Names
from service.stores.errors import StoreBusy

ABANDONED_S = 75.0
"""A batch listed for so long has lost its writer: it is made visible as far as it came.

More than `writing.BATCH_S` and the longest request: nothing is written under a stamp that was given
up, or readers would never see it.
"""
_DOCUMENT = "stamps"
_TRIES = 50
_WAIT_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The document: the last stamp handed out, the first of each batch under way (microseconds)."""

    last_us: int | None
    flights: dict[str, int]
    seq_no: int | None
    primary_term: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """A batch under way: no stamp of it is below `earliest_us`."""

    token: str
    earliest_us: int | None


class Stamps:
    """`make_visible` refreshes every index of posts: done before a lost batch is struck off."""

    def __init__(
        self,
        cluster: Cluster,
        names: Names,
        *,
        clock: Clock,
        make_visible: Callable[[], Awaitable[None]],
    ) -> None:
        self._cluster = cluster
        self._path = f"/{names.control}/_doc/{_DOCUMENT}"
        self._clock = clock
        self._make_visible = make_visible
        self._left: set[str] = set()
        """Batches of our own that failed: struck off with the next chance."""
        self._seen: dict[str, float] = {}

    async def reserve(self, wanted_us: Sequence[int]) -> Reservation:
        """List a batch of new posts that would like these stamps.

        Stamps below `earliest_us` must be raised to it.
        """
        token = secrets.token_hex(8)
        for _ in range(_TRIES):
            ledger = await self._read()
            earliest = None if ledger.last_us is None else ledger.last_us + 1
            first, last = min(wanted_us), max(wanted_us)
            if earliest is not None:
                first, last = max(first, earliest), max(last, earliest)
            flights = {**ledger.flights, token: first}
            if await self._write(ledger, last_us=last, flights=flights):
                return Reservation(token=token, earliest_us=earliest)
        raise self._contended()

    async def settle(self, tokens: Sequence[str]) -> None:
        """Strike off batches that are visible now."""
        for _ in range(_TRIES):
            ledger = await self._read()
            flights = {token: at for token, at in ledger.flights.items() if token not in tokens}
            if len(flights) == len(ledger.flights) or await self._write(
                ledger, last_us=ledger.last_us, flights=flights
            ):
                self._left.difference_update(tokens)
                return
        raise self._contended()

    def leave(self, reservation: Reservation) -> None:
        """A batch of our own failed half-way: it is struck off later."""
        self._left.add(reservation.token)

    async def sweep(self) -> Ledger:
        """The ledger, after batches that nobody works on any more were struck off.

        While any are listed, posts may be there that no search sees yet.
        """
        ledger = await self._read()
        now = self._clock.monotonic()
        self._seen = {token: self._seen.get(token, now) for token in ledger.flights}
        lost = [
            token
            for token, since in self._seen.items()
            if token in self._left or now - since >= ABANDONED_S
        ]
        if not lost:
            return ledger
        await self._make_visible()
        await self.settle(lost)
        return await self._read()

    async def frontier(self) -> int | None:
        """Every post with a stamp below this is visible; None while nothing was ever stored."""
        ledger = await self.sweep()
        if ledger.last_us is None:
            return None
        return min([ledger.last_us + 1, *ledger.flights.values()])

    async def _read(self) -> Ledger:
        answer = await self._cluster.call("GET", self._path, accept=(404,))
        if answer.status == 404:
            return Ledger(last_us=None, flights={}, seq_no=None, primary_term=None)
        state = answer.body["_source"]["state"]
        return Ledger(
            last_us=state["last_us"],
            flights=state["flights"],
            seq_no=answer.body["_seq_no"],
            primary_term=answer.body["_primary_term"],
        )

    async def _write(self, ledger: Ledger, *, last_us: int | None, flights: dict[str, int]) -> bool:
        """Replace the document that was read; False when somebody was faster."""
        params: dict[str, Any] = {"op_type": "create"}
        if ledger.seq_no is not None:
            params = {"if_seq_no": ledger.seq_no, "if_primary_term": ledger.primary_term}
        answer = await self._cluster.call(
            "PUT",
            self._path,
            params=params,
            body={"state": {"last_us": last_us, "flights": flights}},
            accept=(409,),
        )
        if answer.status == 409:
            await self._clock.sleep(_WAIT_S * (1 + secrets.randbelow(5)))
            return False
        return True

    def _contended(self) -> StoreBusy:
        return StoreBusy(
            f"Elasticsearch at {self._cluster.where}: too many processes store at once; "
            "let fewer of them ingest"
        )
