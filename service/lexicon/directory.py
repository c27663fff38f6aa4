"""The lexicon that serves: built anew and swapped in whenever a version was saved anywhere."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial

import structlog

from nlp.lexicon import Entry, Lexicon, LiveLexicon
from service.db import Database
from service.lexicon import repository
from service.lexicon.shelf import Shelf
from service.lexicon.shelves import Shelves

log = structlog.get_logger(__name__)


class LexiconDirectory:
    """Follows the saved versions; `live` is what analysers hold."""

    def __init__(
        self, *, database: Database, shelves: Shelves, live: LiveLexicon, threads: bool = True
    ) -> None:
        """`live` begins as what ships. `threads` False builds on the event loop: virtual time."""
        self._database = database
        self._shelves = shelves
        self._live = live
        self._threads = threads
        self._shelf = shelves.shipped
        self._refused = 0
        self._building = asyncio.Lock()

    @property
    def shelf(self) -> Shelf:
        """The entries of the lexicon that serves, as of the last refresh."""
        return self._shelf

    @property
    def live(self) -> LiveLexicon:
        """What texts are matched with."""
        return self._live

    async def is_behind(self) -> bool:
        """Whether a version was saved that does not serve yet, nor was found to be unusable."""
        async with self._database.read() as connection:
            number = await repository.head(connection)
        return number > max(self._shelf.number, self._refused)

    async def refresh(self) -> bool:
        """Build and swap in the latest version; answers whether there was a new one.

        Building happens off the event loop, and so does what analysers derive: the words that stay
        whole, the classes of patterns. A version that cannot be built is logged, and what
        served before goes on serving.
        """
        if not await self.is_behind():
            return False
        async with self._building:
            shelf = await self._shelves.current()
            if shelf.number <= max(self._shelf.number, self._refused):
                return False
            swap = partial(_swapped, self._live, shelf.active())
            try:
                lexicon = await asyncio.to_thread(swap) if self._threads else swap()
            except Exception:
                self._refused = shelf.number
                log.exception("lexicon.build_failed", version=shelf.number)
                return False
            self._shelf = shelf
        log.info(
            "lexicon.swapped",
            version=shelf.number,
            fingerprint=lexicon.version,
            entries=len(lexicon.entries),
        )
        return True


def _swapped(live: LiveLexicon, entries: Iterable[Entry]) -> Lexicon:
    lexicon = Lexicon(entries)
    live.swap(lexicon)
    return lexicon
