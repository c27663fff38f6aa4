from __future__ import annotations

import pytest

from service.errors import InvalidInput
from service.incidents.words import said


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_nothing_is_nothing(text: str | None) -> None:
    assert said(text, most=5) is None


def test_blanks_around_words_go() -> None:
    assert said(" 已停售\n", most=5) == "已停售"


def test_too_much_is_named_by_its_place() -> None:
    with pytest.raises(InvalidInput, match="at most 5") as caught:
        said("123456", most=5, path="reason")
    assert caught.value.errors == (("reason", "6"),)
