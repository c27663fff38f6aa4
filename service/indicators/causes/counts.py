"""How often each cause is named in the posts of a monitor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.causes import Cause, CauseFinder
from service.auth import Action, Principal, Resource
from service.indicators.causes.told import Told, teller
from service.indicators.sample import MOST_READ, read_posts
from service.indicators.surroundings import Surroundings
from service.indicators.window import Window
from service.stores import PostQuery, PostStore

COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseCount:
    """`share` is of the posts read; a post that names several causes counts for each.

    Posts without a known author add none to `authors`.
    """

    cause: Cause
    posts: int
    share: float
    authors: int
    complaints: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """`read` of the `posts` of the window were read; `named` of those name a cause that was asked
    for. `items` are those that were named, most first."""

    version: str
    posts: int
    read: int
    named: int
    items: tuple[CauseCount, ...]


class Causes:
    """Reads the post store; changes nothing. Causes are found when they are asked for."""

    def __init__(
        self,
        *,
        store: PostStore,
        surroundings: Surroundings,
        finder: CauseFinder,
        most: int = MOST_READ,
    ) -> None:
        self._store = store
        self._surroundings = surroundings
        self._finder = finder
        self._most = most

    async def counted(
        self, actor: Principal, monitor_id: str, window: Window, *, scenario: str | None = None
    ) -> Counted:
        """The causes of a scenario, or of all of them, in the monitor's posts.

        Raises Forbidden, NotFound for the monitor, StoreError.
        """
        actor.require(Action.READ, Resource.INDICATOR, monitor=monitor_id)
        await self._surroundings.monitor(monitor_id)
        found = await read_posts(
            self._store,
            PostQuery(monitors=(monitor_id,)),
            window,
            keep=teller(self._finder, monitor_id),
            most=self._most,
        )
        asked = self._finder.of_scenario(scenario)
        items = counts(found.items, asked)
        wanted = {cause.id for cause in asked}
        return Counted(
            version=self._finder.version,
            posts=found.of,
            read=found.n,
            named=sum(not wanted.isdisjoint(told.causes) for told in found.items),
            items=items,
        )


def counts(read: Sequence[Told], causes: Sequence[Cause]) -> tuple[CauseCount, ...]:
    """Those of the causes that were named, most posts first, then by name."""
    naming: defaultdict[str, list[Told]] = defaultdict(list)
    for told in read:
        for name in told.causes:
            naming[name].append(told)
    found = [
        CauseCount(
            cause=cause,
            posts=len(posts),
            share=len(posts) / len(read),
            authors=len({told.author for told in posts} - {None}),
            complaints=sum(told.intent == COMPLAINT for told in posts),
        )
        for cause in causes
        if (posts := naming.get(cause.id))
    ]
    return tuple(sorted(found, key=lambda item: (-item.posts, item.cause.id)))
