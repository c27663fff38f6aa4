"""From a classified text to an incident of a person at risk."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from nlp import CopyKey
from service.db import Database
from service.moderation.at_risk import Sighting
from service.moderation.case import Case, CaseLabel
from service.moderation.sightings import Sightings
from tests.support.clock import START, SteppingClock


class People:
    """Keeps the sightings that it is told of."""

    def __init__(self) -> None:
        self.seen: list[Sighting] = []

    async def notice(self, connection: AsyncConnection, sighting: Sighting, *, now: object) -> None:
        assert connection.in_transaction()
        assert now == START
        self.seen.append(sighting)


def case(*sources: str) -> Case:
    return Case(
        text="不想活了，我的电话 13800138000",
        item_id="7",
        kind="post",
        caller="shop",
        policy="default@x",
        suggestion="review",
        held=False,
        hold_id=None,
        risk_level="high",
        labels=tuple(CaseLabel(label="self_harm", score=1.0, source=source) for source in sources),
        copy_key=CopyKey(exact="", simhash=0, bands=()),
        author="au_1",
        at=START,
    )


async def reported(database: Database, given: Case) -> Sighting:
    people = People()
    await Sightings(database, clock=SteppingClock(), people=people).report(given)
    [sighting] = people.seen
    return sighting


async def test_a_case_is_reported_with_its_author_and_masked(sqlite_database: Database) -> None:
    sighting = await reported(sqlite_database, case("lexicon", "pattern"))
    assert (sighting.author, sighting.said_at) == ("au_1", START)
    assert "13800138000" not in str(sighting.evidence.snapshot)
    assert sighting.rule == "classify:pattern"


async def test_a_case_says_what_found_it(sqlite_database: Database) -> None:
    assert (await reported(sqlite_database, case("lexicon"))).rule == "classify:lexicon"
