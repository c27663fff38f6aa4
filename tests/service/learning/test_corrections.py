"""People say what a post should have been read as."""

from __future__ import annotations

import pytest

from service.audit import AuditFilter, entries
from service.errors import Forbidden, InvalidInput, NotFound
from service.learning import Head
from service.learning.corrections import label_of
from tests.support.clock import START
from tests.support.learning_scene import ANA, VIEWER, LearningScene
from tests.support.stored_posts import stored_post


async def test_a_correction_is_kept_with_what_stood_there(scene: LearningScene) -> None:
    post = await scene.posted(1, scenario="outage")
    made = await scene.corrections.correct(
        ANA, post.id, head="scenario", label="none", note="  一句玩笑 "
    )
    assert (made.head, made.label, made.machine) == (Head.SCENARIO, "none", "outage")
    assert (made.note, made.author, made.at) == ("一句玩笑", ANA.id, START)
    assert made.versions == {"encoder": "old-1"}
    assert await scene.corrections.of_post(VIEWER, post.id) == (made,)


async def test_a_correction_is_audited_without_the_text(local: LearningScene) -> None:
    post = await local.posted()
    await local.corrections.correct(ANA, post.id, head="sentiment", label="negative", note="嗯")
    async with local.database.read() as connection:
        (row,) = (await entries(connection, where=AuditFilter(action="correction.made"))).items
    assert (row.subject_id, row.actor) == (post.id, ANA.id)
    assert row.data == {"head": "sentiment", "label": "negative", "machine": "neutral"}


async def test_the_post_stays_as_it_was_read(local: LearningScene) -> None:
    post = await local.posted(sentiment="positive")
    await local.corrections.correct(ANA, post.id, head="sentiment", label="negative")
    kept = await local.store.get(post.id)
    assert kept is not None
    assert kept.sentiment == "positive"


@pytest.mark.parametrize(
    ("head", "label", "path"),
    [
        ("mood", "bad", "head"),
        ("decision", "block", "head"),
        ("sentiment", "angry", "label"),
        ("scenario", "weather", "label"),
        ("abuse", "0.7", "label"),
    ],
)
async def test_unknown_heads_and_labels_are_refused(
    local: LearningScene, head: str, label: str, path: str
) -> None:
    post = await local.posted()
    with pytest.raises(InvalidInput) as error:
        await local.corrections.correct(ANA, post.id, head=head, label=label)
    assert [where for where, _ in error.value.errors] == [path]


async def test_a_note_has_bounds(local: LearningScene) -> None:
    post = await local.posted()
    with pytest.raises(InvalidInput, match="note"):
        await local.corrections.correct(
            ANA, post.id, head="sentiment", label="negative", note="长" * 1_001
        )


async def test_a_post_that_is_not_stored(local: LearningScene) -> None:
    with pytest.raises(NotFound, match="no post has the id 'gone'"):
        await local.corrections.correct(ANA, "gone", head="sentiment", label="negative")


async def test_who_only_looks_corrects_nothing(local: LearningScene) -> None:
    post = await local.posted()
    with pytest.raises(Forbidden):
        await local.corrections.correct(VIEWER, post.id, head="sentiment", label="negative")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (Head.SENTIMENT, "neutral"),
        (Head.SCENARIO, "none"),
        (Head.EMOTION, "angry"),
        (Head.INTENT, None),
        (Head.ABUSE, "abusive"),
    ],
)
def test_what_a_post_was_read_as(head: Head, expected: str | None) -> None:
    analysis = {"emotion": {"label": "angry"}, "intent": None, "abuse": {"score": 0.5}}
    assert label_of(stored_post(analysis=analysis), head) == expected


def test_a_post_that_no_model_read() -> None:
    assert label_of(stored_post(analysis={"abuse": None}), Head.ABUSE) is None
