"""The queue, opening by hand, passing on, and the crisis that a complaint is part of."""

from __future__ import annotations

from typing import Any

import pytest

from service.complaints import Complaint, ComplaintFilter, Deed, NewComplaint, State
from service.complaints.model import Origin, Part
from service.complaints.repository import position
from service.db import tables
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from tests.support.complaint_scene import (
    LIN,
    LONG,
    MEI,
    RUI,
    WEI,
    ComplaintScene,
    complaining,
)
from tests.support.drill_scene import limited

ANNA = "au_" + "a" * 20


async def queue(scene: ComplaintScene, **named: Any) -> list[str]:
    """Ids of the queue as a lead sees it."""
    wanted = ComplaintFilter(**named)
    return [item.id for item in await scene.desk.page(LIN, wanted)]


async def three(scene: ComplaintScene) -> list[Complaint]:
    """One a minute: the first is responded, the second answered, the third open."""
    found = []
    for number, deeds in ((1, (Deed.RESPOND,)), (2, (Deed.ANSWER,)), (3, ())):
        scene.clock.step(minutes=1)
        made = (await scene.notice(complaining(number)))[-1]
        found.append(await scene.say(made, *deeds))
    return found


async def test_the_queue_is_by_time_to_breach(scene: ComplaintScene) -> None:
    responded, answered, fresh = await three(scene)
    assert await queue(scene) == [fresh.id, answered.id, responded.id]
    await scene.say(responded, Deed.RESOLVE)
    scene.clock.step(minutes=1)
    later = (await scene.notice(complaining(4)))[-1]
    assert await queue(scene) == [fresh.id, later.id, answered.id, responded.id]


async def test_pages_go_on_where_they_ended(scene: ComplaintScene) -> None:
    await scene.notice(*(complaining(number) for number in range(1, 8)))
    whole, seen = await queue(scene), []
    after = None
    while page := await scene.desk.page(LIN, ComplaintFilter(), after=after, limit=3):
        seen += [item.id for item in page]
        after = position(page[-1])
    assert seen == whole
    assert len(set(whole)) == 7


async def test_filters_are_anded(local: ComplaintScene) -> None:
    responded, answered, fresh = await three(local)
    await local.wait(minutes=20)
    assert await queue(local, states=(State.OPEN, State.ANSWERED)) == [fresh.id, answered.id]
    assert await queue(local, assignees=("",)) == [fresh.id]
    assert set(await queue(local, assignees=(RUI.id, ""))) == {
        responded.id,
        answered.id,
        fresh.id,
    }
    assert await queue(local, breached=True) == [fresh.id]
    assert await queue(local, breached=False, assignees=(RUI.id,)) == [answered.id, responded.id]
    assert len(await queue(local, causes=(fresh.cause,), scenarios=("pricing_refunds",))) == 3
    assert await queue(local, opened_since=answered.opened_at) == [fresh.id, answered.id]
    assert await queue(local, opened_since=answered.opened_at, opened_until=fresh.opened_at) == [
        answered.id
    ]
    assert await queue(local, monitors=("milk",)) == []
    assert await queue(local, incidents=("inc_1",)) == []
    assert await queue(local, drill=True) == []


async def test_who_is_bound_to_monitors_sees_theirs(local: ComplaintScene) -> None:
    tea, milk = await local.notice(complaining(1), complaining(2, monitors=("milk",)))
    bound = limited(RUI, "milk")
    assert await local.desk.page(bound, ComplaintFilter()) == (milk,)
    with pytest.raises(Forbidden):
        await local.desk.file(bound, tea.id)


async def test_a_person_opens_one_from_any_post(scene: ComplaintScene) -> None:
    post = complaining(categories=(), analysis={}, scenario=None, text="你们这样不好", author=ANNA)
    found = await scene.by_hand(post, note="电话里也说了", cause="attitude")
    assert (found.origin, found.rule_id, found.opened_by) == (Origin.HAND, None, RUI.id)
    assert (found.cause, found.emotion) == ("attitude", None)
    with pytest.raises(Conflict, match=rf"{found.id} \(open\) has this post"):
        await scene.by_hand(post, cause="attitude")
    further = await scene.by_hand(complaining(2, author=ANNA), cause="attitude")
    assert (further.id, further.posts) == (found.id, 2)


async def test_what_is_said_of_a_post_that_joins_is_kept(scene: ComplaintScene) -> None:
    (found,) = await scene.notice(complaining(1, author=ANNA))
    await scene.crisis("inc_1", scenario="outage")
    joined = await scene.by_hand(
        complaining(2, author=ANNA), note="店里又来了", incident_id="inc_1"
    )
    assert (joined.id, joined.incident_id) == (found.id, "inc_1")
    assert [event.note for event in (await scene.file(found.id)).history] == [
        None,
        "店里又来了",
        None,
    ]
    assert await scene.kinds(found) == ["opened", "post_joined", "related"]


async def test_a_ticket_of_a_merged_crisis_is_of_the_one_that_goes_on(
    scene: ComplaintScene,
) -> None:
    await scene.crisis("inc_part", state="merged", merged_into="inc_more")
    await scene.crisis("inc_more", state="merged", merged_into="inc_whole")
    await scene.crisis("inc_whole", scenario="outage")
    found = await scene.one()
    table = tables.complaint
    async with scene.database.write() as connection:
        await connection.execute(table.update().values(incident_id="inc_part"))
    for name in ("inc_part", "inc_whole"):
        assert await queue(scene, incidents=(name,)) == [found.id]
    assert await queue(scene, incidents=("inc_else",)) == []


