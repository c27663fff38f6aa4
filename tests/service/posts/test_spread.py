"""Trees and copy groups in figures."""

from __future__ import annotations

from datetime import timedelta

from nlp.spread import NoPrediction, Prediction
from service.posts.passed import Passed
from service.posts.spread import copy_group, largest_trees, tree_of
from tests.support.stored_posts import NOON

MINUTE = timedelta(minutes=1)
LATER = NOON + timedelta(hours=2)


def one(name: str, *, minute: int = 0, parent: str | None = None, text: str = "") -> Passed:
    return Passed(
        id=name,
        source="weibo",
        native_id=name,
        author=f"au_{name}",
        at=NOON + minute * MINUTE,
        parent=parent,
        copy_group="group",
        text=text or "转发微博",
        followers=None,
        sentiment=None,
    )


CROWD = [
    one("root", text="青柚茶里喝出了玻璃碎片"),
    *(one(f"s{number}", minute=number, parent="root") for number in range(1, 20)),
]


def test_a_whole_tree_is_predicted_and_a_part_is_not() -> None:
    whole = tree_of(CROWD, root="root", whole=True, as_of=LATER)
    assert isinstance(whole.prediction, Prediction)
    assert whole.prediction.seen == 20
    assert tree_of(CROWD, root="root", whole=False, as_of=LATER).prediction is None
    assert tree_of(CROWD[1:], root="root", whole=True, as_of=LATER).prediction is None


def test_what_has_just_begun_is_counted_only() -> None:
    young = tree_of(CROWD, root="root", whole=True, as_of=NOON + 12 * MINUTE)
    assert young.prediction is NoPrediction.TOO_YOUNG
    assert young.recent == 10


def test_texts_are_told_apart_by_letters_and_the_first_one_stands_for_all() -> None:
    posts = [
        *CROWD,
        one("pasted", minute=30, text="青柚茶里，喝出了玻璃碎片！"),
        one("more", text="真的假的"),
    ]
    found = copy_group("group", posts, total=400)
    assert (found.posts, found.read, found.texts) == (400, 22, 2)
    assert found.sample == "真的假的"
    assert (found.first_at, found.last_at) == (NOON, NOON + 30 * MINUTE)


def test_a_group_of_which_nothing_was_read_says_so() -> None:
    empty = copy_group("group", [], total=7)
    assert (empty.posts, empty.read, empty.texts, empty.sample, empty.first_at) == (
        7,
        0,
        0,
        None,
        None,
    )


def test_trees_are_ranked_by_their_posts_and_nobody_stands_alone() -> None:
    posts = [
        *CROWD[:4],
        one("x", parent="unseen"),
        one("y", parent="unseen"),
        one("z", parent="y", minute=3),
        one("alone"),
    ]
    found = largest_trees(posts, whole=True, as_of=LATER, limit=5)
    assert [(root, tree.cascade.posts) for root, tree in found] == [("root", 4), ("unseen", 3)]
    assert found[1][1].cascade.missing == ("unseen",)
    assert largest_trees(posts, whole=True, as_of=LATER, limit=1)[0][0] == "root"
