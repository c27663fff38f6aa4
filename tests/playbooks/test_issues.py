from __future__ import annotations

from playbooks.document import Document, read_document
from playbooks.issues import error, located, warning
from playbooks.mistakes import Mistake


def read(text: str, place: str) -> Document:
    document, problems = read_document(text, place=place)
    assert document is not None
    assert problems == []
    return document


DOCUMENTS = {
    "playbooks/a.yaml": read("ladders: [x, y]\nsteps:\n  - id: own\n    due: {}\n", "a"),
    "ladders/x.yaml": read("steps:\n  - id: low\n    due: {}\n    role: pr\n", "x"),
    "ladders/y.yaml": read("steps:\n  - id: low\n    due: {}\n  - id: own\n    role: pr\n", "y"),
    "rules/r.yaml": read("id: r\nwhen:\n  all: [{fact: f}]\n", "r"),
}


def place_of(step: str, *path: str | int, file: str = "playbooks/a.yaml") -> tuple[str, int, int]:
    return located(error(file, Mistake.BAD_VALUE, "", step=step, path=path), DOCUMENTS)


def test_a_key_is_where_its_path_leads() -> None:
    assert place_of("", "when", "all", 0, file="rules/r.yaml") == ("r", 3, 9)


def test_a_step_is_where_the_playbook_writes_the_key() -> None:
    assert place_of("own", "due") == ("a", 4, 10)


def test_a_key_that_only_a_ladder_writes_is_there() -> None:
    assert place_of("own", "role") == ("y", 5, 11)


def test_of_two_ladders_the_last_one_counts() -> None:
    assert place_of("low", "due") == ("y", 3, 10)
    assert place_of("low", "role") == ("x", 4, 11)


def test_a_key_that_nobody_wrote_is_where_the_step_is() -> None:
    assert place_of("own", "do") == ("a", 3, 5)


def test_a_step_that_nobody_wrote_is_where_the_playbook_is() -> None:
    assert place_of("ghost") == ("a", 1, 1)


def test_a_file_that_was_not_read_is_named_as_a_whole() -> None:
    assert place_of("", file="rules/none.yaml") == ("rules/none.yaml", 0, 0)


def test_they_read_as_lines() -> None:
    found = warning("playbooks/a.yaml", Mistake.NO_DEADLINE, "late", step="own")
    assert str(found) == "playbooks/a.yaml step own: warning: late"
    assert str(error("tiers.yaml", Mistake.BAD_TIERS, "no")) == "tiers.yaml: error: no"