async def test_a_copy_gets_a_ticket_of_its_own_by_hand(local: ComplaintScene) -> None:
    posts = [complaining(number, text=LONG, copy_group="same") for number in (1, 2)]
    (folded,) = await local.notice(*posts)
    own = await local.by_hand(posts[1])
    assert own.id != folded.id
    assert [item.kind for item in (await local.file(own.id)).posts] == [Part.FIRST]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"post_id": "p_none"}, NotFound),
        ({"monitor": "milk"}, InvalidInput),
        ({"cause": " "}, InvalidInput),
        ({"cause": "退款\u202e慢"}, InvalidInput),
        ({"incident_id": "inc_none"}, NotFound),
    ],
)
async def test_what_cannot_be_opened(
    local: ComplaintScene, changes: dict[str, Any], wrong: type[Exception]
) -> None:
    post = complaining()
    local.shelf.posts[post.id] = post
    with pytest.raises(wrong):
        await local.desk.open(RUI, NewComplaint(**({"post_id": post.id} | changes)))
    with pytest.raises(Forbidden):
        await local.desk.open(WEI, NewComplaint(post_id=post.id))
    assert await local.every() == ()


async def test_who_may_harm_themselves_is_for_their_rota_alone(local: ComplaintScene) -> None:
    post = complaining(categories=("complaint", "pattern:self_harm"))
    local.shelf.posts[post.id] = post
    with pytest.raises(Conflict, match="the rota of people at risk"):
        await local.desk.open(RUI, NewComplaint(post_id=post.id))
    assert await local.every() == ()


async def test_practice_stays_apart(local: ComplaintScene) -> None:
    (real,) = await local.notice(complaining())
    practice = await local.by_hand(complaining(), drill=True)
    assert practice.id != real.id
    assert await queue(local) == [real.id]
    assert await queue(local, drill=True) == [practice.id]
    await local.crisis("inc_real")
    with pytest.raises(InvalidInput, match="apart"):
        await local.desk.relate(RUI, practice.id, incident_id="inc_real")


async def test_it_is_taken_and_handed_over(scene: ComplaintScene) -> None:
    await scene.account(RUI, MEI)
    found = await scene.one()
    taken = await scene.desk.assign(RUI, found.id, person=RUI.id)
    assert taken.assignee == RUI.id
    with pytest.raises(Conflict, match=f"{RUI.id} has complaint"):
        await scene.desk.assign(MEI, found.id, person=MEI.id)
    given = await scene.desk.assign(MEI, found.id, person=MEI.id, note="他下班了")
    assert given.assignee == MEI.id
    again = await scene.desk.assign(MEI, found.id, person=RUI.id, version=given.version)
    assert await scene.kinds(found) == ["opened", "assigned", "handed_over", "handed_over"]
    assert await scene.addressed("complaint.assigned") == [("rui",)]
    assert await scene.desk.assign(RUI, found.id, person=RUI.id) == again
    assert (await scene.desk.assign(RUI, found.id, person=None)).assignee is None


async def test_it_goes_to_nobody_who_may_not_work_it(local: ComplaintScene) -> None:
    found = await local.one()
    await local.account(WEI)
    await local.account(MEI, disabled=True)
    for who in (WEI.id, MEI.id, "usr_ghost"):
        with pytest.raises(InvalidInput):
            await local.desk.assign(RUI, found.id, person=who)


async def test_whoever_has_it_is_warned_first(local: ComplaintScene) -> None:
    await local.account(RUI, MEI)
    found = await local.one()
    await local.desk.assign(MEI, found.id, person=MEI.id)
    await local.wait(minutes=30)
    assert await local.addressed("complaint.due_soon") == [("mei",)]
    assert await local.addressed("complaint.due") == [("mei",)]
    assert await local.addressed("complaint.opened") == [None]


async def test_who_cannot_be_reached_leaves_it_to_the_others(local: ComplaintScene) -> None:
    await local.account(RUI)
    async with local.database.write() as connection:
        await connection.execute(tables.contact.delete())
    found = await local.one()
    await local.desk.assign(LIN, found.id, person=RUI.id)
    await local.wait(minutes=10)
    assert await local.addressed("complaint.assigned") == []
    assert await local.addressed("complaint.due_soon") == [None]


async def test_nobody_has_it_and_everybody_hears(local: ComplaintScene) -> None:
    await local.one()
    await local.wait(minutes=30)
    assert await local.addressed("complaint.due") == [None]


async def test_it_is_part_of_a_crisis(local: ComplaintScene) -> None:
    found = await local.one()
    await local.crisis("inc_whole", scenario="outage")
    await local.crisis("inc_part", scenario="outage", merged_into="inc_whole", state="merged")
    await local.crisis("inc_backlog", kind="backlog")
    related = await local.desk.relate(RUI, found.id, incident_id="inc_part")
    assert related.incident_id == "inc_whole"
    assert await queue(local, incidents=("inc_whole",)) == [found.id]
    same = await local.desk.relate(RUI, found.id, incident_id="inc_whole")
    assert same.version == related.version
    with pytest.raises(InvalidInput, match="only a crisis"):
        await local.desk.relate(RUI, found.id, incident_id="inc_backlog")
    assert (await local.desk.relate(RUI, found.id, incident_id=None)).incident_id is None
