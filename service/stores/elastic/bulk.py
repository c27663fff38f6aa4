"""Many writes in few requests: bounded in bytes, slower when the cluster asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from service.clock import Clock
from service.stores.elastic import failures
from service.stores.elastic.cluster import Cluster, kind_of
from service.stores.errors import StoreBusy, StoreError, StoreUnreachable

CHUNK_BYTES = 1_000_000
"""Larger requests are no faster, and hold up the event loop while they are sent."""
CHUNK_OPERATIONS = 1_000
PATIENCE_S = 20.0
"""How long operations are tried that the cluster has no room for."""
_FIRST_WAIT_S = 0.1
_LONGEST_WAIT_S = 5.0
_PASSING = frozenset({429, 502, 503, 504})


class Verb(StrEnum):
    CREATE = "create"
    INDEX = "index"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One write. With `seq_no` only what was read is replaced, not what came since."""

    verb: Verb
    index: str
    id: str
    body: Any = None
    seq_no: int | None = None
    primary_term: int | None = None

    def lines(self) -> bytes:
        """The operation as bulk wants it, line ends included."""
        head: dict[str, Any] = {"_index": self.index, "_id": self.id}
        if self.seq_no is not None:
            head |= {"if_seq_no": self.seq_no, "if_primary_term": self.primary_term}
        action = orjson.dumps({self.verb.value: head})
        if self.verb is Verb.DELETE:
            return action + b"\n"
        return action + b"\n" + orjson.dumps(self.body) + b"\n"


class Outcome(StrEnum):
    """What became of one operation; what is not done can be read and decided anew."""

    DONE = "done"
    # Somebody else wrote it first, or this is our own write after an answer that was lost.
    CONFLICT = "conflict"
    GONE = "gone"
    # No writes for now: the month is being moved, or the index set to read only.
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class _Waiting:
    place: int
    verb: Verb
    lines: bytes


class Bulk:
    """Sends operations, in chunks one after the other; never two at once from one caller."""

    def __init__(self, cluster: Cluster, *, clock: Clock, patience_s: float = PATIENCE_S) -> None:
        self._cluster = cluster
        self._clock = clock
        self._patience_s = patience_s

    async def run(
        self, operations: Sequence[Operation], *, until: float | None = None
    ) -> list[Outcome]:
        """An outcome for each operation, in order; durable on every copy, not yet visible.

        Sends again what the cluster had no room for, waiting longer each time. Operations must be
        safe to repeat (created, or bound to a `seq_no`). Raises StoreError when patience ends or
        an operation can never succeed; some of the others are written then. No request begins
        after `until` (on the monotonic clock): StoreBusy then.
        """
        outcomes: dict[int, Outcome] = {}
        waiting = [
            _Waiting(place, operation.verb, operation.lines())
            for place, operation in enumerate(operations)
        ]
        give_up = self._clock.monotonic() + self._patience_s
        most = CHUNK_BYTES
        wait = _FIRST_WAIT_S
        while waiting:
            if until is not None and self._clock.monotonic() >= until:
                raise failures.too_slow(self._cluster.where)
            chunk, rest = _cut(waiting, most)
            again, trouble = await self._send(chunk, outcomes)
            waiting = again + rest
            if trouble is None:
                wait = _FIRST_WAIT_S
                continue
            if self._clock.monotonic() + wait > give_up:
                raise trouble
            await self._clock.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT_S)
            most = max(most // 2, CHUNK_BYTES // 32)
        return [outcomes[place] for place in range(len(operations))]

    async def _send(
        self, chunk: Sequence[_Waiting], outcomes: dict[int, Outcome]
    ) -> tuple[list[_Waiting], StoreError | None]:
        """What to send again, and the trouble that made it so."""
        try:
            answer = await self._cluster.bulk([item.lines for item in chunk])
        except (StoreUnreachable, StoreBusy) as error:
            return list(chunk), error
        if answer.status in _PASSING:
            kind = kind_of(answer.body)
            trouble = failures.refusal(self._cluster.where, status=answer.status, kind=kind)
            if not isinstance(trouble, StoreUnreachable | StoreBusy):
                raise trouble
            return list(chunk), trouble
        again = []
        passing: StoreError | None = None
        for item, told in zip(chunk, answer.body["items"], strict=True):
            result = told[item.verb.value]
            outcome = _outcome(result)
            if outcome is not None:
                outcomes[item.place] = outcome
                continue
            refused = failures.refusal(
                self._cluster.where,
                status=result["status"],
                kind=str(result.get("error", {}).get("type", "")),
            )
            if not isinstance(refused, StoreUnreachable | StoreBusy):
                raise refused
            passing = refused
            again.append(item)
        return again, passing


def _outcome(result: dict[str, Any]) -> Outcome | None:
    """None for what is no outcome yet."""
    status = result["status"]
    if status in {200, 201}:
        return Outcome.DONE
    if status == 409:
        return Outcome.CONFLICT
    if status == 404:
        return Outcome.GONE
    if status == 403 and result.get("error", {}).get("type") == failures.BLOCKED:
        return Outcome.BLOCKED
    return None


def _cut(waiting: Sequence[_Waiting], most: int) -> tuple[list[_Waiting], list[_Waiting]]:
    """As many as fit into `most` bytes, at least one, and the rest."""
    size = 0
    for count, item in enumerate(waiting):
        size += len(item.lines)
        if count and (size > most or count >= CHUNK_OPERATIONS):
            return list(waiting[:count]), list(waiting[count:])
    return list(waiting), []
