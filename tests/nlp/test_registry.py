"""The order of components."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from nlp.component import Draft
from nlp.errors import BadComponents
from nlp.registry import ordered


@dataclass(frozen=True)
class Fake:
    """A component that does nothing."""

    name: str
    needs: tuple[str, ...] = ()
    version: str = "1"
    stand_in: bool = False

    def run(self, drafts: Sequence[Draft]) -> None:
        return None


def names(*components: Fake) -> list[str]:
    return [component.name for component in ordered(components)]


def test_needs_run_first() -> None:
    assert names(Fake("c", ("b",)), Fake("b", ("a",)), Fake("a")) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("components", "words"),
    [
        ((Fake("a"), Fake("a")), "two components are called 'a'"),
        ((Fake("a", ("b",)),), "needs 'b', which is not there"),
        ((Fake("a", ("b",)), Fake("b", ("a",))), "in a circle"),
    ],
)
def test_what_cannot_be_ordered_is_refused(components: tuple[Fake, ...], words: str) -> None:
    with pytest.raises(BadComponents, match=words):
        ordered(components)
