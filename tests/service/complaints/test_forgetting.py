"""An author who is erased: what was measured stays, the person does not."""

from __future__ import annotations

from datetime import timedelta

from service.complaints import Deed, Said
from tests.support.clock import START
from tests.support.complaint_scene import LONG, RUI, ComplaintScene, complaining

ANNA = "au_" + "a" * 20
BELA = "au_" + "b" * 20
HOUR = timedelta(hours=1)


async def test_a_ticket_without_its_person(scene: ComplaintScene) -> None:
    (found,) = await scene.notice(complaining(author=ANNA))
    await scene.settled(found)
    await scene.handling.rate(RUI, found.id, Said(csat=2, words="我姓王", said_by="王女士"))
    await scene.handling.reopen(RUI, found.id, reason="王女士又来了")
    before = await scene.file(found.id)

    assert await scene.forgetting.forget_author(ANNA) == 1
    file = await scene.file(found.id)
    after = file.complaint
    assert (after.author, after.post_id, after.url, after.text) == (None,) * 4
    assert after.erased_at == scene.clock.now()
    assert file.posts == ()
    assert {(item.url, item.text) for item in file.answers} == {(None, None)}
    assert [(item.csat, item.words, item.said_by) for item in file.ratings] == [(2, None, None)]
    assert {item.note for item in file.history} == {None}
    assert file.clocks == before.clocks
    assert (after.state, after.csat) == (before.complaint.state, 2)
    assert ANNA not in repr(file)
    assert str(found.post_id) not in repr(file)
    assert await scene.forgetting.forget_author(ANNA) == 0


async def test_who_comes_back_is_somebody_else(local: ComplaintScene) -> None:
    await local.notice(complaining(author=ANNA))
    await local.forgetting.forget_author(ANNA)
    old, new = await local.notice(complaining(2, author=ANNA))
    assert (new.previous_id, new.ordinal) == (None, 1)
    assert old.subject != new.subject


async def test_a_copy_leaves_the_ticket_of_another(local: ComplaintScene) -> None:
    (found,) = await local.notice(
        complaining(1, author=ANNA, text=LONG, copy_group="same"),
        complaining(2, author=BELA, text=LONG, copy_group="same"),
    )
    assert await local.forgetting.forget_author(BELA) == 0
    file = await local.file(found.id)
    assert [item.author for item in file.posts] == [ANNA]
    assert (file.complaint.author, file.complaint.posts) == (ANNA, 2)
    assert complaining(2).id not in repr(file)
    assert complaining(1).id in repr(file.history)


async def test_a_settled_ticket_loses_its_words_with_its_post(scene: ComplaintScene) -> None:
    """A post that is too old to be kept is not kept in the ticket either."""
    posts = [complaining(number, published_at=START - HOUR) for number in (1, 2, 3)]
    await scene.notice(*posts, complaining(4))
    by_post = {item.post_id: item for item in await scene.every()}
    settled, waiting, kept, new = (by_post[complaining(n).id] for n in (1, 2, 3, 4))
    for item in (settled, kept, new):
        await scene.settled(item)

    assert await scene.forgetting.forget_before(START, keep=[posts[2].id]) == 1
    after = await scene.now(settled)
    assert (after.text, after.url, after.author) == (None, None, settled.author)
    assert after.posts == 1
    for item in (waiting, kept, new):
        assert (await scene.now(item)).text is not None
    assert await scene.forgetting.forget_before(START, keep=[posts[2].id]) == 0


async def test_what_is_not_settled_stays_in_the_queue(local: ComplaintScene) -> None:
    found = await local.one(author=ANNA)
    await local.forgetting.forget_author(ANNA)
    answered = await local.say(found, Deed.ANSWER)
    await local.wait(hours=5)
    assert (await local.now(answered)).breaches == 1
