from __future__ import annotations

import crawlers
import crawlers.fetch


def test_every_public_name_is_there_sorted_and_once() -> None:
    for package in (crawlers, crawlers.fetch):
        assert sorted(set(package.__all__)) == sorted(package.__all__)
        assert all(hasattr(package, name) for name in package.__all__)
