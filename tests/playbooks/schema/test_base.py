from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from playbooks.schema import Text
from playbooks.schema.base import Duration, Gloss, Offset


def test_a_gloss_may_be_one_line() -> None:
    adapter: TypeAdapter[Text] = TypeAdapter(Gloss)
    assert adapter.validate_python("字") == Text(zh="字")
    assert adapter.validate_python({"zh": "字", "en": "word"}) == Text(zh="字", en="word")


def test_a_text_is_never_empty() -> None:
    with pytest.raises(ValidationError, match="at least 1 character"):
        Text(zh="")


@pytest.mark.parametrize("value", ["none", None])
def test_an_offset_may_be_none(value: Any) -> None:
    adapter: TypeAdapter[timedelta | None] = TypeAdapter(Offset)
    assert adapter.validate_python(value) is None
    assert adapter.dump_python(None) == "none"


def test_an_offset_is_written_as_it_is_read() -> None:
    adapter: TypeAdapter[timedelta | None] = TypeAdapter(Offset)
    assert adapter.dump_python(adapter.validate_python("1h30m")) == "1h30m"


def test_a_number_is_no_duration() -> None:
    adapter: TypeAdapter[timedelta] = TypeAdapter(Duration)
    with pytest.raises(ValidationError, match="30 is not a duration"):
        adapter.validate_python(30)
