"""Topics on new posts."""

from __future__ import annotations

from sqlalchemy import update

from service.coverage import CANARY
from service.db.tables import topic_weights
from service.topics.marks import MARKS, TopicMarks
from tests.support.stored_posts import stored_post
from tests.support.stored_topics import TopicScene
from tests.support.topic_scene import FOOD, theme_of


async def test_nothing_is_noted_without_an_active_version(scene: TopicScene) -> None:
    await scene.fit()
    post = stored_post(900, words=FOOD[:4])
    assert await scene.marks.mark({post.id: post}) == {post.id: post}


async def test_a_new_post_keeps_topic_version_and_probability(scene: TopicScene) -> None:
    version = await scene.fit(activate=True)
    new = stored_post(900, words=FOOD[:4], analysis={"emotion": None})
    strange = stored_post(901, words=("没见过", "也没有"))
    marked = await scene.marks.mark({post.id: post for post in (new, strange)})
    (mark,) = marked[new.id].analysis[MARKS]
    topic = (version.findings or {})["topics"][mark["topic"]]
    assert (mark["monitor"], mark["version"]) == (None, 1)
    assert theme_of([term["word"] for term in topic["terms"][:5]]) == 0
    assert 0.5 < mark["probability"] <= 1
    assert marked[new.id].analysis["emotion"] is None
    assert marked[strange.id].analysis[MARKS][0]["topic"] is None


async def test_a_version_of_a_monitor_is_for_its_posts(scene: TopicScene) -> None:
    await scene.monitor("tea")
    await scene.fit(monitor="tea", activate=True)
    await scene.fit(activate=True)
    mine = stored_post(900, words=FOOD[:4])
    other = stored_post(901, words=FOOD[:4], monitors=("cars",))
    marked = await scene.marks.mark({post.id: post for post in (mine, other)})
    assert [item["version"] for item in marked[mine.id].analysis[MARKS]] == [1, 2]
    assert [item["version"] for item in marked[other.id].analysis[MARKS]] == [2]


async def test_the_canary_is_about_nothing(scene: TopicScene) -> None:
    await scene.fit(activate=True)
    canary = stored_post(900, words=FOOD[:4], via=CANARY)
    assert MARKS not in (await scene.marks.mark({canary.id: canary}))[canary.id].analysis


async def test_many_posts_in_turns(scene: TopicScene) -> None:
    await scene.fit(activate=True)
    posts = [stored_post(900 + n, words=FOOD[:4]) for n in range(230)]
    marked = await scene.marks.mark({post.id: post for post in posts})
    assert list(marked) == [post.id for post in posts]
    assert all(post.analysis[MARKS][0]["topic"] is not None for post in marked.values())


async def test_weights_that_cannot_be_read_are_passed_over(scene: TopicScene) -> None:
    await scene.fit(activate=True)
    async with scene.database.write() as connection:
        await connection.execute(update(topic_weights).values(content="bm9wZQ=="))
    post = stored_post(900, words=FOOD[:4])
    marks = TopicMarks(scene.database)
    assert await marks.mark({post.id: post}) == {post.id: post}
    assert not await marks.refresh()
