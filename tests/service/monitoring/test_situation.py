"""What a look at a monitor costs, and what of a loud hour it tells."""

from __future__ import annotations

from typing import Any

from service.monitoring.baseline import Baselines
from service.monitoring.situation import SegmentView, Situations
from service.stores.post_store import PostStore
from tests.support.watch_scene import FINE, WatchScene, complaint


class CountedStore:
    """The store, with the names of what was asked of it."""

    def __init__(self, store: PostStore) -> None:
        self._store = store
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        return getattr(self._store, name)


async def look(watch: WatchScene) -> tuple[tuple[SegmentView, ...], list[str]]:
    """The segments as they are now, and what the store was asked after their baselines."""
    here, now = watch.container, watch.clock.now()
    store: Any = CountedStore(here.store)
    situations = Situations(
        store=store,
        baselines=Baselines(here.store, here.settings.zone),
        library=lambda: here.library,
    )
    hour = await situations.hour("tea", now)
    views = await situations.look(
        here.directory.monitors["tea"], hour=hour, standings={}, since=now, now=now
    )
    return views, store.asked


async def test_a_calm_look_reads_windows_alone(watch: WatchScene) -> None:
    await watch.say(FINE, FINE)
    views, asked = await look(watch)
    assert set(asked) == {"segments"}
    assert [view.facts.get("minutes_since_onset") for view in views] == [None] * len(views)


async def test_a_loud_hour_says_since_when(watch: WatchScene) -> None:
    await watch.say(*(complaint(number) for number in range(12)))
    watch.clock.step(minutes=5)
    views, _ = await look(watch)
    age = views[-1].facts.get("minutes_since_onset")
    assert isinstance(age, float)
    assert 5 <= age <= 20
    assert views[-1].facts.get("new_authors_1h") == views[-1].facts.get("authors_1h")


async def test_copies_of_one_text_are_read_for_their_spread(watch: WatchScene) -> None:
    await watch.say(*[FINE + "，大家都去买一杯吧"] * 12)
    views, asked = await look(watch)
    assert asked.count("search") == 1
    whole = views[-1].facts
    assert whole.get("largest_group_1h") == 12
    assert whole.get("coordination_1h") is not None
