from __future__ import annotations

from dataclasses import replace

import pytest

from playbooks import TierTable, load_library
from service.auth import SYSTEM
from service.oncall import ChainBook, ChainDraft, shipped_chains
from service.oncall.model import EVERYBODY, ChainStep
from service.oncall.problems import chain_problems
from service.oncall.roster import Roster
from tests.support.oncall_scene import OncallScene


@pytest.mark.parametrize("tier", shipped_chains())
def test_the_shipped_chains_are_sound_and_name_nobody_in_particular(tier: str) -> None:
    chain = shipped_chains()[tier]

    assert list(chain_problems(chain, Roster(), tiers=shipped_chains())) == []


def test_every_shipped_tier_has_a_chain_and_only_the_gravest_wakes_people() -> None:
    assert list(shipped_chains()) == list(load_library().tiers.ids)
    assert [chain.ignores_quiet for chain in shipped_chains().values()] == [False, False, True]


async def test_a_chain_of_ones_own_lies_over_the_shipped_one(local: OncallScene) -> None:
    own = ChainDraft(
        id="red", name="自家", steps=(ChainStep(notify=(EVERYBODY,)),), anew=0, rest_min=0
    )
    await local.books.chains.put(SYSTEM, own)
    book = ChainBook(load_library().tiers)

    async with local.database.read() as connection:
        assert await book.of(connection, "red") == own
        assert await book.of(connection, "yellow") == shipped_chains()["yellow"]


async def test_tiers_of_another_table_take_the_chain_they_follow_or_that_of_their_place(
    local: OncallScene,
) -> None:
    tiers = TierTable.model_validate(
        {
            "id": "four",
            "tiers": [
                {"id": name, "name": {"zh": name, "en": name}, "colour": "#000000"}
                | ({} if follows is None else {"follows": follows})
                for name, follows in (
                    ("iv", None),
                    ("yellow", None),
                    ("ii", "yellow"),
                    ("i", None),
                )
            ],
            "downgrade_by_person_from": "ii",
        }
    )
    book = ChainBook(tiers)

    async with local.database.read() as connection:
        found = [(await book.of(connection, tier)).id for tier in ("iv", "yellow", "ii", "i")]

    assert found == ["yellow", "yellow", "yellow", "red"]
    assert book.gravest == "i"


async def test_a_chain_of_a_role_is_of_its_tier_alone(local: OncallScene) -> None:
    own = ChainDraft(id="red.legal", name="法务", steps=(ChainStep(notify=(EVERYBODY,)),))
    await local.books.chains.put(SYSTEM, own)
    book, shipped = ChainBook(load_library().tiers), shipped_chains()["red"]

    async with local.database.read() as connection:
        found = await book.for_role(connection, "red", "legal")
        assert await book.for_role(connection, "orange", "legal") is None
        assert await book.of(connection, "red") == shipped

    assert found == replace(own, anew=shipped.anew, rest_min=shipped.rest_min)
