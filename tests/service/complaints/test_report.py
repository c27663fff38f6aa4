"""Figures against a table counted by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.complaints import Clock, Deed, Said
from service.complaints.report import nearest_rank, net_promoters
from service.errors import Forbidden, InvalidInput
from tests.support.clock import START
from tests.support.complaint_scene import LIN, RUI, WEI, ComplaintScene, complaining
from tests.support.drill_scene import limited

MINUTE = timedelta(minutes=1)


async def test_the_figures_of_a_day(scene: ComplaintScene) -> None:
    """Answered after 5, 10 and 20 minutes; one still waits, one was none, one is practice."""
    found = await scene.notice(*(complaining(number) for number in range(1, 6)))
    by_post = {item.post_id: item for item in found}
    first, second, third, waiting, none = (by_post[complaining(n).id] for n in range(1, 6))
    await scene.by_hand(complaining(9), drill=True)
    await scene.handling.dismiss(RUI, none.id, reason="不是投诉")
    for complaint, minutes in ((first, 5), (second, 5), (third, 10)):
        await scene.wait(minutes=minutes)
        await scene.say(complaint, Deed.ANSWER)
    for complaint, rating in ((first, Said(csat=5, nps=10)), (second, Said(csat=2, nps=3))):
        await scene.say(complaint, Deed.RESPOND, Deed.RESOLVE, Deed.TELL)
        await scene.handling.rate(RUI, complaint.id, rating)
    await scene.handling.reopen(RUI, second.id, reason="又没退")

    figures = await scene.report.between(WEI, since=START)
    assert (figures.opened, figures.waiting, figures.overdue) == (5 - 1, 3, 1)
    assert (figures.settled, figures.reopened, figures.dismissed) == (1, 1, 1)
    answers = figures.clocks[Clock.ANSWER]
    # The second answer of the reopened one runs still; the one that waits has run out.
    assert (answers.due, answers.in_time, answers.share) == (4, 2, 0.5)
    assert (answers.median, answers.p90) == (10 * MINUTE, 20 * MINUTE)
    assert figures.clocks[Clock.RESPONSE].due == 2
    assert figures.clocks[Clock.RESOLUTION].share == 1.0
    assert (figures.rated, figures.csat) == (2, 3.5)
    assert (figures.nps_rated, figures.nps) == (2, 0.0)
    assert waiting.id in {item.id for item in await scene.every()}


async def test_an_empty_time_has_no_shares(local: ComplaintScene) -> None:
    figures = await local.report.between(LIN, since=START)
    assert (figures.opened, figures.csat, figures.nps) == (0, None, None)
    assert figures.clocks[Clock.ANSWER].share is None
    assert figures.clocks[Clock.ANSWER].p90 is None


async def test_figures_of_the_monitors_that_one_may_see(local: ComplaintScene) -> None:
    await local.notice(complaining(1), complaining(2, monitors=("milk",)))
    until = START + MINUTE
    local.clock.step(minutes=2)
    bound = limited(RUI, "milk")
    assert (await local.report.between(bound, since=START, until=until)).opened == 1
    both = await local.report.between(LIN, since=START, until=until)
    assert both.opened == 2
    milk = await local.report.between(LIN, since=START, until=until, monitor="milk")
    assert milk.opened == 1
    with pytest.raises(Forbidden):
        await local.report.between(bound, since=START, monitor="tea")


@pytest.mark.parametrize("days", [0, -1, 2_000])
async def test_a_time_that_cannot_be_read(local: ComplaintScene, days: int) -> None:
    with pytest.raises(InvalidInput) as wrong:
        await local.report.between(LIN, since=START, until=START + timedelta(days=days))
    assert [path for path, _ in wrong.value.errors] == ["since"]


@pytest.mark.parametrize(
    ("given", "score"), [((), None), ((10, 9), 100.0), ((0, 6), -100.0), ((10, 7, 0, 8), 0.0)]
)
def test_net_promoters(given: tuple[int, ...], score: float | None) -> None:
    assert net_promoters(given) == score


def test_the_nearest_rank_is_one_of_the_values() -> None:
    values = [number * MINUTE for number in range(1, 11)]
    assert nearest_rank(values, 0.9) == 9 * MINUTE
    assert nearest_rank(values[:1], 0.9) == MINUTE
    assert nearest_rank((), 0.9) is None
