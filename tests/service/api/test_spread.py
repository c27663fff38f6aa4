"""How spread looks from outside where little is known."""

from __future__ import annotations

from datetime import timedelta

from service.api.spread import crowd_spread_view, post_spread_view
from service.posts import CrowdSpread, PostSpread, passed
from service.posts.spread import tree_of
from tests.support.stored_posts import NOON, stored_post

NOW = NOON + timedelta(hours=2)


def test_a_root_that_is_not_stored_has_nothing_but_its_id() -> None:
    share = passed(stored_post(2, repost_of="1", author=None))
    assert share.parent is not None
    tree = tree_of([share], root=share.parent, whole=True, as_of=NOW)
    view = post_spread_view(
        PostSpread(asked=share.id, root=share.parent, whole=True, tree=tree, copies=None), limit=5
    )

    assert view["root"] == {
        "post": share.parent,
        "stored": False,
        "author": None,
        "published_at": None,
        "followers": None,
        "text": None,
    }
    assert [node["stored"] for node in view["nodes"]] == [False, True]
    assert view["predicted"] == {"final_posts": None, "missing": "not_whole"}
    assert view["copies"] is None


def test_a_single_post_says_why_nothing_is_predicted() -> None:
    alone = passed(stored_post(1))
    tree = tree_of([alone], root=alone.id, whole=True, as_of=NOW)
    view = post_spread_view(
        PostSpread(asked=alone.id, root=alone.id, whole=True, tree=tree, copies=None), limit=5
    )
    assert view["predicted"]["missing"] == "too_few"
    assert (view["nodes_total"], view["edges"], view["spreaders"]) == (1, [], [])


def test_a_tree_without_a_post_has_no_speed() -> None:
    tree = tree_of([], root="gone", whole=True, as_of=NOW)
    view = crowd_spread_view(
        "inc", CrowdSpread(as_of=NOW, posts=0, read=0, groups=(), trees=(("gone", tree),))
    )
    assert view["trees"][0]["speed"] is None
    assert view["trees"][0]["text"] is None
