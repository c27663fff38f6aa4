"""Posts that come in: who gets a ticket, and who is in one already."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from service.complaints import Deed, State
from service.complaints.model import Origin, Part
from tests.support.clock import START
from tests.support.complaint_scene import LONG, RUI, ComplaintScene, complaining

MINUTES_15 = timedelta(minutes=15)
ANNA = "au_" + "a" * 20


async def test_a_post_with_a_complaint_opens_a_ticket(scene: ComplaintScene) -> None:
    (found,) = await scene.notice(complaining(), complaining(2, categories=()))
    assert (found.state, found.origin, found.rule_id) == (State.OPEN, Origin.RULE, "default")
    assert (found.monitor_id, found.scenario) == ("tea", "pricing_refunds")
    assert (found.emotion, found.intensity) == ("angry", "strong")
    assert found.due_at == START + MINUTES_15
    assert found.cause != "other"
    assert await scene.kinds(found) == ["opened"]
    assert await scene.told() == ["complaint.opened"]


async def test_bringing_a_post_again_changes_nothing(scene: ComplaintScene) -> None:
    (before,) = await scene.notice(complaining())
    (after,) = await scene.notice(complaining())
    assert after == before


async def test_more_posts_of_a_person_join_until_it_is_resolved(scene: ComplaintScene) -> None:
    (first,) = await scene.notice(complaining(1, author=ANNA), complaining(2, author=ANNA))
    assert first.posts == 2
    await scene.settled(first)
    old, new = await scene.notice(complaining(3, author=ANNA))
    assert (old.posts, new.posts, new.previous_id) == (2, 1, old.id)
    parts = [(item.post_id, item.kind) for item in (await scene.file(old.id)).posts]
    assert [kind for _, kind in parts] == [Part.FIRST, Part.FURTHER]


async def test_one_person_has_a_ticket_a_cause(local: ComplaintScene) -> None:
    quality = complaining(
        2,
        text="奶茶里有虫子，太恶心了",
        author=ANNA,
        scenario="product_quality",
        categories=("contamination",),
    )
    found = await local.notice(complaining(1, author=ANNA), quality)
    assert len({item.cause for item in found}) == 2


async def test_two_monitors_of_a_brand_share_a_ticket(local: ComplaintScene) -> None:
    found = await local.notice(
        complaining(1, author=ANNA), complaining(2, author=ANNA, monitors=("tea2",))
    )
    assert [item.posts for item in found] == [2]
    assert len(await local.notice(complaining(3, author=ANNA, monitors=("milk",)))) == 2


async def test_who_is_not_named_stands_for_themselves(local: ComplaintScene) -> None:
    found = await local.notice(complaining(1, author=None), complaining(2, author=None))
    assert len(found) == 2


async def test_copies_of_many_words_are_folded(scene: ComplaintScene) -> None:
    posts = [complaining(number, text=LONG, copy_group="same") for number in (1, 2, 3)]
    (found,) = await scene.notice(*posts)
    assert found.posts == 3
    kinds = [item.kind for item in (await scene.file(found.id)).posts]
    assert kinds == [Part.FIRST, Part.COPY, Part.COPY]


async def test_few_words_that_are_alike_are_two_people(local: ComplaintScene) -> None:
    posts = [complaining(number, text="不给退款", copy_group="same") for number in (1, 2)]
    assert len(await local.notice(*posts)) == 2


async def test_a_dismissed_person_is_not_asked_for_again(local: ComplaintScene) -> None:
    (found,) = await local.notice(complaining(1, author=ANNA))
    await local.handling.dismiss(RUI, found.id, reason="是在夸我们")
    (again,) = await local.notice(complaining(2, author=ANNA))
    assert (again.state, again.posts) == (State.DISMISSED, 2)


async def test_a_rule_opens_so_many_an_hour(local: ComplaintScene) -> None:
    await local.rule(per_hour=2)
    found = await local.notice(*(complaining(number) for number in (1, 2, 3)))
    assert len(found) == 2
    local.clock.step(minutes=61)
    assert len(await local.notice(complaining(3))) == 3


async def test_a_full_hour_loses_no_post_of_an_open_ticket(local: ComplaintScene) -> None:
    await local.rule(per_hour=1)
    await local.notice(complaining(1, author=ANNA))
    (found,) = await local.notice(complaining(2, author=ANNA))
    assert found.posts == 2


async def test_a_changed_rule_counts_for_the_next_post(local: ComplaintScene) -> None:
    await local.notice(complaining(1))
    await local.rule(enabled=False)
    assert len(await local.notice(complaining(2))) == 1


async def test_practice_on_a_post_hides_no_complaint(local: ComplaintScene) -> None:
    await local.by_hand(complaining(), drill=True)
    found = await local.notice(complaining())
    assert sorted(item.drill for item in found) == [False, True]


async def test_posts_of_no_monitor_cost_nothing(local: ComplaintScene) -> None:
    assert await local.notice(complaining(monitors=())) == ()


async def test_two_processes_make_one_ticket(scene: ComplaintScene) -> None:
    posts = [complaining(number, author=ANNA) for number in (1, 2)]
    scene.shelf.posts |= {post.id: post for post in posts}
    await asyncio.gather(*(scene.watch.notice([post]) for post in posts))
    (found,) = await scene.every()
    assert found.posts == 2
    assert found.version == 1


async def test_it_is_part_of_the_crisis_that_burns(local: ComplaintScene) -> None:
    await local.crisis("inc_old", state="closed")
    await local.crisis("inc_1")
    await local.crisis("inc_drill", drill=True)
    await local.crisis("inc_other", scenario="outage")
    (found,) = await local.notice(complaining())
    assert found.incident_id == "inc_1"
    assert (await local.say(found, Deed.ANSWER)).incident_id == "inc_1"
