"""What people said, gathered from where each of them said it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from service.audit import record
from service.db import tables
from service.learning import Head, Origin, content_of
from service.learning.row import instant_of
from service.moderation.at_risk import evidence_id
from tests.support.learning_scene import ANA, LearningScene
from tests.support.review_scene import ANNA, EVE, GATEWAY, PASS
from tests.support.stored_posts import NOON


async def test_a_verdict_with_who_when_and_what_said_it_before(scene: LearningScene) -> None:
    await scene.ruled("加微信领红包", versions={"lexicon": "lex-7"}, author="au1")
    (row,) = (await scene.gathering.gather()).rows
    assert (row.origin, row.head, row.label) == (Origin.VERDICT, Head.DECISION, "block")
    assert (row.machine, row.versions) == ("review", {"lexicon": "lex-7"})
    assert (row.by, row.at) == (ANNA.id, "2024-03-01T02:01:00.000Z")
    assert row.labels
    assert "au1" not in str(row.as_json())


async def test_a_verdict_on_appeal_is_the_last_word(local: LearningScene) -> None:
    review = local.review
    await local.ruled("加微信领红包")
    first = await local.gathering.gather()
    (item_id,) = (row.id.removeprefix("review:") for row in first.rows)
    local.clock.step(minutes=1)
    await review.appeals.against_verdict(GATEWAY, item_id, words="我没有")
    local.clock.step(minutes=1)
    await review.decide(await review.item(item_id), EVE, PASS)

    (row,) = (await local.gathering.gather()).rows
    assert (row.origin, row.label, row.by) == (Origin.APPEAL, "pass", EVE.id)
    # And what was said by then is still what it was.
    assert first.until is not None
    assert await local.gathering.gather(until=first.until) == first


async def test_a_blind_second_opinion_is_no_training(local: LearningScene) -> None:
    local.review.chance = 0.0
    await local.ruled("加微信领红包")
    local.clock.step(minutes=1)
    (twin,) = await local.review.pending(EVE)
    await local.review.decide(twin, EVE, PASS)
    (row,) = (await local.gathering.gather()).rows
    assert row.label == "block"


async def test_a_correction_with_the_reading_that_it_corrects(scene: LearningScene) -> None:
    post = await scene.posted(1, "呵呵，好得很", sentiment="positive", title="评论")
    await scene.corrections.correct(ANA, post.id, head="sentiment", label="negative")
    (row,) = (await scene.gathering.gather()).rows
    assert (row.origin, row.head, row.label, row.machine) == (
        Origin.CORRECTION,
        Head.SENTIMENT,
        "negative",
        "positive",
    )
    assert row.text == "评论\n呵呵，好得很"
    assert (row.versions, row.by) == ({"encoder": "old-1"}, ANA.id)


async def test_the_last_correction_of_a_head_counts(local: LearningScene) -> None:
    post = await local.posted()
    for label in ("negative", "positive"):
        local.clock.step(minutes=1)
        await local.corrections.correct(ANA, post.id, head="sentiment", label=label)
    await local.corrections.correct(ANA, post.id, head="intent", label="praise")
    labels = {row.head: row.label for row in (await local.gathering.gather()).rows}
    assert labels == {Head.SENTIMENT: "positive", Head.INTENT: "praise"}


async def test_personal_information_is_masked(local: LearningScene) -> None:
    await local.corrected(1, "打我电话 13812345678 退款")
    await local.ruled("加我 13912345678 领红包")
    content = content_of((await local.gathering.gather()).rows).decode()
    assert "13812345678" not in content
    assert "13912345678" not in content


async def test_what_its_author_took_down_is_left_out(local: LearningScene) -> None:
    await local.corrected(1, "漏水")
    await local.corrected(2, "漏油")
    await local.store.mark_deleted([f"p{1:023d}"], at=NOON + timedelta(days=1))
    assert [row.text for row in (await local.gathering.gather()).rows] == ["漏油"]


async def test_words_that_were_edited_since_are_left_out(local: LearningScene) -> None:
    await local.corrected(1, "漏水")
    await local.posted(1, "不漏了，好评", version=2)
    assert (await local.gathering.gather()).rows == ()


async def test_a_post_marked_as_not_about_us(scene: LearningScene) -> None:
    await scene.marked()
    (row,) = (await scene.gathering.gather()).rows
    assert (row.origin, row.head, row.label, row.machine) == (
        Origin.NOT_ABOUT_US,
        Head.ABOUT_US,
        "no",
        "yes",
    )
    assert (row.text, row.by) == ("别家的事", ANA.id)
    # When it was marked, not when it was frozen.
    assert row.at == "2024-03-01T02:02:00.000Z"


async def test_drills_and_people_at_risk_are_nobodys_training(local: LearningScene) -> None:
    await local.marked(1, drill=True)
    await local.marked(2, kind="person_at_risk")
    assert (await local.gathering.gather()).rows == ()


async def test_evidence_that_its_author_took_down_or_had_erased(scene: LearningScene) -> None:
    for number in (1, 2):
        await scene.marked(number)
    await scene.store.mark_deleted([f"p{2:023d}"], at=NOON + timedelta(days=1))
    assert [row.id for row in (await scene.gathering.gather()).rows] == [f"mark:inc_1:p{1:023d}"]
    await scene.store.delete_by_author("au9")
    assert (await scene.gathering.gather()).rows == ()


async def test_verdicts_on_an_author_who_was_erased(scene: LearningScene) -> None:
    await scene.ruled("加微信领红包", author="au1")
    await scene.ruled("上门推销", author="au2")
    async with scene.database.write() as connection:
        await record(
            connection,
            at=scene.clock.step(minutes=1),
            actor=ANNA.id,
            action="author.erased",
            subject_type="author",
            subject_id="au1",
            data={},
        )
    scene.clock.step(minutes=1)
    await scene.ruled("又来加微信", author="au1")
    assert [row.text for row in (await scene.gathering.gather()).rows] == [
        "上门推销",
        "又来加微信",
    ]


async def test_what_people_at_risk_wrote_is_nobodys_training(scene: LearningScene) -> None:
    await scene.marked(kind="person_at_risk")
    await scene.corrections.correct(ANA, f"p{1:023d}", head="emotion", label="neutral")
    assert (await scene.gathering.gather()).rows == ()


async def test_nor_what_they_sent_to_be_classified(local: LearningScene) -> None:
    text = "不想活了"
    await local.ruled(text, author="au1")
    await local.marked(kind="person_at_risk")
    async with local.database.write() as connection:
        kept = evidence_id(text, caller=GATEWAY.id, author="au1")
        await connection.execute(update(tables.incident_post).values(post_id=kept))
    assert (await local.gathering.gather()).rows == ()


async def test_what_was_said_up_to_an_instant(local: LearningScene) -> None:
    await local.corrected(1, "漏水")
    await local.ruled("加微信领红包")
    await local.marked(2)
    whole = await local.gathering.gather()
    assert len(whole.rows) == 3
    for count in (1, 2, 3):
        until = instant_of(whole.rows[count - 1])
        found = await local.gathering.gather(until=until)
        assert len(found.rows) == count
        earlier = await local.gathering.gather(until=until - timedelta(milliseconds=1))
        assert len(earlier.rows) == count - 1


async def test_the_same_words_are_the_same_bytes(scene: LearningScene) -> None:
    await scene.corrected(1, "漏水")
    await scene.ruled("加微信领红包")
    first, again = await scene.gathering.gather(), await scene.gathering.gather()
    assert content_of(first.rows) == content_of(again.rows)
    assert first.sha256 == again.sha256
