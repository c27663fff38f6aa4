"""The rubric that ships, and what a rubric must be."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from nlp.lexicon import MODERATION
from service.errors import InvalidInput
from service.moderation.review import Ruling, load_rubric
from service.moderation.review.rubric import Rubric

CODE = {"id": "innocent", "ruling": "pass", "zh": "没有", "en": "none"}


def rubric(*codes: dict[str, Any]) -> Rubric:
    return Rubric.model_validate({"version": "1", "codes": codes})


def test_it_can_say_every_moderation_category() -> None:
    assert set(MODERATION) <= load_rubric().labels


def test_every_kind_can_be_passed_and_blocked() -> None:
    for kind in ("post", "advertisement"):
        assert {code.ruling for code in load_rubric().codes_for(kind)} == set(Ruling)


def test_its_name_changes_with_its_words() -> None:
    other = rubric(CODE | {"zh": "没有违规"})
    assert rubric(CODE).name == rubric(CODE).name != other.name
    assert rubric(CODE).name.startswith("1@")


@pytest.mark.parametrize(
    "codes",
    [
        [CODE, CODE],
        [CODE | {"label": "fraud"}],
        [CODE | {"ruling": "block"}],
        [CODE | {"id": "No Code"}],
        [CODE | {"zh": ""}],
        [CODE | {"kind": "story"}],
        [CODE | {"colour": "red"}],
        [],
    ],
)
def test_what_is_no_rubric(codes: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        rubric(*codes)


def test_the_label_of_the_reason_comes_first() -> None:
    labels = load_rubric().check(
        reason="fraud",
        ruling=Ruling.BLOCK,
        kind="post",
        labels=["spam", "fraud", "ad_price_trap"],
        known=["ad_price_trap"],
    )
    assert labels == ("fraud", "spam", "ad_price_trap")


def test_a_pass_may_confirm_what_the_machine_found() -> None:
    labels = load_rubric().check(
        reason="quoted", ruling=Ruling.PASS, kind="post", labels=["fraud"], known=[]
    )
    assert labels == ("fraud",)


def test_a_refusal_names_what_fits() -> None:
    with pytest.raises(InvalidInput) as caught:
        load_rubric().check(
            reason="ad_unmarked", ruling=Ruling.BLOCK, kind="post", labels=[], known=[]
        )
    assert "fraud" in caught.value.errors[0][1]
