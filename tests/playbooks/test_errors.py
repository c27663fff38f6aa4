from __future__ import annotations

import playbooks.errors
from playbooks.errors import ContentErrors, ContentProblem, PlaybookError


def test_problems_are_sorted_and_told_once() -> None:
    second, first = ContentProblem("b", 1, 1, "x"), ContentProblem("a", 2, 1, "y")
    error = ContentErrors([second, first, second])
    assert error.errors == (first, second)
    assert str(error) == "a:2:1: y\nb:1:1: x"


def test_the_tree_of_the_docstring_has_every_error() -> None:
    names = {
        name
        for name, thing in vars(playbooks.errors).items()
        if isinstance(thing, type) and issubclass(thing, PlaybookError)
    }
    assert {name for name in names if name in str(playbooks.errors.__doc__)} == names
