"""A brand and everybody else that is known."""

from __future__ import annotations

import pytest

from nlp.targeted import Entity
from service.auth import SYSTEM
from service.db import Database
from service.monitors import BrandDirectory, BrandDraft, BrandKind, Brands, Sides

JICHUAN = BrandDraft(id="jichuan", name="极川汽车", aliases=("极川", "JiChuan"))
YUNFAN = BrandDraft(
    id="yunfan", name="云帆汽车", kind=BrandKind.COMPETITOR, aliases=("云帆", "極川")
)


@pytest.fixture
def directory(database: Database, brands: Brands) -> BrandDirectory:
    return BrandDirectory(database, brands)


async def read(directory: BrandDirectory, brands: Brands, *drafts: BrandDraft) -> None:
    for draft in drafts:
        await brands.put(SYSTEM, draft)
    await directory.refresh()


async def test_all_other_brands_are_the_other_side(
    directory: BrandDirectory, brands: Brands
) -> None:
    await read(directory, brands, JICHUAN, YUNFAN, BrandDraft(id="suxing", name="溯行"))
    assert directory.sides("yunfan") == Sides(
        brand_id="yunfan",
        ours=(Entity("云帆汽车", ("云帆", "極川")),),
        others=(Entity("极川汽车", ("极川", "JiChuan")), Entity("溯行")),
        our_names=frozenset({"云帆汽车", "云帆", "极川"}),
        other_names=frozenset({"极川汽车", "jichuan", "溯行"}),
    )


async def test_a_brand_alone_has_no_sides(directory: BrandDirectory, brands: Brands) -> None:
    assert directory.sides("jichuan") is None
    await read(directory, brands, JICHUAN)
    assert directory.sides("jichuan") is None


async def test_no_brand_and_an_unknown_one_have_none(
    directory: BrandDirectory, brands: Brands
) -> None:
    await read(directory, brands, JICHUAN, YUNFAN)
    assert (directory.sides(None), directory.sides("nobody")) == (None, None)


async def test_between_edits_the_sides_are_one_object(
    directory: BrandDirectory, brands: Brands
) -> None:
    await read(directory, brands, JICHUAN, YUNFAN)
    before = directory.sides("jichuan")
    assert not await directory.refresh()
    assert directory.sides("jichuan") is before


async def test_an_edit_is_seen_at_the_next_refresh(
    directory: BrandDirectory, brands: Brands
) -> None:
    await read(directory, brands, JICHUAN, YUNFAN)
    directory.sides("jichuan")
    await brands.put(SYSTEM, BrandDraft(id="yunfan", name="云舟"))
    assert await directory.refresh()
    sides = directory.sides("jichuan")
    assert sides is not None
    assert sides.other_names == {"云舟"}
    await brands.delete(SYSTEM, "yunfan")
    await directory.refresh()
    assert directory.sides("jichuan") is None
