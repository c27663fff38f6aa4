from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from crawlers.setting import BaseUrl, HttpUrl, TimeZone


def test_a_base_url_has_no_slash_at_its_end() -> None:
    assert TypeAdapter(BaseUrl).validate_python("https://a.example/api/") == "https://a.example/api"


@pytest.mark.parametrize(
    "url", ["a.example", "https://a.example/?q", "https://a.example/#x", "https://u:p@a.example"]
)
def test_a_base_url_with_more_than_a_place_is_refused(url: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(BaseUrl).validate_python(url)
    assert "p@" not in caught.value.errors()[0]["msg"]


def test_a_url_is_kept_as_written() -> None:
    assert (
        TypeAdapter(HttpUrl).validate_python("HTTPS://A.example/?q#f") == "HTTPS://A.example/?q#f"
    )


@pytest.mark.parametrize("name", ["Mars/Olympus", "../etc/passwd", ""])
def test_a_zone_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="no time zone"):
        TypeAdapter(TimeZone).validate_python(name)
