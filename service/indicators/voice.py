"""Share of voice by brand: the monitor beside each brand of the other side."""

from __future__ import annotations

from dataclasses import dataclass

from service.auth import Action, Principal, Resource
from service.indicators.definition import IndicatorId
from service.indicators.definitions import DEFINITIONS
from service.indicators.figure import Silence
from service.indicators.surroundings import Surroundings
from service.indicators.window import Window
from service.stores import PostQuery, PostStore


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandVoice:
    """`posts` of the monitors of a brand, each once; `monitors` are theirs, to search by."""

    brand_id: str
    name: str
    posts: int
    monitors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """The monitor's own brand first, then the others, most posts first. A post that names several
    brands counts for each, so `n` may be more than there are posts. Shares say nothing where there
    is a `reason`."""

    reason: Silence | None
    n: int
    items: tuple[BrandVoice, ...]


class VoiceBook:
    """Reads the post store; changes nothing."""

    def __init__(self, *, store: PostStore, surroundings: Surroundings) -> None:
        self._store = store
        self._surroundings = surroundings

    async def of(self, actor: Principal, monitor_id: str, window: Window) -> Voices:
        """Posts of the monitor, and of every brand on the other side that is watched.

        Raises Forbidden, NotFound for the monitor, StoreError.
        """
        actor.require(Action.READ, Resource.INDICATOR, monitor=monitor_id)
        monitor = await self._surroundings.monitor(monitor_id)
        sides = await self._surroundings.rivals_by_brand(monitor)
        if not sides:
            return Voices(reason=Silence.NO_RIVALS, n=0, items=())
        voices = []
        own, *others = sides
        for brand, monitors in ((own[0], (monitor_id,)), *others):
            query = PostQuery(monitors=monitors, since=window.since, until=window.until)
            posts = await self._store.count(query)
            voices.append(
                BrandVoice(brand_id=brand.id, name=brand.name, posts=posts, monitors=monitors)
            )
        n = sum(item.posts for item in voices)
        enough = n >= DEFINITIONS[IndicatorId.SHARE_OF_VOICE].least
        rivals = sorted(voices[1:], key=lambda item: (-item.posts, item.name))
        return Voices(
            reason=None if enough else Silence.NOT_ENOUGH_DATA, n=n, items=(voices[0], *rivals)
        )
