"""Scripts of acts: every mistake named with its place."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from service.auth import Role
from service.demo import drill_script_path
from service.drill import read_script
from service.drill.script import ActKind
from service.errors import InvalidInput

_CAST = "people: [{id: anna, name: 安娜, roles: [lead]}]\n"


def script(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "acts.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_acts_and_people_are_read(tmp_path: Path) -> None:
    read = read_script(
        script(
            tmp_path,
            _CAST + "acts: [{at: 1h30m, by: anna, act: done, step: holding_statement}]",
        )
    )
    assert read.acts[0].at == timedelta(minutes=90)
    assert read.acts[0].act is ActKind.DONE
    assert read.people[0].principal.roles == {Role.LEAD}


def test_the_script_that_ships_is_read() -> None:
    assert len(read_script(drill_script_path()).acts) > 10


@pytest.mark.parametrize(
    ("acts", "said"),
    [
        ("acts: [{at: soon, by: anna, act: acknowledge}]", "acts.0.at"),
        ("acts: [{at: 1m, by: bo, act: acknowledge}]", "bo acts, but is not among the people"),
        ("acts: [{at: 1m, by: anna, act: done}]", "`step` belongs to"),
        ("acts: [{at: 1m, by: anna, act: acknowledge, step: x}]", "`step` belongs to"),
        ("acts: [{at: 1m, by: anna, act: take_seat}]", "`role` belongs to"),
        ("acts: [{at: 1m, by: anna, act: sing}]", "acts.0.act"),
        ("acts: [{at: 1m, by: anna, act: acknowledge, incident: 0}]", "acts.0.incident"),
        ("acts: [{at: 1m, by: anna, act: acknowledge, mood: x}]", "acts.0.mood"),
        ("acts: 7", "acts"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, acts: str, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_script(script(tmp_path, _CAST + acts))
    assert any(said in " ".join(error) for error in caught.value.errors)
    assert all("acts.yaml" in place for place, _ in caught.value.errors)


def test_two_people_of_one_id_are_refused(tmp_path: Path) -> None:
    twice = "people: [{id: a, name: A}, {id: a, name: B}]\nacts: []"
    with pytest.raises(InvalidInput):
        read_script(script(tmp_path, twice))


@pytest.mark.parametrize("text", ["a: [", "", "- 1"])
def test_what_is_no_script_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput, match=r"acts\.yaml"):
        read_script(script(tmp_path, text))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "acts.yaml"
    path.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(InvalidInput, match="no YAML"):
        read_script(path)
