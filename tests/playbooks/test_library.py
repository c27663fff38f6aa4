from __future__ import annotations

from pathlib import Path

import pytest

from playbooks import Library, UnknownContent, load_library
from tests.playbooks.sample import write_content


@pytest.mark.parametrize(
    ("scenario", "kind", "playbook"),
    [
        ("product_quality", "crisis", "product_quality"),
        ("unclassified", "crisis", "unclassified"),
        (None, "crisis", "unclassified"),
        ("outage", "crisis", "unclassified"),
        (None, "coverage", "coverage"),
    ],
)
def test_playbook_for(library: Library, scenario: str | None, kind: str, playbook: str) -> None:
    assert library.playbook_for(scenario, kind).id == playbook


def test_without_a_scenario_file_the_name_alone_will_do(tmp_path: Path) -> None:
    library = load_library(write_content(tmp_path, {"scenarios/unclassified.yaml": None}))
    assert library.playbook_for(None).id == "unclassified"


def test_a_kind_without_a_playbook_is_named(library: Library) -> None:
    with pytest.raises(UnknownContent, match="no playbook is called 'backlog'; known: coverage, "):
        library.playbook_for(None, "backlog")


def test_an_unknown_template_is_named(library: Library) -> None:
    with pytest.raises(UnknownContent, match="no template is called 'x'") as error:
        library.template("x")
    assert (error.value.kind, error.value.name) == ("template", "x")
