from __future__ import annotations

from typing import Any

import pytest

from service.moderation import ClassifyItem
from service.moderation.item import ItemAuthor


def test_an_item_that_names_no_components_asks_for_all() -> None:
    assert {"sentiment", "lexicon", "pii"} < ClassifyItem.from_json({"text": "x"}).asked
    chosen = ClassifyItem.from_json({"text": "x", "components": ["lexicon", "lexicon"]})
    assert chosen.asked == {"lexicon"}


def test_an_id_of_any_kind_is_answered_as_a_string() -> None:
    assert ClassifyItem.from_json({"text": "x", "id": 7}).id == "7"
    assert ClassifyItem.from_json({"text": "x"}).id is None


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ([], "object"),
        ({}, "text"),
        ({"text": 3}, "text"),
        ({"text": "x" * 100_001}, "100000"),
        ({"text": "x", "colour": 1}, "colour"),
        ({"text": "x", "kind": "poem"}, "kind"),
        ({"text": "x", "policy": "mine"}, "policy: 'mine' is not known; known: default"),
        ({"text": "x", "policy": 3}, "policy"),
        ({"text": "x", "parent": {"text": "y"}}, "parent"),
        ({"text": "x", "parent": "y" * 100_001}, "parent"),
        ({"text": "x", "session": "y"}, "session"),
        ({"text": "x", "session": ["y"] * 11}, "session"),
        ({"text": "x", "session": ["y", 3]}, "session"),
        ({"text": "x", "session": ["y" * 100_001]}, "session"),
        ({"text": "x", "author": True}, "author"),
        ({"text": "x", "author": ""}, "author"),
        ({"text": "x", "author": "y" * 201}, "author"),
        ({"text": "x", "author": {"name": "y"}}, "author"),
        ({"text": "x", "author": {"id": "y", "phone": "1"}}, "phone"),
        ({"text": "x", "author": {"id": "y", "source": ""}}, "source"),
        ({"text": "x", "author": {"id": "y", "source": 3}}, "source"),
        ({"text": "x", "offsets": "bytes"}, "offsets"),
        ({"text": "x", "components": []}, "components"),
        ({"text": "x", "components": ["mood"]}, "mood"),
    ],
)
def test_a_bad_item_is_refused_by_name(data: Any, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        ClassifyItem.from_json(data)


def test_what_stands_around_a_text_is_optional() -> None:
    item = ClassifyItem.from_json({"text": "x", "parent": None, "session": None, "author": None})
    assert (item.parent, item.session, item.author, item.policy) == (None, (), None, None)


def test_what_stands_around_a_text_is_kept() -> None:
    item = ClassifyItem.from_json({"text": "x", "parent": "p", "session": ["a", "b"]})
    assert (item.parent, item.session) == ("p", ("a", "b"))


@pytest.mark.parametrize(
    ("given", "author"),
    [
        ("u1", ItemAuthor(id="u1")),
        (7, ItemAuthor(id="7")),
        ({"id": 7, "source": "weibo", "name": "n"}, ItemAuthor(id="7", source="weibo")),
        ({"id": "u1", "followers": 3, "verified": False}, ItemAuthor(id="u1")),
    ],
)
def test_an_author_is_an_id_or_as_on_a_line(given: Any, author: ItemAuthor) -> None:
    assert ClassifyItem.from_json({"text": "x", "author": given}).author == author


def test_an_item_may_name_a_policy_that_is_known() -> None:
    data = {"text": "x", "policy": "strict"}
    assert ClassifyItem.from_json(data, policies={"default", "strict"}).policy == "strict"
