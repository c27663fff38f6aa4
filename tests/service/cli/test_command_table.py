"""The table of commands imports a command when it is asked for, and no other."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from service.cli.command_table import CommandTable
from service.cli.root import COMMANDS, cli

PLACES = {"replay": "service.cli.replay:replay", "import": "service.cli.importing:import_file"}


def test_it_has_the_commands_in_the_order_given() -> None:
    table = CommandTable(PLACES)
    assert (list(table), len(table)) == (["replay", "import"], 2)
    assert "import" in table
    assert "frobnicate" not in table
    assert table.get("frobnicate") is None


@pytest.mark.parametrize("name", list(COMMANDS))
def test_each_is_where_the_table_says_under_its_name(name: str) -> None:
    command = COMMANDS[name]
    assert isinstance(command, click.Command)
    assert command.name == name
    assert COMMANDS[name] is command


def test_one_may_be_added_and_taken_out() -> None:
    table = CommandTable(PLACES)
    group = click.Group(commands=table)
    own = click.Command("own")
    group.add_command(own)
    assert table["own"] is own
    del table["own"], table["replay"]
    assert list(table) == ["import"]


def test_who_asks_for_the_version_imports_no_command() -> None:
    asked = (
        "import sys, service.cli; print([it for it in sys.modules if 'service.bootstrap' in it])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert cli.commands is COMMANDS
