from __future__ import annotations

from pathlib import Path

import pytest

from playbooks import ContentErrors, Library, load_library
from tests.playbooks.sample import FILES, replaced, write_content


def errors_of(folder: Path, changes: dict[str, str | None]) -> list[str]:
    """What loading the changed sample says, places without the folder."""
    with pytest.raises(ContentErrors) as error:
        load_library(write_content(folder, changes))
    return [str(problem).removeprefix(f"{folder}/") for problem in error.value.errors]


def test_the_sample_loads(library: Library) -> None:
    assert set(library.playbooks) == {"product_quality", "unclassified", "coverage"}
    assert library.playbooks["coverage"].version == library.version


def test_the_content_of_the_package_loads() -> None:
    assert {"product_quality", "safety_incident", "pricing_refunds"} <= set(
        load_library().scenarios
    )


def test_every_error_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    changes = (
        replaced("rules/burst.yaml", "tier: orange", "tier: orange\ncolour: red")
        | replaced("rules/flood.yaml", "posts_1h", "post_1h")
        | replaced("ladders/standard.yaml", "due: {all: 10m}", "due: {all: 10 minutes}")
    )
    assert errors_of(tmp_path, changes) == [
        "ladders/standard.yaml:8:16: `all`: '10 minutes' is not a duration: "
        "write 30s, 10m, 4h, 7d or 1h30m",
        "rules/burst.yaml:6:1: unknown key `colour`",
        "rules/flood.yaml:7:14: `fact`: there is no fact 'post_1h', did you mean "
        "posts_1h? docs/measures.md lists them",
    ]


def test_a_missing_key_is_told_at_its_mapping(tmp_path: Path) -> None:
    changes = replaced("ladders/standard.yaml", "    role: tech\n", "")
    assert errors_of(tmp_path, changes) == ["ladders/standard.yaml:22:5: `role` is missing"]


def test_a_broken_file_breaks_nobody_who_refers_to_it(tmp_path: Path) -> None:
    assert errors_of(tmp_path, {"ladders/standard.yaml": "id: [\n"}) == [
        "ladders/standard.yaml:2:1: expected the node content, but found '<stream end>'"
    ]


@pytest.mark.parametrize("text", ["", "- a\n", "just words\n"])
def test_a_file_that_is_no_mapping(tmp_path: Path, text: str) -> None:
    found = errors_of(tmp_path, {"rules/flood.yaml": text})
    assert found == ["rules/flood.yaml:1:1: expected `key: value` lines"]


def test_the_file_is_named_after_the_id(tmp_path: Path) -> None:
    changes: dict[str, str | None] = {"rules/other.yaml": FILES["rules/flood.yaml"]}
    assert errors_of(tmp_path, changes) == [
        "rules/other.yaml:1:5: id 'flood' in a file named 'other': rules/flood.yaml has that id"
    ]


def test_without_tiers_there_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(ContentErrors, match=r"0:0: tiers\.yaml is missing"):
        load_library(write_content(tmp_path, {"tiers.yaml": None}))


def test_broken_tiers_are_not_called_missing(tmp_path: Path) -> None:
    changes = replaced("tiers.yaml", "from: orange", "from: black")
    assert errors_of(tmp_path, changes) == [
        "tiers.yaml:1:1: `the file`: downgrade_by_person_from must be one of yellow, orange, red"
    ]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ContentErrors, match="there is no such folder"):
        load_library(tmp_path / "nowhere")


def test_an_overlay_adds_and_replaces(tmp_path: Path) -> None:
    over = tmp_path / "over" / "rules"
    over.mkdir(parents=True)
    text = FILES["rules/burst.yaml"].replace("at_least: 20", "at_least: 30")
    (over / "burst.yaml").write_text(text, encoding="utf-8")
    base = load_library(write_content(tmp_path / "base"))
    merged = load_library(tmp_path / "base", overlays=[tmp_path / "over"])
    assert merged.version != base.version
    assert merged.rules["burst"].when.all_ is not None
    assert merged.rules["burst"].when.all_[0].at_least == 30


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("kind: holding", "kind: letter", "5:7: `kind`: Input should be 'holding'"),
        ("{{ brand }}", "{{ brand }} {{ colour }}", "11:13: `colour` is not declared"),
        ("{{ brand }}已看到，正在核实。{{contact}}\n", "", "2:1: `body`: String should have"),
        ("---\n\n", "\n", "1:1: the front matter has no closing"),
    ],
)
def test_broken_templates(tmp_path: Path, old: str, new: str, problem: str) -> None:
    name = "templates/product_quality.holding.md"
    found = errors_of(tmp_path, replaced(name, old, new))
    assert [line.startswith(f"{name}:{problem}") for line in found] == [True], found
