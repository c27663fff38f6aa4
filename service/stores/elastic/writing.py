"""Writes: read what is there, decide, replace only what was read, and show a batch as one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from service.clock import Clock
from service.stores.elastic.bulk import PATIENCE_S, Bulk, Operation, Outcome, Verb
from service.stores.elastic.cluster import Cluster
from service.stores.elastic.documents import document, version_document, version_id
from service.stores.elastic.failures import BLOCKED, refusal
from service.stores.elastic.months import Months
from service.stores.elastic.plan import Entry, Held, new_ids, plan, reworded_ids
from service.stores.elastic.schema import Names, month_of
from service.stores.elastic.searching import IDS_AT_ONCE, Searcher, chunks
from service.stores.elastic.stamps import Reservation, Stamps
from service.stores.errors import StoreBusy, StoreError
from service.stores.merge import deleted, inherited
from service.stores.post_store import Inheritance, PostChange, StoredPost, Upserted
from service.stores.sqlite_rows import from_micros, to_micros
from service.stores.storable import storable_post, storable_text

BATCH_S = 40.0
"""How long after its stamps were asked for a batch still begins requests that write."""
_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 2.0
_MOST_VERSIONS = 10_000


class PostWriter:
    """One batch at a time of this process; those of other processes may be under way as well."""

    def __init__(
        self,
        cluster: Cluster,
        names: Names,
        *,
        clock: Clock,
        posts: Searcher,
        versions: Searcher,
        months: Months,
        stamps: Stamps,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._where = cluster.where
        self._names = names
        self._clock = clock
        self._posts = posts
        self._versions = versions
        self._months = months
        self._stamps = stamps
        self._bulk = Bulk(cluster, clock=clock, patience_s=patience_s)
        self._patience_s = patience_s
        self._turn = asyncio.Lock()
        self._unsure = True
        """Whether writes that no search sees yet may be there: at the start, after a failure."""

    async def upsert(self, posts: Sequence[StoredPost]) -> tuple[Upserted, ...]:
        """Insert or merge each post, in order; an id may stand in the batch several times."""
        incoming = [storable_post(post) for post in posts]
        async with self._turn:
            ledger = await self._stamps.sweep()
            if self._unsure or ledger.flights:
                await self._posts.refresh()
            held = await self._posts.held({post.id for post in incoming})
            fresh = new_ids(incoming, held)
            reservation = until = None
            if fresh:
                until = self._clock.monotonic() + BATCH_S
                wanted = [to_micros(post.stored_at) for post in incoming if post.id in fresh]
                reservation = await self._stamps.reserve(wanted)
            self._unsure = True
            try:
                changes = await self._store(incoming, held, reservation, until=until)
            except BaseException:
                if reservation is not None:
                    self._stamps.leave(reservation)
                raise
            if reservation is not None:
                await self._settle(reservation)
            self._unsure = False
        return tuple(
            Upserted(id=post.id, change=changes[place]) for place, post in enumerate(incoming)
        )

    async def set_membership(
        self, post_ids: Iterable[str], monitor: str, *, member: bool, spared: bool
    ) -> None:
        """Add posts to a monitor or take them out; ids that are not there are passed over."""
        wanted = (member, member and spared)

        def changed(held: Held) -> dict[str, Any] | None:
            post = held.post
            if wanted == (monitor in post.monitors, monitor in post.spared):
                return None
            return {
                "monitors": _with(post.monitors, monitor, there=wanted[0]),
                "spared": _with(post.spared, monitor, there=wanted[1]),
            }

        await self._change(post_ids, changed)

    async def mark_deleted(self, post_ids: Iterable[str], *, at: datetime) -> tuple[Upserted, ...]:
        """Note that posts are gone at their source."""
        changes: dict[str, PostChange] = {}

        def changed(held: Held) -> dict[str, Any] | None:
            post = held.post
            if deleted(post, at) == post:
                # Read again after an answer was lost, our own mark is no news either.
                changes.setdefault(post.id, PostChange.UNCHANGED)
                return None
            changes[post.id] = PostChange.DELETED
            return {"deleted_us": to_micros(at)}

        await self._change(post_ids, changed)
        return tuple(Upserted(id=post_id, change=change) for post_id, change in changes.items())

    async def inherit(self, inheritances: Iterable[Inheritance]) -> None:
        """Give posts what they take over from those that they share."""
        wanted = {storable_text(item.post_id): item for item in inheritances}

        def changed(held: Held) -> dict[str, Any] | None:
            before = document(held.post)
            after = document(inherited(held.post, wanted[held.post.id]))
            fields = {name: value for name, value in after.items() if before.get(name) != value}
            return fields or None

        await self._change(wanted, changed)

    async def _change(
        self, post_ids: Iterable[str], changed: Callable[[Held], dict[str, Any] | None]
    ) -> None:
        """Change fields of any number of posts; ids that are not there are passed over."""
        async with self._turn:
            for some in chunks([storable_text(post_id) for post_id in post_ids], IDS_AT_ONCE):
                await self._update(some, changed)

    async def _settle(self, reservation: Reservation) -> None:
        """A batch that is visible and cannot be struck off is struck off later: it is stored."""
        try:
            await self._stamps.settle([reservation.token])
        except StoreError:
            self._stamps.leave(reservation)

    async def _store(
        self,
        incoming: Sequence[StoredPost],
        held: Mapping[str, Held],
        reservation: Reservation | None,
        *,
        until: float | None,
    ) -> dict[int, PostChange]:
        """Write until every post is in the store as merged; answer the changes by place."""
        changes: dict[int, PostChange] = {}
        left = list(enumerate(incoming))
        touched: set[str] = set()
        tried: dict[str, Entry] = {}
        pauses = self._pauses()
        while left:
            entries = await self._planned(left, held, reservation)
            mine = {
                post_id: tried[post_id]
                for post_id, entry in entries.items()
                if post_id in tried and _is_stored(tried[post_id], entry)
            }
            outcomes = await self._write(
                {i: e for i, e in entries.items() if e.write and i not in mine},
                touched,
                until=until,
            )
            undone = {post_id for post_id, outcome in outcomes.items() if outcome != Outcome.DONE}
            for post_id, entry in entries.items():
                if post_id not in undone:
                    changes |= mine.get(post_id, entry).changes
            left = [(place, post) for place, post in left if post.id in undone]
            if left:
                tried |= {post_id: entries[post_id] for post_id in undone}
                held = await self._reread(outcomes, pauses)
        if touched:
            await self._posts.refresh(touched)
        return changes

    async def _planned(
        self,
        left: Sequence[tuple[int, StoredPost]],
        held: Mapping[str, Held],
        reservation: Reservation | None,
    ) -> dict[str, Entry]:
        archived = await self._archived(reworded_ids([post for _, post in left], held))
        earliest = None
        if reservation is not None and reservation.earliest_us is not None:
            earliest = from_micros(reservation.earliest_us)
        return plan(left, held, archived=archived, earliest=earliest)

    async def _write(
        self, entries: Mapping[str, Entry], touched: set[str], *, until: float | None
    ) -> dict[str, Outcome]:
        """Archive the wordings that go, then write the posts: a crash between loses none."""
        past = [post for entry in entries.values() for post in entry.past]
        if past:
            archived = await self._bulk.run(
                [
                    Operation(
                        verb=Verb.INDEX,
                        index=self._names.versions,
                        id=version_id(post),
                        body=version_document(post),
                    )
                    for post in past
                ],
                until=until,
            )
            if set(archived) != {Outcome.DONE}:
                raise refusal(self._where, status=403, kind=BLOCKED)
            await self._versions.refresh()
        operations = [await self._operation(entry) for entry in entries.values()]
        touched.update(operation.index for operation in operations)
        outcomes = await self._bulk.run(operations, until=until)
        return {
            operation.id: outcome for operation, outcome in zip(operations, outcomes, strict=True)
        }

    async def _operation(self, entry: Entry) -> Operation:
        body = document(entry.post)
        if entry.held is None:
            index = await self._months.index_for(month_of(entry.post))
            return Operation(verb=Verb.CREATE, index=index, id=entry.post.id, body=body)
        return Operation(
            verb=Verb.INDEX,
            index=entry.held.index,
            id=entry.post.id,
            body=body,
            seq_no=entry.held.seq_no,
            primary_term=entry.held.primary_term,
        )

    async def _update(
        self, post_ids: Sequence[str], changed: Callable[[Held], dict[str, Any] | None]
    ) -> None:
        """Change fields of posts, read again and decided anew where somebody else was faster."""
        left = list(post_ids)
        pauses = self._pauses()
        touched: set[str] = set()
        held = await self._posts.held(left)
        while left:
            operations = [
                Operation(
                    verb=Verb.UPDATE,
                    index=its.index,
                    id=post_id,
                    body={"doc": fields},
                    seq_no=its.seq_no,
                    primary_term=its.primary_term,
                )
                for post_id, its in held.items()
                if (fields := changed(its)) is not None
            ]
            touched.update(operation.index for operation in operations)
            results = await self._bulk.run(operations)
            outcomes = {
                operation.id: outcome
                for operation, outcome in zip(operations, results, strict=True)
            }
            left = [post_id for post_id, outcome in outcomes.items() if outcome != Outcome.DONE]
            if left:
                held = await self._reread(outcomes, pauses)
        if touched:
            await self._posts.refresh(touched)

    async def _reread(
        self, outcomes: Mapping[str, Outcome], pauses: Iterator[float]
    ) -> dict[str, Held]:
        """What the store holds of the posts that were not written, after a moment."""
        undone = {post_id for post_id, outcome in outcomes.items() if outcome != Outcome.DONE}
        pause = next(pauses, None)
        if pause is None:
            if Outcome.BLOCKED in outcomes.values():
                raise refusal(self._where, status=403, kind=BLOCKED)
            raise StoreBusy(
                f"Elasticsearch at {self._where}: posts are changed faster than they can be "
                "stored; let fewer processes ingest the same source"
            )
        if set(outcomes.values()) & {Outcome.BLOCKED, Outcome.GONE}:
            self._months.forget()
        if Outcome.BLOCKED in outcomes.values():
            await self._clock.sleep(pause)
        await self._posts.refresh()
        return await self._posts.held(undone)

    def _pauses(self) -> Iterator[float]:
        """Longer and longer waits, as many as patience has room for."""
        waited, pause = 0.0, _PAUSE_S
        while waited < self._patience_s:
            yield pause
            waited += pause
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    async def _archived(self, post_ids: Iterable[str]) -> dict[str, set[tuple[str, datetime]]]:
        """(content_hash, fetched_at) of earlier wordings, by post."""
        found: dict[str, set[tuple[str, datetime]]] = {}
        for some in chunks(sorted(post_ids), IDS_AT_ONCE):
            body = {
                "size": _MOST_VERSIONS,
                "query": {"terms": {"post_id": some}},
                "sort": [{"version": "desc"}],
                "_source": ["post_id", "content_hash", "fetched_us"],
                "track_total_hits": False,
            }
            for hit in await self._versions.hits(body):
                source = hit["_source"]
                wording = (source["content_hash"], from_micros(source["fetched_us"]))
                found.setdefault(source["post_id"], set()).add(wording)
        return found


def _is_stored(tried: Entry, entry: Entry) -> bool:
    """Whether the store holds what we tried to write: the answer was lost, not the write."""
    return entry.held is not None and document(entry.held.post) == document(tried.post)


def _with(monitors: Iterable[str], monitor: str, *, there: bool) -> list[str]:
    others = set(monitors) - {monitor}
    return sorted(others | {monitor} if there else others)
