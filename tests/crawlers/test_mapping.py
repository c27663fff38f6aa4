from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import TypeAdapter, ValidationError

from crawlers.mapping import FieldName, Reading, shape
from crawlers.wire import MAX_TITLE, parse_post

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
GIVEN = {"native_id": 7, "text": "水壶漏水", "published_at": 1_772_420_400}


def shaped(values: dict[str, Any], **reading: Any) -> dict[str, Any]:
    usual = {"zone": ZoneInfo("Asia/Shanghai"), "now": NOW, "url": "https://shop.example/list?p=1"}
    return shape({**GIVEN, **values}, reading=Reading(**{**usual, **reading}))


def test_dotted_names_are_put_together_and_parse_as_a_post() -> None:
    wire = shaped(
        {
            "author.id": 9,
            "author.followers": "1.2万",
            "author.verified": True,
            "engagement.likes": "1,024",
            "extra.labels": ["a", "b"],
        }
    )
    post = parse_post({"source": "shop.example", **wire})
    assert post.author is not None
    assert (post.author.id, post.author.followers, post.author.verified) == ("9", 12_000, True)
    assert (post.engagement.likes, post.extra) == (1_024, {"labels": ["a", "b"]})
    assert post.published_at == datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def test_markup_is_taken_off_where_it_is_declared() -> None:
    text = {"text": "<p>水壶</p><p>漏水</p>", "title": "1 < 2 <b>"}
    wire = shaped(text, markup=frozenset({"text"}))
    assert (wire["text"], wire["title"]) == ("水壶\n\n漏水", "1 < 2 <b>")


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/t/7", "https://shop.example/t/7"),
        ("//cdn.example/7", "https://cdn.example/7"),
        ("javascript:alert(1)", None),
        ("http://[bad", None),
        ("/" + "x" * 5_000, None),
    ],
)
def test_links_become_absolute_and_only_the_web_s_are_kept(link: str, url: str | None) -> None:
    assert shaped({"url": link}).get("url") == url


@pytest.mark.parametrize(
    ("value", "best", "stars"),
    [
        (4, 5, 4),
        ("9", 10, 4.5),
        (1, 10, 1),
        (0, 5, None),
        (6, 5, None),
        (True, 5, None),
        ("x", 5, None),
    ],
)
def test_ratings_come_on_a_scale_of_five(value: Any, best: float, stars: float | None) -> None:
    assert shaped({"rating": value}, best=best).get("rating") == stars


def test_an_author_without_an_id_is_no_author() -> None:
    assert "author" not in shaped({"author.name": "小雾"})


def test_long_titles_are_cut_and_blank_ones_left_out() -> None:
    assert len(shaped({"title": "长" * 3_000})["title"]) == MAX_TITLE
    assert "title" not in shaped({"title": "  "})


def test_a_verified_mark_that_is_no_truth_value_is_left_out() -> None:
    assert shaped({"author.id": "1", "author.verified": "yes"})["author"] == {"id": "1"}


@pytest.mark.parametrize("name", ["native_id", "text", "published_at"])
def test_a_required_field_without_a_value_is_named(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        shaped({name: None})


def test_a_date_of_no_known_form_is_named() -> None:
    with pytest.raises(ValueError, match="'soon' is no date of the form auto"):
        shaped({"published_at": "soon"})


@pytest.mark.parametrize("name", ["body", "extra.a b", "extra", "author", "channel"])
def test_a_name_that_is_no_field_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="is no field"):
        TypeAdapter(FieldName).validate_python(name)
