"""Names masked: own, other, and what is said after a mention."""

from __future__ import annotations

from nlp.targeted.entity import Mention
from nlp.targeted.slots import GAP, OTHER, OWN, slotted

_TEXT = "从极川换到云帆,云帆2024年没坏"
_MENTIONS = [Mention(0, 1, 3), Mention(1, 5, 7), Mention(1, 8, 10)]


def test_each_mention_is_one_character() -> None:
    post = slotted(_TEXT, _MENTIONS, entities=2)

    assert len(post.text) == len(_TEXT) - 3
    assert post.places == ((1,), (4, 6))


def test_an_entity_sees_itself_and_the_others() -> None:
    post = slotted(_TEXT, _MENTIONS, entities=2)

    assert post.seen_by(0, [post.text]) == f"从{OWN}换到{OTHER},{OTHER}0000年没坏"
    assert post.seen_by(1, [post.text[:2], post.text[4:]]) == f"从{OTHER}{GAP}{OWN},{OWN}0000年没坏"


def test_what_is_said_ends_where_somebody_else_is_named() -> None:
    post = slotted(_TEXT, _MENTIONS, entities=2)

    assert post.said_after(1, 40)[1:] == "换到"
    assert post.seen_by(1, [post.said_after(4, 40)]) == f"{OWN},{OWN}0000年没坏"


def test_what_is_said_is_cut_at_its_length() -> None:
    post = slotted(_TEXT, _MENTIONS, entities=2)

    assert post.said_after(6, 3)[1:] == "202"


def test_private_characters_of_the_post_are_no_slots() -> None:
    post = slotted("\ue000云帆\U000f0001\ue001", [Mention(0, 1, 3)], entities=1)

    assert post.seen_by(0, [post.text]) == f"\ufffd{OWN}\ufffd\ufffd"
