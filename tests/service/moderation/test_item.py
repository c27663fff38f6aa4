from __future__ import annotations

from typing import Any

import pytest

from service.moderation import ClassifyItem


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
        ({"text": "x", "policy": "mine"}, "policy"),
        ({"text": "x", "offsets": "bytes"}, "offsets"),
        ({"text": "x", "components": []}, "components"),
        ({"text": "x", "components": ["mood"]}, "mood"),
    ],
)
def test_a_bad_item_is_refused_by_name(data: Any, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        ClassifyItem.from_json(data)
