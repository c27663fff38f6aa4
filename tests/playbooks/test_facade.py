from __future__ import annotations

import playbooks


def test_everything_promised_is_there() -> None:
    assert [name for name in playbooks.__all__ if not hasattr(playbooks, name)] == []


def test_names_are_listed_once_and_sorted() -> None:
    names = playbooks.__all__
    assert len(names) == len(set(names))
