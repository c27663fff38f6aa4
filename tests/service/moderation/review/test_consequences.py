"""Verdicts reach the real holds and accounts."""

from __future__ import annotations

import pytest

from nlp import CopyKey
from service.moderation.accounts import Accounts
from service.moderation.hold_index import Hold, HoldState
from service.moderation.holds import Holds
from service.moderation.policies import Indicator
from service.moderation.review import AuthorVerdicts, HoldVerdicts, Ruling
from tests.support.clock import START
from tests.support.review_scene import ReviewScene

HOLD = Hold(
    id="hold_1",
    kind="post",
    blocking=True,
    state=HoldState.PENDING,
    labels=(),
    risk_level="high",
    key=CopyKey(exact="e1", simhash=0, bands=()),
    policy="default@1",
    caller="key_1",
    created_at=START,
    updated_at=START,
)


@pytest.mark.parametrize(
    ("ruling", "state"), [(Ruling.BLOCK, HoldState.CONFIRMED), (Ruling.PASS, HoldState.LIFTED)]
)
async def test_a_verdict_decides_the_hold(
    scene: ReviewScene, ruling: Ruling, state: HoldState
) -> None:
    holds = Holds(scene.database, clock=scene.clock)
    async with scene.database.write() as connection:
        await holds.place(connection, [HOLD])
        await HoldVerdicts(holds).decided(connection, HOLD.id, ruling, by="usr_1", now=START)
    await holds.refresh()
    assert (holds.get(HOLD.id).state, holds.get(HOLD.id).decided_by) == (state, "usr_1")


async def test_a_hold_that_is_gone_stops_no_verdict(local: ReviewScene) -> None:
    verdicts = HoldVerdicts(Holds(local.database, clock=local.clock))
    async with local.database.write() as connection:
        await verdicts.decided(connection, "hold_none", Ruling.PASS, by="usr_1", now=START)


@pytest.mark.parametrize(
    ("ruling", "overturned", "counted"),
    [
        (Ruling.BLOCK, False, {Indicator.VERDICT_AGAINST}),
        (Ruling.PASS, True, {Indicator.APPEAL_WON}),
        (Ruling.PASS, False, set()),
    ],
)
async def test_an_author_is_counted_for_or_against(
    scene: ReviewScene, ruling: Ruling, overturned: bool, counted: set[Indicator]
) -> None:
    accounts = Accounts(scene.database, clock=scene.clock)
    async with scene.database.write() as connection:
        await AuthorVerdicts(accounts).judged(
            connection, "au_1", ruling, overturned=overturned, now=START
        )
    assert set((await accounts.counts(["au_1"])).get("au_1", {})) == counted
