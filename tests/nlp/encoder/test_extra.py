"""A missing extra is said in words."""

from __future__ import annotations

import pytest

from nlp.encoder.extra import needs_extra
from nlp.errors import ExtraMissing


def test_a_library_of_the_extra_is_named_with_what_to_install() -> None:
    with (
        pytest.raises(
            ExtraMissing, match=r'torch is not installed.*pip install "fengsui\[torch\]"'
        ),
        needs_extra("torch"),
    ):
        raise ModuleNotFoundError("No module named 'torch'", name="torch.nn")


def test_another_missing_library_is_not_blamed_on_the_extra() -> None:
    with pytest.raises(ModuleNotFoundError, match="left_pad"), needs_extra("torch"):
        raise ModuleNotFoundError("No module named 'left_pad'", name="left_pad")


def test_what_is_there_is_let_through() -> None:
    with needs_extra("torch"):
        import json
    assert json.loads("1") == 1
