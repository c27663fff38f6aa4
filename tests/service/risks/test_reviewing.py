"""Reviews on the clock: asked, escalated, missed, made good; and an owner who has left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from service.auth import SYSTEM
from service.errors import InvalidInput, NotFound
from service.recurring import Round, RoundState
from service.risks.reviewing import ReviewStanding, standing
from tests.support.incident_scene import LEAD, RESPONDER
from tests.support.risk_scene import RiskScene, open_risks

pytestmark = pytest.mark.asyncio(loop_scope="module")
DAY = timedelta(days=1)
AT = datetime(2026, 5, 1, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RiskScene]:
    async with open_risks(Path(tmp_path_factory.mktemp("reviewing"))) as scene:
        yield scene


async def test_a_quarter_without_a_review_warns_the_owner_and_goes_up(place: RiskScene) -> None:
    risk = await place.enter()
    due_at = (await place.entry(risk)).review.due_at
    assert due_at is not None
    assert timedelta(days=85) < due_at - place.now < timedelta(days=95)

    await place.wait(days=(due_at - place.now).days - 15)
    assert place.told(risk) == []
    await place.wait(days=2)
    assert place.told(risk) == ["to-mei:recurring.due_soon"]
    await place.wait(days=30)
    told = place.told(risk)
    assert told[:2] == ["to-mei:recurring.due_soon", "to-mei:recurring.due"]
    assert "to-mei:recurring.escalated" in told
    entry = await place.entry(risk)
    assert entry.is_overdue
    assert entry.review.overdue_since == due_at

    late = await place.desk.review(RESPONDER, risk.id, note="仍然成立", evidence=None)
    history = await place.register.history(LEAD, risk.id, before=None, limit=1)
    assert (history[0].kind, history[0].data["late"]) == ("reviewed", True)
    after = await place.entry(late)
    assert not after.is_overdue
    assert after.review.due_at is not None
    assert timedelta(days=85) < after.review.due_at - due_at < timedelta(days=95)


async def test_a_review_that_nobody_did_is_missed_and_stays_so_until_one_is(
    place: RiskScene,
) -> None:
    risk = await place.enter(title="错过")
    await place.wait(days=190)
    entry = await place.entry(risk)
    assert entry.review.missed == 1
    assert entry.is_overdue
    assert "to-mei:recurring.missed" in place.told(risk)
    await place.desk.review(RESPONDER, risk.id, note="补上", evidence="https://docs.example/r")
    assert not (await place.entry(risk)).is_overdue


async def test_a_look_in_between_leaves_the_next_review_due(place: RiskScene) -> None:
    risk = await place.enter(title="早")
    before = (await place.entry(risk)).review.due_at
    saved = await place.desk.review(RESPONDER, risk.id, note="随手看看", evidence=None)
    assert saved.version == 2
    assert (await place.entry(risk)).review.due_at == before


async def test_another_owner_is_asked_from_then_on(place: RiskScene) -> None:
    risk = await place.enter(title="换人")
    await place.desk.edit(LEAD, risk.id, place.draft(title="换人", owner=place.other))
    await place.wait(days=95)
    assert set(place.told(risk)) >= {"to-hua:recurring.due"}
    assert not any(line.startswith("to-mei") for line in place.told(risk))


async def test_another_rhythm_forgives_no_review_that_is_due(place: RiskScene) -> None:
    risk = await place.enter(title="拖着")
    await place.wait(days=95)
    before = (await place.entry(risk)).review
    assert before.overdue_since is not None
    await place.desk.edit(LEAD, risk.id, place.draft(title="拖着", review_months=12))
    assert (await place.entry(risk)).review == before
    await place.desk.review(RESPONDER, risk.id, note="补上", evidence=None)
    following = (await place.entry(risk)).review.due_at
    assert following is not None
    assert following - before.overdue_since > timedelta(days=250)


async def test_another_title_asks_nobody_again(place: RiskScene) -> None:
    risk = await place.enter(title="旧名")
    await place.wait(days=95)
    told = place.told(risk)
    await place.desk.edit(LEAD, risk.id, place.draft(title="新名"))
    await place.wait(hours=1)
    assert place.told(risk) == told


async def test_who_takes_over_what_is_due_hears_that_it_is(place: RiskScene) -> None:
    risk = await place.enter(title="接手")
    await place.wait(days=95)
    told = place.told(risk)
    await place.desk.edit(LEAD, risk.id, place.draft(title="接手", owner=place.other))
    await place.wait(hours=1)
    assert place.told(risk)[len(told) :] == ["to-hua:recurring.due"]


async def test_an_owner_who_left_is_flagged_and_everybody_hears(place: RiskScene) -> None:
    risk = await place.enter(title="离职", owner=place.other)
    assert not (await place.entry(risk)).owner.left
    await place.container.users.set_disabled(SYSTEM, place.other, disabled=True)
    try:
        entry = await place.entry(risk)
        assert (entry.owner.left, entry.owner.name) == (True, "hua")
        await place.wait(days=95)
        assert "real:recurring.due" in place.told(risk)
        with pytest.raises(InvalidInput) as caught:
            await place.desk.edit(LEAD, risk.id, place.draft(owner=place.other, legal=1))
        assert [path for path, _ in caught.value.errors] == ["owner"]
    finally:
        await place.container.users.set_disabled(SYSTEM, place.other, disabled=False)


async def test_a_retired_entry_asks_nobody_and_a_reopened_one_does_again(
    place: RiskScene,
) -> None:
    risk = await place.enter(title="销账")
    await place.desk.retire(LEAD, risk.id, reason="产品下架")
    await place.wait(days=120)
    assert place.told(risk) == []
    assert (await place.entry(risk)).review.due_at is None
    reopened = await place.desk.reopen(LEAD, risk.id, reason="又上架")
    due_at = (await place.entry(reopened)).review.due_at
    assert due_at is not None
    assert due_at > place.now
    await place.desk.edit(LEAD, risk.id, place.draft(title="销账后"))
    moved = (await place.entry(reopened)).review.due_at
    assert moved == due_at


async def test_the_duty_of_an_entry_is_no_duty_of_the_catalogue(place: RiskScene) -> None:
    risk = await place.enter(title="不外露")
    kept = f"risk:{risk.id}"
    duties = place.container.recurring
    assert [item.id for item in (await duties.page()).items if ":" in item.id] == []
    with pytest.raises(NotFound):
        await duties.get(kept)
    with pytest.raises(NotFound):
        await duties.delete(LEAD, kept)
    with pytest.raises(NotFound):
        await place.container.recurring_desk.rounds(LEAD, kept, limit=1)
    with pytest.raises(NotFound):
        await place.container.recurring_desk.do(LEAD, kept, "x", note="n", evidence=None)


def a_round(due: datetime, state: RoundState, *, done_at: datetime | None = None) -> Round:
    return Round(
        id="r",
        duty_id="risk:a",
        due_at=due,
        state=state,
        created_at=due - 90 * DAY,
        done_at=done_at,
        done_by=None,
        note=None,
        evidence=None,
    )


@pytest.mark.parametrize(
    ("rounds", "expected"),
    [
        ([], ReviewStanding()),
        ([a_round(AT + DAY, RoundState.OPEN)], ReviewStanding(due_at=AT + DAY)),
        (
            [a_round(AT - DAY, RoundState.OPEN)],
            ReviewStanding(due_at=AT - DAY, overdue_since=AT - DAY),
        ),
        (
            [
                a_round(AT - 100 * DAY, RoundState.MISSED),
                a_round(AT - 10 * DAY, RoundState.DONE, done_at=AT - DAY),
            ],
            ReviewStanding(missed=1),
        ),
        (
            [a_round(AT - 10 * DAY, RoundState.DONE, done_at=AT + DAY)],
            ReviewStanding(overdue_since=AT - 10 * DAY),
        ),
        ([a_round(AT + DAY, RoundState.MISSED)], ReviewStanding()),
        (
            # Given up five days later, when the next one was planned.
            [a_round(AT - 20 * DAY, RoundState.MISSED), a_round(AT + 95 * DAY, RoundState.OPEN)],
            ReviewStanding(due_at=AT + 95 * DAY, overdue_since=AT - 20 * DAY),
        ),
    ],
)
async def test_a_standing_is_that_of_its_instant(
    rounds: list[Round], expected: ReviewStanding
) -> None:
    assert standing(rounds, at=AT) == expected
