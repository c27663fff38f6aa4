"""Stories: what takes posts in, puts them together, shows them and forgets them."""

from __future__ import annotations

from dataclasses import dataclass

from service.bootstrap.catalogue import Catalogue
from service.bootstrap.ground import Ground
from service.db.leases import Tenure
from service.stories import StoryBook, StoryClustering, StoryForgetting, StoryInbox
from service.stories.job import LEASE


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryParts:
    """`clustering` is upkeep: real time only. What a replay leaves in the inbox waits for it."""

    inbox: StoryInbox
    clustering: StoryClustering
    book: StoryBook
    forgetting: StoryForgetting


def open_stories(ground: Ground, catalogue: Catalogue) -> StoryParts:
    """The stories over both databases."""
    database, store, clock = ground.database, ground.store, ground.clock
    tenure = Tenure(database, LEASE, owner=ground.settings.worker_id, now=clock.now)
    return StoryParts(
        inbox=StoryInbox(database),
        clustering=StoryClustering(
            database=database,
            store=store,
            clock=clock,
            tenure=tenure,
            names=catalogue.brands.words,
        ),
        book=StoryBook(database, store=store, clock=clock),
        forgetting=StoryForgetting(database, store=store, clock=clock),
    )
