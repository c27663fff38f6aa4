"""What a monitor stands among: its rivals, and the topics that are active for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from service.monitors import Brand, BrandKind, Brands, Monitor, Monitors


class ActiveTopics(Protocol):
    """Says which version of the topics is active for a monitor."""

    async def __call__(self, monitor: str) -> str | None:
        """The version whose topics the monitor's posts are counted by; None where there is none."""
        ...


class Surroundings:
    """Brands and monitors as indicators need them."""

    def __init__(self, *, monitors: Monitors, brands: Brands, active_topics: ActiveTopics) -> None:
        self._monitors = monitors
        self._brands = brands
        self._active_topics = active_topics

    async def monitor(self, monitor_id: str) -> Monitor:
        """Raises NotFound."""
        return await self._monitors.get(monitor_id)

    async def enabled(self) -> tuple[Monitor, ...]:
        return await self._monitors.every(enabled_only=True)

    async def topics(self, monitor_id: str) -> str | None:
        return await self._active_topics(monitor_id)

    async def rivals(self, monitor: Monitor) -> tuple[str, ...]:
        """Monitors of brands on the other side, by id: competitors for us, us for a competitor.
        Those of no brand have none, and are nobody's."""
        if monitor.brand_id is None:
            return ()
        brands: Mapping[str, Brand] = {item.id: item for item in await self._brands.every()}
        own = brands[monitor.brand_id].kind
        other = BrandKind.COMPETITOR if own is BrandKind.OWN else BrandKind.OWN
        return tuple(
            item.id
            for item in await self.enabled()
            if item.brand_id is not None and brands[item.brand_id].kind is other
        )

    async def rivals_by_brand(self, monitor: Monitor) -> tuple[tuple[Brand, tuple[str, ...]], ...]:
        """The monitor's own brand, then each brand on the other side, with their enabled monitors.
        Empty where the monitor has no brand, or nobody on the other side is watched."""
        rivals = frozenset(await self.rivals(monitor))
        if monitor.brand_id is None or not rivals:
            return ()
        own: tuple[Brand, tuple[str, ...]] | None = None
        others = []
        monitors = await self.enabled()
        for brand in await self._brands.every():
            theirs = tuple(item.id for item in monitors if item.brand_id == brand.id)
            if brand.id == monitor.brand_id:
                own = (brand, theirs)
            elif not rivals.isdisjoint(theirs):
                others.append((brand, theirs))
        return () if own is None else (own, *others)
