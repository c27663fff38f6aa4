from __future__ import annotations

from pathlib import Path

from playbooks import check_content
from tests.playbooks.sample import replaced, write_content


def test_good_content_has_nothing_to_say(tmp_path: Path) -> None:
    report = check_content(write_content(tmp_path))
    assert report.ok
    assert report.lines == ()


def test_our_own_content_is_good() -> None:
    report = check_content()
    assert report.lines == ()


def test_content_that_does_not_load(tmp_path: Path) -> None:
    report = check_content(write_content(tmp_path, {"rules/burst.yaml": "id: burst\n"}))
    assert not report.ok
    line = f"{tmp_path}/rules/burst.yaml:1:1: error: `when` is missing [missing_key]"
    assert line in report.lines


def test_warnings_alone_do_not_spoil_it(tmp_path: Path) -> None:
    report = check_content(write_content(tmp_path, {"cases/flood.yaml": None}))
    assert report.ok
    line = "rules/flood.yaml:1:5: warning: no case expects it to match [rule_without_case]"
    assert report.lines == (f"{tmp_path}/{line}",)


def test_a_failed_case_spoils_it(tmp_path: Path) -> None:
    changes = replaced("cases/injury.yaml", "tier: red", "tier: orange")
    report = check_content(write_content(tmp_path, changes))
    assert not report.ok
    line = "cases/injury.yaml:4:9: error: expected tier orange, got red [case_failed]"
    assert report.lines == (f"{tmp_path}/{line}",)
