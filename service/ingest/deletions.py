"""Posts that their source has no longer: marked in the store, and on the evidence of incidents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crawlers import PostKey
from service.clock import Clock
from service.db import Database
from service.errors import SchemaOutdated
from service.incidents import repository
from service.ingest.gate import StoreGate
from service.metrics import posts_ingested
from service.stores import PostChange, PostStore, StoreError


class Deletions:
    """The one way in which the news of a deletion comes in. Idempotent, as ingesting is."""

    def __init__(
        self, *, database: Database, store: PostStore, clock: Clock, gate: StoreGate
    ) -> None:
        self._database = database
        self._store = store
        self._clock = clock
        self._gate = gate

    async def note(self, keys: Sequence[PostKey], *, via: str) -> Mapping[str, PostChange]:
        """Mark the posts as deleted; what that changed, by post id, unknown posts left out.

        They stay stored, count and are shown as deleted; what an incident has frozen stays as it
        is. A post that its source brings again later is not deleted any more. Raises StoreError,
        at once while the gate is shut.
        """
        wanted = sorted({key.id for key in keys})
        if not wanted:
            return {}
        self._gate.require_open()
        now = self._clock.now()
        try:
            done = await self._store.mark_deleted(wanted, at=now)
        except (StoreError, SchemaOutdated) as error:
            await self._gate.failed(error)
            raise
        changes = {item.id: item.change for item in done}
        for change in changes.values():
            posts_ingested.labels(source=via, change=change.value).inc()
        # All that are marked, and not those alone that this changed: a crash between the two
        # databases must not leave evidence that nobody knows to be gone.
        marked = (await self._store.get_many(sorted(changes))).values()
        gone = [post.id for post in marked if post.deleted_at is not None]
        async with self._database.write() as connection:
            await repository.note_deletion(connection, gone, gone=True, at=now)
        return changes
