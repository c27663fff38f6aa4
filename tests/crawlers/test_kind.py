from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crawlers.kind import ENABLED_BECAUSE, MAX_REASON, OPTIONAL_FIELDS, Basis, SourceKind
from crawlers.registry import kinds
from crawlers.sources.steam import STEAM

UNOFFICIAL = replace(STEAM, basis=Basis.UNOFFICIAL)


def test_a_field_that_no_post_has_is_refused_and_named() -> None:
    with pytest.raises(ValueError, match=r"author\.shoe_size: no optional field"):
        replace(STEAM, fields=("rating", "author.shoe_size"))


def test_what_every_post_has_is_no_optional_field() -> None:
    assert not {"text", "native_id", "author", "engagement"} & OPTIONAL_FIELDS
    assert {"title", "author.name", "engagement.views"} <= OPTIONAL_FIELDS


def test_an_official_kind_needs_no_reason() -> None:
    assert STEAM.missing_reason({}) is None
    assert ENABLED_BECAUSE not in STEAM.settings_schema()["properties"]


@pytest.mark.parametrize("settings", [{}, {ENABLED_BECAUSE: "  "}, {ENABLED_BECAUSE: True}])
def test_an_unofficial_kind_asks_for_a_reason(settings: dict[str, Any]) -> None:
    why = UNOFFICIAL.missing_reason(settings)
    assert why is not None
    assert "kept and shown" in why


def test_a_reason_has_an_end() -> None:
    assert UNOFFICIAL.missing_reason({ENABLED_BECAUSE: "x" * MAX_REASON}) is None
    assert UNOFFICIAL.missing_reason({ENABLED_BECAUSE: "x" * (MAX_REASON + 1)}) is not None


def test_the_schema_of_an_unofficial_kind_demands_the_reason() -> None:
    schema = UNOFFICIAL.settings_schema()
    assert set(schema["required"]) == {"app_id", ENABLED_BECAUSE}
    assert schema["properties"][ENABLED_BECAUSE]["maxLength"] == MAX_REASON


@pytest.mark.parametrize("kind", kinds().values(), ids=kinds())
def test_every_kind_that_asks_a_site_by_api_says_its_pace(kind: SourceKind[Any]) -> None:
    assert kind.rate_limit is not None or kind.basis is not Basis.OFFICIAL_API
