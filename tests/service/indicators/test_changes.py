"""Changes of stored posts, put down to what changed."""

from __future__ import annotations

import pytest

from service.auth import SYSTEM
from service.errors import NotFound
from service.indicators import AuthorsBy, Explained, Measure, Window
from service.indicators.attribution import Attribution, Cell
from service.indicators.changes import UNMARKED, AuthorGroup, by_standing, measured
from service.stores import AuthorCell
from tests.support.clock import START
from tests.support.indicator_scene import DAY, IndicatorScene

AFTER = Window(since=START - DAY, until=START)
BEFORE = Window(since=START - 2 * DAY, until=START - DAY)
YESTERDAY = DAY + DAY / 2
LATELY = DAY / 2


async def explain(
    scene: IndicatorScene,
    measure: Measure,
    *monitors: str,
    authors_by: AuthorsBy = AuthorsBy.STANDING,
) -> Explained:
    return await scene.changes.explain(
        SYSTEM,
        monitors or ("tea",),
        measure,
        before=BEFORE,
        after=AFTER,
        authors_by=authors_by,
    )


def parts(found: Attribution | None, dimension: str) -> dict[str, float]:
    assert found is not None
    return {item.value: item.part for item in found.values[dimension]}


async def test_more_posts_by_source_topic_and_author(scene: IndicatorScene) -> None:
    scene.topics = "2"
    await scene.posts(5, ago=YESTERDAY, author="au_a", followers=5, topic="2:1")
    await scene.posts(9, ago=LATELY, author="au_b", verified=True, topic="2:4")
    await scene.posts(2, ago=LATELY, source="forum")
    found = await explain(scene, Measure.VOLUME)
    assert found.dimensions == ("source", "topic", "author")
    assert parts(found.found, "source") == {"weibo": 4, "forum": 2}
    assert parts(found.found, "topic") == {"2:4": 9, "2:1": -5, UNMARKED: 2}
    assert parts(found.found, "author") == {
        "verified": 9,
        "followers_below_1000": -5,
        "unknown": 2,
    }


async def test_new_and_returning_authors(scene: IndicatorScene) -> None:
    await scene.posts(1, ago=40 * DAY, author="au_a")
    await scene.posts(1, ago=120 * DAY, author="au_b")
    await scene.posts(3, ago=LATELY, author="au_a")
    await scene.posts(4, ago=LATELY, author="au_b")
    await scene.posts(5, ago=LATELY)
    found = await explain(scene, Measure.VOLUME, authors_by=AuthorsBy.FAMILIARITY)
    assert parts(found.found, "author") == {"unknown": 5, "new": 4, "returning": 3}


async def test_a_share_by_brand(scene: IndicatorScene) -> None:
    for ago, negative in ((YESTERDAY, 2), (LATELY, 8)):
        await scene.posts(negative, ago=ago, sentiment="negative")
        await scene.posts(10 - negative, ago=ago)
        await scene.posts(10, ago=ago, monitors=("rival",))
    found = await explain(scene, Measure.NEGATIVE_SHARE, "tea", "rival")
    assert found.dimensions == ("source", "author", "brand")
    assert found.found is not None
    assert found.found.change == pytest.approx(0.3)
    assert parts(found.found, "brand") == pytest.approx({"chengyu": 0.3, "yunpu": 0})
    total = sum(found.found.dimensions.values()) + found.found.rate
    assert total == pytest.approx(0.3, abs=1e-9)


async def test_nothing_before_is_said(scene: IndicatorScene) -> None:
    await scene.posts(5, ago=LATELY)
    assert (await explain(scene, Measure.NET_SENTIMENT)).found is None
    volume = (await explain(scene, Measure.VOLUME)).found
    assert volume is not None
    assert volume.change == 5


async def test_an_unknown_monitor_is_refused(scene: IndicatorScene) -> None:
    with pytest.raises(NotFound):
        await explain(scene, Measure.VOLUME, "nobody")


def cell(author: str | None, *, followers: int | None = None, verified: bool = False) -> AuthorCell:
    return AuthorCell(
        author=author,
        source="weibo",
        topic=None,
        posts=4,
        engagement=11,
        negative=2,
        positive=1,
        rated=3,
        followers=followers,
        verified=verified,
    )


def test_authors_by_the_best_that_was_seen() -> None:
    cells = [
        cell("a", followers=10),
        cell("a", followers=1_000),
        cell("b", verified=True),
        cell("b", followers=5),
        cell("c", followers=100_000),
        cell("d"),
        cell(None),
    ]
    assert by_standing(cells) == {
        "a": AuthorGroup.MIDDLE,
        "b": AuthorGroup.VERIFIED,
        "c": AuthorGroup.LARGE,
        "d": AuthorGroup.UNKNOWN,
    }


@pytest.mark.parametrize(
    ("measure", "counted"),
    [
        (Measure.VOLUME, Cell(4)),
        (Measure.NEGATIVE, Cell(2)),
        (Measure.ENGAGEMENT, Cell(11)),
        (Measure.NEGATIVE_SHARE, Cell(2, 3)),
        (Measure.NET_SENTIMENT, Cell(-1, 3)),
    ],
)
def test_what_is_measured(measure: Measure, counted: Cell) -> None:
    assert measured(cell("a"), measure) == counted
