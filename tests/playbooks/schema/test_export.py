from __future__ import annotations

import json
from importlib.resources import files

import pytest

from playbooks.schema import json_schemas

REGENERATE = (
    'python -c "from pathlib import Path; from playbooks.schema import json_schemas; '
    "[Path('playbooks/schemas', n).write_text(t, encoding='utf-8') "
    'for n, t in json_schemas().items()]"'
)


@pytest.mark.parametrize("name", sorted(json_schemas()))
def test_the_file_is_what_the_models_say(name: str) -> None:
    kept = (files("playbooks") / "schemas" / name).read_text(encoding="utf-8")
    assert kept == json_schemas()[name], f"drifted; regenerate: {REGENERATE}"


def test_no_schema_is_left_over() -> None:
    kept = {entry.name for entry in (files("playbooks") / "schemas").iterdir()}
    assert kept == set(json_schemas())


def test_conditions_go_by_the_keys_of_the_files() -> None:
    condition = json.loads(json_schemas()["rule.json"])["$defs"]["Condition"]
    assert {"all", "any", "not", "is"} <= set(condition["properties"])
