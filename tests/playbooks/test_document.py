from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from playbooks.document import document_of, read_document


def places(text: str) -> list[str]:
    return [str(problem) for problem in read_document(text, place="f.yaml")[1]]


def test_data_and_places() -> None:
    document, problems = read_document("a: 1\nb:\n  - x\n  - {c: true}\n", place="f", first_line=3)
    assert problems == []
    assert document is not None
    assert document.data == {"a": 1, "b": ["x", {"c": True}]}
    assert document.keys[("b", 1, "c")] == (6, 6)
    assert document.values[("b", 1, "c")] == (6, 9)


def test_an_empty_document_has_no_data() -> None:
    document, problems = read_document("# nothing\n", place="f")
    assert problems == []
    assert document is not None
    assert document.data is None
    assert str(document.problem(("a",), "gone")) == "f:1:1: gone"


def test_a_problem_points_at_the_nearest_part_that_exists() -> None:
    document, _ = read_document("a:\n  b: 1\n", place="f")
    assert document is not None
    assert str(document.problem(("a", "tag", "b", "c"), "m")) == "f:2:6: m"
    assert str(document.problem(("a", "b"), "m", at_key=True)) == "f:2:3: m"
    assert str(document.problem(("z",), "m", at_key=True)) == "f:1:1: m"


def test_instants_stay_text() -> None:
    document, _ = read_document("at: 2026-01-01T00:15:00Z\n", place="f")
    assert document is not None
    assert document.data == {"at": "2026-01-01T00:15:00Z"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\na: 2\n", "f.yaml:2:1: `a` stands here twice"),
        ("a: 1\n1: 2\n", "f.yaml:2:1: a key is a word; put it in quotes"),
        ("a: &x 1\nb: *x\n", "f.yaml:1:4: anchors and aliases (&name, *name) are not allowed"),
        ("&a [*a]\n", "f.yaml:1:1: anchors and aliases (&name, *name) are not allowed"),
        ("a: !!python/name:os.system x\n", "f.yaml:1:4: this cannot be read as os.system"),
        ("a: !!set {x}\n", "f.yaml:1:4: this cannot be read as set"),
        ("a: !!int twelve\n", "f.yaml:1:4: this cannot be read as int"),
        ("a: !!bool maybe\n", "f.yaml:1:4: this cannot be read as bool"),
        ("a: [1\n", "f.yaml:2:1: "),
        ("a: 1\n--- \nb: 2\n", "f.yaml:2:1: but found another document"),
        ("a: \x00\n", "f.yaml:1:1: this is not YAML: "),
        ("[" * 1_200, "f.yaml:1:1: nested too deeply"),
    ],
)
def test_what_is_refused(text: str, problem: str) -> None:
    assert places(text)[0].startswith(problem)


def test_an_alias_bomb_ends_at_once() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)]
    assert "aliases" in places("\n".join(lines))[0]


@given(st.text(alphabet="ab:- \n{}[],&*!#|>'\"%@`?0.~<=\t是", max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    document, problems = read_document(text, place="f")
    assert document is not None or problems


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(plain)
def test_plain_data_is_read_as_yaml_reads_it(data: object) -> None:
    document, problems = read_document(yaml.safe_dump(data), place="f")
    assert problems == []
    assert document is not None
    assert document.data == data


def test_a_part_keeps_its_places() -> None:
    document, _ = read_document("a: 1\nb:\n  - x\n  - {c: true}\n", place="f")
    assert document is not None
    part = document.part(("b", 1))
    assert part.data == {"c": True}
    assert str(part.problem(("c",), "no")) == "f:4:9: no"
    with pytest.raises(KeyError):
        document.part(("z",))


def test_data_that_was_no_file_has_paths() -> None:
    document = document_of({"a": [{"b": 1}]}, place="body")
    problem = document.problem(("a", 0, "b"), "no")
    assert (str(problem), problem.path) == ("body:1:1: no", ("a", 0, "b"))
