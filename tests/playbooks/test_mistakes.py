"""Every kind of mistake, each in a file of its own laid over sound content."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from playbooks import check_content
from playbooks.mistakes import Mistake
from tests.playbooks.sample import CALENDAR, write_content

FOLDER = Path(__file__).resolve().parents[1] / "data" / "content_mistakes"
FILES = sorted(FOLDER.iterdir())
PAGE = FOLDER.parents[2] / "docs" / "playbook-format.md"
NO_FILE = {Mistake.NO_FOLDER, Mistake.TIERS_MISSING, Mistake.FILE_TOO_LARGE}
"""Mistakes that a file cannot show: what is missing, and what is too large to keep here."""

_LAID = re.compile(rb"^# laid as (\S+): found at (\d+):(\d+)$", re.MULTILINE)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_is_named_alone_and_where_it_is(tmp_path: Path, file: Path) -> None:
    content = file.read_bytes()
    laid = _LAID.search(content)
    assert laid is not None
    name = laid[1].decode()
    write_content(tmp_path, {"calendars/cn.yaml": CALENDAR})
    (tmp_path / name).write_bytes(content)
    findings = check_content(tmp_path).findings
    assert {finding.code for finding in findings} == {Mistake(file.stem)}
    first = findings[0]
    place = (f"{tmp_path}/{name}", int(laid[2]), int(laid[3]))
    assert (first.file, first.line, first.column) == place


def test_every_kind_has_its_file() -> None:
    assert {Mistake(file.stem) for file in FILES} == set(Mistake) - NO_FILE
    assert len(FILES) >= 30


def test_every_kind_is_on_the_page() -> None:
    told = set(re.findall(r"^\| `([a-z0-9_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert {mistake.value for mistake in Mistake} <= told


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    names: dict[str, str | None] = {}
    for code in ("unknown_fact", "bad_duration", "template_not_chinese", "taken_twice"):
        (file,) = FOLDER.glob(f"{code}.*")
        laid = _LAID.search(file.read_bytes())
        assert laid is not None
        names[laid[1].decode()] = file.read_text(encoding="utf-8")
    found = {finding.code for finding in check_content(write_content(tmp_path, names)).findings}
    assert found >= {
        Mistake.UNKNOWN_FACT,
        Mistake.BAD_DURATION,
        Mistake.TEMPLATE_NOT_CHINESE,
    }
