from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from crawlers.json_declaration import JsonDeclaration, Template, filled, value_of


def declared(**more: Any) -> JsonDeclaration:
    given = {
        "base_url": "https://api.example",
        "basis": "official_api",
        "path": "/lists/{list}",
        "query": {"q": "tag:{tag}", "n": "5"},
        "rows": "@",
        "fields": {"native_id": "id", "text": "t", "published_at": "at"},
    }
    return JsonDeclaration.model_validate({**given, **more})


def test_parameters_are_put_where_they_are_named() -> None:
    changes = filled(declared(), {"list": "../new list", "tag": "雾 线&"})
    assert changes["path"] == "/lists/..%2Fnew%20list"
    assert changes["query"] == {"q": "tag:雾 线&", "n": "5"}


def test_a_value_is_found_by_its_path_or_put_into_a_template() -> None:
    template = Template(path="a.b", template="https://x.example/?q={}&n={}")
    row = {"a": {"b": "雾&线"}}
    assert value_of("a.b", row) == "雾&线"
    link = "https://x.example/?q=%E9%9B%BE%26%E7%BA%BF&n=%E9%9B%BE%26%E7%BA%BF"
    assert value_of(template, row) == link
    assert value_of(template, {}) is None


@pytest.mark.parametrize(
    "more",
    [
        {"fields": {"text": "t"}},
        {"fields": {"native_id": {"path": "id", "template": "no place"}}},
        {"order": "any", "paging": {"by": "page"}},
        {"embedded": {"after": "a", "before": "b"}},
        {"auth": {"header": "a:b"}},
    ],
)
def test_what_cannot_be_meant_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        declared(**more)
