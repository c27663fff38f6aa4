"""Copy groups: equal and nearly equal texts share one, across batches and inside them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from nlp import CopyKey, copy_key, normalize
from service.ingest.copies import HORIZON, CopyGroups
from service.stores.post_store import KnownCopy, PostStore
from tests.support.ingest_scene import IngestScene
from tests.support.stored_posts import NOON, stored_post

LONG = "今天在江湾店买的青柚茶里喝出一只虫子，店员还不承认，投诉也没人理，大家千万别买了"


class Copies:
    """A store of which only this is asked; `asked` has the bands of each question."""

    def __init__(self, known: list[KnownCopy]) -> None:
        self.known = known
        self.asked: list[list[str]] = []

    async def find_copies(self, bands, *, since, least):
        self.asked.append(list(bands))
        return tuple(one for one in self.known if len(one.bands) >= least)


def stored(group: str, key: CopyKey, *, simhash: int | None = None) -> KnownCopy:
    sketch = key.simhash if simhash is None else simhash
    return KnownCopy(group=group, simhash=sketch, bands=frozenset(key.bands))


def over(store: Copies) -> CopyGroups:
    return CopyGroups(cast(PostStore, store))


def key(text: str) -> CopyKey:
    return copy_key(normalize(text).text)


async def test_equal_short_texts_share_a_group_without_asking() -> None:
    store = Copies([])
    groups = await over(store).resolve([key("退钱"), key("退钱"), key("退款")], now=NOON)
    assert groups[0] == groups[1] != groups[2]
    assert store.asked == []


async def test_a_near_copy_joins_the_group_that_is_known() -> None:
    known = key(LONG)
    groups = await over(Copies([stored("grp", known)])).resolve([key(LONG + "！")], now=NOON)
    assert groups == ["grp"]


async def test_what_only_shares_bands_is_no_copy() -> None:
    other = key(LONG)
    far = stored("far", other, simhash=other.simhash ^ ((1 << 32) - 1))
    assert await over(Copies([far])).resolve([other], now=NOON) == [other.exact]


async def test_what_shares_the_bands_of_another_text_is_no_copy() -> None:
    other = replace(key(LONG), bands=("of", "another"))
    groups = await over(Copies([stored("other", other)])).resolve([key(LONG)], now=NOON)
    assert groups == [key(LONG).exact]


async def test_of_equally_near_groups_the_smaller_id_wins() -> None:
    mine = key(LONG)
    known = [stored("b", mine), stored("a", mine)]
    assert await over(Copies(known)).resolve([mine], now=NOON) == ["a"]


async def test_a_large_batch_is_asked_in_pieces_and_remembers_its_own() -> None:
    store = Copies([])
    keys = [key(f"{LONG}，这已经是第{number}家门店出同样的问题了") for number in range(45)]
    keys.append(keys[0])
    groups = await over(store).resolve(keys, now=NOON)
    assert len(store.asked) == 6
    assert groups[-1] == groups[0]


async def test_inside_a_batch_too_only_keys_that_share_bands_are_compared() -> None:
    one = CopyKey(exact="one", simhash=0b11, bands=("a", "b", "c"))
    near = CopyKey(exact="near", simhash=0b01, bands=("a", "b", "d"))
    apart = CopyKey(exact="apart", simhash=0b11, bands=("a", "e", "f"))
    groups = await over(Copies([])).resolve([one, near, apart], now=NOON)
    assert groups == ["one", "one", "apart"]


async def test_an_old_twin_starts_a_group_of_its_own(scene: IngestScene, posts: PostStore) -> None:
    mine = key(LONG)
    old = stored_post(
        1,
        LONG,
        copy_group="old",
        copy_bands=mine.bands,
        simhash=mine.simhash,
        published_at=NOON,
    )
    await posts.upsert([old])
    groups = CopyGroups(posts)
    assert await groups.resolve([mine], now=NOON + timedelta(hours=1)) == ["old"]
    assert await groups.resolve([mine], now=NOON + HORIZON + timedelta(seconds=1)) == [mine.exact]


@given(st.lists(st.text("澄屿青柚茶虫子退钱", max_size=12), max_size=25))
async def test_each_text_has_the_group_of_its_first_appearance(texts: list[str]) -> None:
    groups = await over(Copies([])).resolve([key(text) for text in texts], now=NOON)
    first: dict[str, str] = {}
    for text, group in zip(texts, groups, strict=True):
        assert first.setdefault(key(text).exact, group) == group
