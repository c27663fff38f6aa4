"""What led to a crisis decides which posts are its."""

from __future__ import annotations

import pytest

from service.posts import is_about_mood


@pytest.mark.parametrize(
    ("clauses", "mood"),
    [
        (["posts_1h ≥ 15", "copies_share_1h ≥ 0.6"], False),
        (["posts_1h ≥ 15", "negative_share_1h ≥ 0.6"], True),
        (["angry_1h ≥ 10"], True),
        (["severe_1h ≥ 3"], True),
        ([], False),
    ],
)
def test_bad_posts_or_many_posts(clauses: list[str], *, mood: bool) -> None:
    assert is_about_mood([{"clause": clause} for clause in clauses]) is mood
