"""Everything that edits and follows the lexicon in one process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from zoneinfo import ZoneInfo

from nlp.lexicon import Lexicon, LiveLexicon
from service.clock import Clock
from service.db import Database
from service.db.follower import EVERY, Follower
from service.lexicon.desk import LexiconDesk
from service.lexicon.directory import LexiconDirectory
from service.lexicon.preview import Previewer
from service.lexicon.shelves import Shelves
from service.stores import PostStore


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconLife:
    """`live` is for analysers; `follower` must run in every process that has one."""

    live: LiveLexicon
    shelves: Shelves
    desk: LexiconDesk
    directory: LexiconDirectory
    previewer: Previewer
    follower: Follower

    @classmethod
    async def begin(
        cls,
        shipped: Lexicon,
        *,
        database: Database,
        store: PostStore,
        clock: Clock,
        zone: ZoneInfo,
        virtual: bool = False,
    ) -> Self:
        """What ships with the saved versions over it. `virtual` is without threads and waiting."""
        threads = not virtual
        live = LiveLexicon(shipped)
        shelves = Shelves(database, shipped.entries, threads=threads)
        directory = LexiconDirectory(database=database, shelves=shelves, live=live, threads=threads)
        await directory.refresh()
        return cls(
            live=live,
            shelves=shelves,
            desk=LexiconDesk(database=database, clock=clock, shelves=shelves, threads=threads),
            directory=directory,
            previewer=Previewer(store=store, clock=clock, live=live, zone=zone, threads=threads),
            follower=Follower(
                directory,
                name="lexicon",
                database=database,
                clock=clock,
                every=None if virtual else EVERY,
            ),
        )
