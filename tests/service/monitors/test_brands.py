from __future__ import annotations

import pytest

from service.auth import SYSTEM
from service.errors import Conflict, InvalidInput
from service.monitors import BrandDraft, BrandKind, Brands, MonitorDraft, Monitors


async def test_aliases_are_kept_once_each_in_order(brands: Brands) -> None:
    saved = await brands.put(
        SYSTEM, BrandDraft(id="tea", name="青岚", aliases=("QingLan", " 青蓝", "QingLan"))
    )
    assert saved.item.aliases == ("QingLan", "青蓝")
    assert saved.item.kind is BrandKind.OWN


async def test_empty_aliases_are_refused(brands: Brands) -> None:
    with pytest.raises(InvalidInput) as refused:
        await brands.put(SYSTEM, BrandDraft(id="tea", name="青岚", aliases=(" ",)))
    assert [path for path, _ in refused.value.errors] == ["aliases"]


async def test_pages_and_kinds(brands: Brands) -> None:
    for name in ("c", "a", "b"):
        kind = BrandKind.COMPETITOR if name == "b" else BrandKind.OWN
        await brands.put(SYSTEM, BrandDraft(id=name, name=name, kind=kind))
    first = await brands.page(limit=2)
    assert [item.id for item in first.items] == ["a", "b"]
    rest = await brands.page(limit=2, after=first.next)
    assert ([item.id for item in rest.items], rest.next) == (["c"], None)
    competitors = await brands.page(kind=BrandKind.COMPETITOR)
    assert [item.id for item in competitors.items] == ["b"]


async def test_words_are_names_and_aliases(brands: Brands) -> None:
    await brands.put(SYSTEM, BrandDraft(id="tea", name="青岚", aliases=("青蓝", "青岚")))
    assert await brands.words() == ("青岚", "青蓝")


async def test_a_brand_in_use_stays(brands: Brands, monitors: Monitors) -> None:
    await brands.put(SYSTEM, BrandDraft(id="tea", name="青岚"))
    await monitors.put(SYSTEM, MonitorDraft(id="m1", name="x", query="青岚", brand_id="tea"))
    with pytest.raises(Conflict, match="in use by monitor m1"):
        await brands.delete(SYSTEM, "tea")
    await monitors.delete(SYSTEM, "m1")
    await brands.delete(SYSTEM, "tea")
