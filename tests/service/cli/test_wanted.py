"""`fengsui apply`."""

from __future__ import annotations

from pathlib import Path

from tests.support.process import Shell

GOOD = """\
brands:
  - {id: qingyou, name: 青柚, aliases: [青柚]}
monitors:
  - {id: qingyou, query: 青柚, brand: qingyou}
channels:
  - {id: duty, kind: webhook, url: "https://hooks.example/secret-path"}
"""


def test_the_first_time_creates_and_the_second_changes_nothing(
    installed: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "wanted.yaml"
    file.write_text(GOOD, encoding="utf-8")
    first, second = installed("apply", "-f", file), installed("apply", "-f", file)
    names = ["brands/qingyou", "monitors/qingyou", "channels/duty"]
    assert first.out.splitlines() == [f"created {name}" for name in names]
    assert second.out.splitlines() == [f"unchanged {name}" for name in names]


def test_a_signing_secret_is_shown_once_and_not_on_stdout(installed: Shell, tmp_path: Path) -> None:
    file = tmp_path / "wanted.yaml"
    file.write_text(GOOD, encoding="utf-8")
    first, second = installed("apply", "-f", file), installed("apply", "-f", file)
    assert "whsec_" in first.err
    assert "whsec_" not in first.out + second.out + second.err
    assert "secret-path" not in first.out + first.err


def test_every_mistake_has_its_line_and_nothing_is_applied(
    installed: Shell, tmp_path: Path
) -> None:
    file = tmp_path / "wanted.yaml"
    file.write_text(GOOD + "  - {id: b, kind: pigeon}\nsauces: []\n", encoding="utf-8")
    done = installed("apply", "-f", file)
    assert (done.code, done.out) == (2, "")
    assert f"{file}:8: " in done.err
    file.write_text(GOOD + "  - id: b\n    kind: pigeon\n    minimum: red\n", encoding="utf-8")
    done = installed("apply", "-f", file)
    assert (done.code, done.out) == (2, "")
    assert [line.split(" ")[0] for line in done.err.splitlines()] == [f"{file}:8:", f"{file}:9:"]
    file.write_text(GOOD, encoding="utf-8")
    assert "created brands/qingyou" in installed("apply", "-f", file).out


def test_a_file_that_is_not_there_is_a_usage_error(installed: Shell, tmp_path: Path) -> None:
    done = installed("apply", "-f", tmp_path / "none.yaml")
    assert done.code == 2
    assert "does not exist" in done.err
